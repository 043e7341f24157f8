/** A vault that is well, for the doctor to look at: a Slack, an S3 and a folder, in which tests then break one thing. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { vi } from 'vitest';
import { parse } from 'yaml';
import { type S3Options, type S3Server, startS3 } from '../../sandbox/s3/server.ts';
import { type SandboxSlack, startSlack } from '../../sandbox/slack/server.ts';
import type { Line } from '../../src/doctor/check.ts';
import { type ExamineOptions, examine } from '../../src/doctor/index.ts';
import { openNewCatalog } from '../catalog/databases.ts';

const MANIFEST = resolve(import.meta.dirname, '../../manifest.yml');
const TOKENS = {
  botToken: 'xoxb-test',
  appToken: 'xapp-test',
  signingSecret: '0123456789abcdef0123456789abcdef',
};
const KEYS = { accessKeyId: 'DOCTORKEY', secretAccessKey: 'doctor-secret' };
export const BUCKET = 'doctor-test';
const MB = 1024 * 1024;

export interface Patient {
  dir: string;
  dataDir: string;
  slack: SandboxSlack;
  /** What the app is allowed and set to, which a test may change. */
  manifest: { oauth_config: { scopes: { bot: string[] } }; settings: { socket_mode_enabled: boolean } };
  s3: S3Server;
  env: Record<string, string | undefined>;
  examine(env?: Record<string, string | undefined>, options?: ExamineOptions): Promise<Line[]>;
  /** Looks at another bucket, made for this. */
  withBucket(options: Partial<S3Options>): Promise<Line[]>;
  close(): Promise<void>;
}

/** What AWS's SDK reads from the process's own environment. */
const OF_THE_SDK = /^AWS_/;

export async function startPatient(): Promise<Patient> {
  const dir = mkdtempSync(join(tmpdir(), 'ria-vault-doctor-'));
  const manifest = parse(readFileSync(MANIFEST, 'utf8'));
  const slack = await startSlack({
    ...{ dir: join(dir, 'slack'), app: { manifest, ...TOKENS } },
    // Many looks within a minute.
    limits: 'off',
  });
  const s3 = await startS3({ dir: join(dir, 's3'), credentials: KEYS, buckets: [BUCKET] });
  const dataDir = join(dir, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  await (await openNewCatalog(dataDir)).close();
  writeFileSync(join(dir, '.env'), 'VAULT_TRASH_DAYS=30\n');
  chmodSync(join(dir, '.env'), 0o600);
  const env = {
    ...{ SLACK_API_URL: slack.apiUrl, SLACK_BOT_TOKEN: TOKENS.botToken, SLACK_APP_TOKEN: TOKENS.appToken },
    ...{ VAULT_BUCKET: BUCKET, VAULT_PREFIX: 'slack', VAULT_DATA_DIR: dataDir, VAULT_S3_PATH_STYLE: '1' },
    ...{ AWS_ENDPOINT_URL_S3: s3.endpoint, AWS_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey },
    // Nothing listens there.
    ...{ HOST: '127.0.0.1', PORT: '1' },
  };
  // Not this machine's: a test may run in a container, on a disk that is nearly full.
  const machine = {
    ...{ freeSpace: async () => 5_000 * MB, fileSystemOf: async () => 'disk' as const },
    reading: { memory: 5_000 * MB, limits: true, closesNetwork: true, tryOut: async () => {} },
  };
  let others = 0;

  async function look(more: Record<string, string | undefined> = {}, options: ExamineOptions = {}) {
    const whole = { ...env, ...more };
    for (const [name, value] of Object.entries(whole)) if (OF_THE_SDK.test(name)) vi.stubEnv(name, value);
    try {
      return await examine(whole, { cwd: dir, ...options, machine: { ...machine, ...options.machine } });
    } finally {
      vi.unstubAllEnvs();
    }
  }

  return {
    ...{ dir, dataDir, slack, manifest, s3, env, examine: look },
    async withBucket(options) {
      others += 1;
      const place = join(dir, `s3-${others}`);
      const other = await startS3({ dir: place, credentials: KEYS, buckets: [BUCKET], ...options });
      try {
        return await look({ AWS_ENDPOINT_URL_S3: other.endpoint });
      } finally {
        await other.close();
      }
    },
    async close() {
      await Promise.all([slack.close(), s3.close()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The ids of what is not well, with how. */
export function trouble(lines: readonly Line[]): string[] {
  return lines
    .filter(({ state }) => state === 'warn' || state === 'fail')
    .map(({ id, state }) => `${id}: ${state}`);
}
