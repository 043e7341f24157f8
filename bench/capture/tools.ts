import { spawnSync } from 'node:child_process';
import type { Certificate } from '../hosts/start.ts';
import type { CopiedFile, Place } from './side.ts';

/** A command that people use to bring a file from an address into a bucket: a process for each file. */
export interface Tool {
  name: string;
  /** The command of a shell. */
  commandFor(file: CopiedFile, place: Place, certificate: Certificate | null): string;
}

/** Distributions' own commands come first, because a wrapper in the path may cost more than the command. */
const PATH = `/usr/bin:/usr/local/bin:${process.env.PATH ?? ''}`;

const { AWS_CA_BUNDLE: _, ...inherited } = process.env;
const ENVIRONMENT = {
  ...inherited,
  ...{
    PATH,
    LC_ALL: 'C',
    AWS_ACCESS_KEY_ID: 'BENCH',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_REGION: 'us-east-1',
  },
  ...{ AWS_DEFAULT_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true', RCLONE_CONFIG: '/dev/null' },
};

const rclone: Tool = {
  name: 'rclone copyurl',
  commandFor({ url, key }, { endpoint, bucket }, certificate) {
    const ca = certificate ? ` --ca-cert ${certificate.certFile}` : '';
    const s3 = `:s3,provider=Other,env_auth=true,no_check_bucket=true,endpoint="${endpoint}":${bucket}/${key}`;
    return `rclone copyurl${ca} '${url}' '${s3}'`;
  },
};

const aws: Tool = {
  name: 'curl to aws s3 cp',
  commandFor({ url, key }, { endpoint, bucket }, certificate) {
    const ca = certificate ? ` --ca-bundle ${certificate.certFile}` : '';
    const trust = certificate ? ` --cacert ${certificate.certFile}` : '';
    return `curl -sf${trust} '${url}' | aws s3 cp${ca} --endpoint-url '${endpoint}' --only-show-errors - 's3://${bucket}/${key}'`;
  },
};

/** The tools that this machine has. */
export function toolsHere(): Tool[] {
  const has = (command: string) =>
    spawnSync('bash', ['-c', `command -v ${command}`], { env: ENVIRONMENT }).status === 0;
  return [...(has('rclone') ? [rclone] : []), ...(has('curl') && has('aws') ? [aws] : [])];
}

/** The processor's time that the command takes for one file, in ms, its start included. Throws when it fails. */
export function runTool(tool: Tool, file: CopiedFile, place: Place, certificate: Certificate | null): number {
  const command = `set -o pipefail; TIMEFORMAT='%U %S'; time { ${tool.commandFor(file, place, certificate)}; }`;
  const { status, stderr } = spawnSync('bash', ['-c', command], { env: ENVIRONMENT, encoding: 'utf8' });
  const [user, system] = stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  if (status !== 0 || user === undefined || system === undefined)
    throw new Error(`${tool.name} failed: ${stderr.trim()}`);
  return (user + system) * 1_000;
}
