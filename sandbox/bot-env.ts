import type { Tokens } from './tokens.ts';

/** Variables that would lead the sandbox's bot to a real workspace, bucket or database, or through a proxy. */
const TAKEN_AWAY =
  /^(SLACK_|AWS_|DATABASE_URL|PG[A-Z]+$|VAULT_(BUCKET|PREFIX|DATA_DIR|S3_PATH_STYLE)$|SANDBOX_|(https?|no)_proxy$|(HTTPS?|NO)_PROXY)/;

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
  const kept = Object.entries(env).filter(([name]) => !TAKEN_AWAY.test(name));
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
