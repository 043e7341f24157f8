import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError, errorCode } from './errors.ts';
import { type OnProblem, readSecretFiles } from './secret-files.ts';

/** Variables that lead to a workspace, a bucket or a database. */
export const LEADS_SOMEWHERE =
  /^(SLACK_|AWS_|DATABASE_URL|PG[A-Z]+$|VAULT_(BUCKET|PREFIX|DATA_DIR|S3_PATH_STYLE)$)/;
/** Variables that lead through a proxy. */
export const IS_PROXY = /^((https?|no)_proxy$|(HTTPS?|NO)_PROXY)/;

/** In the sandbox's file of settings: nothing of the environment may lead away from its vault. */
export const ONLY_HERE = 'SANDBOX_ONLY_HERE';

/**
 * The one way in which the bot and every command line read their settings: the process's environment, then the file `.env`
 * of the current folder, or the one that `VAULT_ENV_FILE` names (empty for none). What the environment has already, the
 * file does not change; beside the sandbox's file, it may say nothing else. Then secrets are read from the files that `SLACK_BOT_TOKEN_FILE` and its like name. `env` itself is
 * filled in, as packages read `process.env`. Throws `ConfigError`, which never shows a value; with `onProblem`, it is told
 * of each instead, and goes on.
 */
export function readEnvironment(
  env: NodeJS.ProcessEnv = process.env,
  onProblem: OnProblem = refuse,
): NodeJS.ProcessEnv {
  for (const [name, value] of Object.entries(readEnvFile(env, onProblem))) env[name] ??= value;
  takeSlackCommandLine(env);
  readSecretFiles(env, onProblem);
  return env;
}

function refuse(problem: ConfigError): never {
  throw problem;
}

function readEnvFile(env: NodeJS.ProcessEnv, onProblem: OnProblem): NodeJS.Dict<string> {
  const named = env.VAULT_ENV_FILE?.trim();
  if (named === '') return {};
  const file = named ?? '.env';
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (named === undefined && errorCode(error) === 'ENOENT') return {};
    const remedy = REMEDIES[errorCode(error)] ?? 'let this user read it';
    onProblem(
      new ConfigError(
        'VAULT_ENV_FILE',
        `The file of settings ${file} cannot be read (${errorCode(error)}): ${remedy}, or set VAULT_ENV_FILE to another one, or to nothing.`,
        { cause: error },
      ),
    );
    return {};
  }
  // Windows' editors put a byte order mark at the start.
  const settings = parseEnv(text.replace(/^\uFEFF/, ''));
  // Node itself has read it before anything of ours runs.
  if (settings.NODE_OPTIONS !== undefined && env.NODE_OPTIONS === undefined)
    onProblem(
      new ConfigError(
        'NODE_OPTIONS',
        `NODE_OPTIONS has no effect in the file of settings ${file}: set it in the environment that starts the process.`,
      ),
    );
  const { [ONLY_HERE]: mark, ...others } = settings;
  if (mark !== undefined) stayHere(env, others, file, onProblem);
  return others;
}

/** Whoever works on the sandbox's vault must not reach a real one, also with a part of its settings alone. */
function stayHere(
  env: NodeJS.ProcessEnv,
  settings: NodeJS.Dict<string>,
  file: string,
  onProblem: OnProblem,
): void {
  for (const [name, value] of Object.entries(env)) {
    if (IS_PROXY.test(name)) delete env[name];
    if (!LEADS_SOMEWHERE.test(name) || value === undefined || value === (settings[name] ?? '')) continue;
    delete env[name];
    onProblem(
      new ConfigError(
        name,
        `${name} is set in the environment, and it leads away from the sandbox of ${file}: unset it, or use another file of settings.`,
      ),
    );
  }
}

const REMEDIES: Record<string, string> = {
  ENOENT: 'make it',
  EISDIR: 'it is a folder; put a file there',
};

/**
 * Slack's command line (`slack run`) hands over the tokens of the workspace that it was told, also under names of its own.
 * They win over what is set for another workspace. Source: docs.slack.dev/tools/slack-cli/reference/hooks, "start".
 */
function takeSlackCommandLine(env: NodeJS.ProcessEnv): void {
  const tokens = { SLACK_BOT_TOKEN: env.SLACK_CLI_XOXB, SLACK_APP_TOKEN: env.SLACK_CLI_XAPP };
  for (const [name, token] of Object.entries(tokens)) {
    if (!token) continue;
    env[name] = token;
    delete env[`${name}_FILE`];
  }
}
