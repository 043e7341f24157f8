import { closeSync, openSync, readSync } from 'node:fs';
import { type Env, given } from './env.ts';
import { ConfigError, errorCode } from './errors.ts';
import { SECRETS } from './settings.ts';

/** Far longer than any secret. A file that has no end (`/dev/zero`) must not be read to it. */
const MOST_BYTES = 64 * 1024;

/** Is told of a setting that cannot be read; may throw it. */
export type OnProblem = (problem: ConfigError) => void;

/**
 * For every secret whose `…_FILE` is set: sets the secret itself, and forgets the file's name. The line break at the end
 * of the file does not count. What is wrong is told to `onProblem`; that shows neither the secret nor the path: whoever
 * mixes them up has put the secret there.
 */
export function readSecretFiles(env: NodeJS.ProcessEnv, onProblem: OnProblem): void {
  for (const name of SECRETS) {
    const variable = `${name}_FILE`;
    const path = given(env, variable);
    delete env[variable];
    if (path === undefined) continue;
    try {
      env[name] = secretIn(env, name, path);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      onProblem(error);
    }
  }
}

function secretIn(env: Env, name: string, path: string): string {
  const variable = `${name}_FILE`;
  // Without a cause: it would hold the path.
  const refuse = (what: string) => new ConfigError(variable, `${variable} ${what}.`);
  // Of a proxy's two names, the one in lower case wins.
  const lower = /_PROXY$/.test(name) ? name.toLowerCase() : name;
  const twice = [name, lower].find((one) => given(env, one) !== undefined);
  if (twice !== undefined) throw refuse(`and ${twice} are both set: keep one of them`);
  let bytes: Buffer;
  try {
    bytes = readStart(path);
  } catch (error) {
    const code = errorCode(error);
    throw refuse(
      `must name a file with the secret in it: ${PROBLEMS[code] ?? `it cannot be read (${code})`}`,
    );
  }
  if (bytes.length > MOST_BYTES) throw refuse('names a file that is too long to be a secret');
  const text = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim();
  if (text === '') throw refuse('names an empty file: put the secret into it');
  if (!/^[^\p{Cc}\uFFFD]+$/u.test(text))
    throw refuse('names a file that must hold the secret alone: one line of plain text (UTF-8)');
  return text;
}

const PROBLEMS: Record<string, string> = {
  ENOENT: 'no file is there',
  ENOTDIR: 'no file is there',
  ENAMETOOLONG: 'that is no path',
  EISDIR: 'that is a folder',
  EACCES: 'this user may not read it (EACCES)',
  EPERM: 'this user may not read it (EPERM)',
};

/** The bytes of a file, of a pipe too; a little more than `MOST_BYTES` at most. */
function readStart(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(MOST_BYTES + 1);
    let length = 0;
    for (;;) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      length += read;
      if (read === 0 || length === bytes.length) return bytes.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}
