import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { errorCode } from '../errors.ts';
import { check, type Line } from './check.ts';

const OTHERS = 0o077;
const OTHERS_READ = 0o004;

/** The file of settings: may it be read, by whom, and does anything else say otherwise? */
export const envFile = check('env', {}, async ({ cwd, env }, say) => {
  const named = env.VAULT_ENV_FILE?.trim();
  if (named === '') return say.ok('No file of settings is read (VAULT_ENV_FILE is empty).');
  const file = named ?? '.env';
  const path = resolve(cwd, file);
  const about = await stat(path).catch((error: unknown) => error as Error);
  if (about instanceof Error)
    return errorCode(about) === 'ENOENT'
      ? say.ok(`There is no ${file}; the settings come from the environment.`)
      : say.fail('unreadable', `${file} cannot be read (${errorCode(about)}).`);
  const text = await readFile(path, 'utf8').catch((error: unknown) => error as Error);
  if (text instanceof Error) return say.fail('unreadable', `${file} cannot be read (${errorCode(text)}).`);
  const lines: Line[] = [];
  const names = Object.entries(parseEnv(text.replace(/^\uFEFF/, '')));
  // An empty value sets nothing: `SLACK_BOT_TOKEN=` of `.env.example` beside a `SLACK_BOT_TOKEN_FILE` is no contradiction.
  const overridden = names
    .filter(([name, value]) => value?.trim() !== '' && (env[name] ?? value) !== value)
    .map(([name]) => name);
  if (overridden.length > 0)
    lines.push(
      say.warn('overridden', `The environment says otherwise than ${file}: ${overridden.join(', ')}.`),
    );
  const mode = about.mode & OTHERS;
  if (process.platform !== 'win32' && (mode & OTHERS_READ) !== 0)
    lines.push(
      say.warn(
        'open',
        `${file} can be read by every user of this machine (mode ${(about.mode & 0o777).toString(8)}).`,
      ),
    );
  return lines.length > 0 ? lines : say.ok(`${file} is read: ${names.length} variables.`);
});
