import { parseEnv } from 'node:util';
import { IS_PROXY, LEADS_SOMEWHERE, ONLY_HERE } from '../src/environment.ts';
import { SandboxOptionError } from './options.ts';
import type { Tokens } from './tokens.ts';

/** Variables that would lead the sandbox's bot to a real workspace, bucket or database, or through a proxy. */
const isTakenAway = (name: string) =>
  LEADS_SOMEWHERE.test(name) || IS_PROXY.test(name) || name.startsWith('SANDBOX_');

export interface Surroundings {
  mode: 'socket' | 'http';
  slackApiUrl: string;
  s3Endpoint: string;
  bucket: string;
  dataDir: string;
  port: number;
  tokens: Tokens;
}

/** Short, so that a person at the sandbox sees lost events found; a real workspace uses an hour. */
const SWEEP_MINUTES = '1';
/** Short, so that a person sees the next version of a canvas kept, without waiting ten quiet minutes. */
const QUIET_SECONDS = '5';

/**
 * The bot's environment: exactly the variables that a real workspace would need, pointed at the sandbox. Policy
 * (`VAULT_CONFIRM`, `VAULT_TRASH_DAYS`, …) passes through, so that it can be tried out.
 */
export function botEnv(env: NodeJS.ProcessEnv, around: Surroundings): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(([name]) => !isTakenAway(name));
  const { tokens } = around;
  return {
    VAULT_SWEEP_MINUTES: SWEEP_MINUTES,
    VAULT_VERSION_QUIET_SECONDS: QUIET_SECONDS,
    ...Object.fromEntries(kept),
    // What stands in a file of settings has passed through here already.
    VAULT_ENV_FILE: '',
    SLACK_BOT_TOKEN: tokens.botToken,
    ...(around.mode === 'socket'
      ? { SLACK_APP_TOKEN: tokens.appToken }
      : { SLACK_SIGNING_SECRET: tokens.signingSecret }),
    SLACK_API_URL: around.slackApiUrl,
    VAULT_BUCKET: around.bucket,
    VAULT_S3_PATH_STYLE: '1',
    VAULT_DATA_DIR: around.dataDir,
    AWS_ENDPOINT_URL_S3: around.s3Endpoint,
    AWS_ACCESS_KEY_ID: tokens.s3AccessKeyId,
    AWS_SECRET_ACCESS_KEY: tokens.s3SecretAccessKey,
    AWS_REGION: 'us-east-1',
    PORT: String(around.port),
    HOST: '127.0.0.1',
  };
}

/**
 * The same as a file of settings (`VAULT_ENV_FILE`), so that command lines can work on the sandbox's vault, and on no other.
 * Throws `SandboxOptionError` for a value that cannot stand in such a file.
 */
export function botEnvFile(env: NodeJS.ProcessEnv, around: Surroundings): string {
  const own = Object.entries(botEnv({}, around)).filter(([name]) => name !== 'VAULT_ENV_FILE');
  const policy = Object.entries(env).filter(([name]) => name.startsWith('VAULT_') && !isTakenAway(name));
  const all = [...own, ...policy.filter(([name]) => name !== 'VAULT_ENV_FILE')];
  return [[ONLY_HERE, '1'] as const, ...all].map(([name, value]) => line(name, value ?? '')).join('');
}

/** In quotes that the value does not have, so that it is read as it is. */
function line(name: string, value: string): string {
  const written = ["'", '`', '"'].map((quote) => `${name}=${quote}${value}${quote}\n`);
  const right = written.find((one) => parseEnv(one)[name] === value);
  if (right !== undefined) return right;
  throw new SandboxOptionError(
    `${name} cannot be written into the sandbox's bot.env: leave out one kind of quote (', ", \`), or a line break.`,
  );
}
