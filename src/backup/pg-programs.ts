import { execFile, spawn } from 'node:child_process';
import { createWriteStream, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { NO_HOST, parsePostgresUrl } from '../postgres-url.ts';
import { BackupError } from './errors.ts';

/** Where Debian puts the programs of each version. */
const DEBIAN = '/usr/lib/postgresql';

/**
 * The program of PostgreSQL's to use: the first on the PATH, or Debian's newest, of the server's version or a later one. An
 * older pg_dump refuses a newer server (postgresql.org/docs/current/app-pgdump.html, "Notes"). Throws {@link BackupError}
 * with the command that a person can run elsewhere.
 */
export async function pgProgram(
  name: 'pg_dump' | 'pg_restore',
  server: number,
  byHand: string,
): Promise<string> {
  const found: string[] = [];
  for (const program of places(name)) {
    const major = await majorOf(program);
    if (major !== null && major >= server) return program;
    if (major !== null) found.push(`${program} is of version ${major}`);
  }
  const what = found.length === 0 ? `There is no ${name} here` : found.join(', ');
  throw new BackupError(
    'backup_no_program',
    `${what}, and the server is PostgreSQL ${server}: install its client programs (Debian: postgresql-client-${server}), or run this where they are: ${byHand}`,
  );
}

function places(name: string): string[] {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  return [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
  ]
    .map((folder) => join(folder, name))
    .filter((program) => existsSync(program));
}

async function majorOf(program: string): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)(program, ['--version']);
    return Number(/\s(\d+)[.\s]/.exec(`${stdout} `)?.[1] ?? Number.NaN) || null;
  } catch {
    return null;
  }
}

/**
 * How PostgreSQL's own programs reach the database: an address without the password, which everybody on the machine could
 * read in the list of processes, and the password in the environment (libpq's PGPASSWORD). `pg` checks the server's
 * certificate whatever the mode says; libpq only where it is told to.
 */
export function forLibpq(databaseUrl: string): { address: string; env: NodeJS.ProcessEnv } {
  const url = parsePostgresUrl(databaseUrl) as URL;
  const password = decodeURIComponent(url.password) || url.searchParams.get('password');
  url.password = '';
  const { searchParams: asked } = url;
  for (const name of ['password', 'uselibpqcompat']) asked.delete(name);
  const mode = asked.get('sslmode');
  if (mode === 'no-verify') asked.set('sslmode', 'require');
  else if (mode !== null && mode !== 'disable') {
    if (mode !== 'verify-ca') asked.set('sslmode', 'verify-full');
    if (!asked.has('sslrootcert')) asked.set('sslrootcert', 'system');
  }
  return {
    address: url.href.replace(`@${NO_HOST}/`, '@/'),
    env: { ...process.env, ...(password ? { PGPASSWORD: password } : {}) },
  };
}

/** The end of what a broken program has said. */
const LAST_WORDS = 800;

/** Runs one of the programs. Throws {@link BackupError} `backup_failed` with its own last words. */
export async function runPg(
  program: string,
  args: string[],
  { env, stdout }: { env?: NodeJS.ProcessEnv; stdout?: string } = {},
): Promise<string> {
  const child = spawn(program, args, { env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err = (err + text).slice(-LAST_WORDS);
  });
  const written =
    stdout === undefined
      ? undefined
      : pipeline(child.stdout, createWriteStream(stdout, { mode: 0o600 })).catch(() => {});
  if (written === undefined)
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  await written;
  if (code !== 0) throw new BackupError('backup_failed', `${program} ended with ${code}: ${err.trim()}`);
  return out;
}
