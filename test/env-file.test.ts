/** Every command line reads the file .env, by the one shared way. */
import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const scripts: Record<string, string> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
/** What people who run the vault start: everything whose code is in src/. */
const ours = Object.entries(scripts).filter(([, line]) => / (src\/(main|cli\/)|sandbox\/reset)/.test(line));

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'vault-env-file-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A clone of the project, as far as a script needs one, with this file .env; null for none. */
function clone(name: string, settings: string | null): string {
  const folder = join(dir, name);
  mkdirSync(folder);
  for (const link of ['src', 'sandbox', 'node_modules', 'package.json', 'manifest.yml'])
    symlinkSync(join(root, link), join(folder, link));
  if (settings !== null) writeFileSync(join(folder, '.env'), settings);
  return folder;
}

/** Runs a script as npm does; ends it once `said` is among its words. */
async function run(folder: string, line: string, said: string, env: Record<string, string> = {}) {
  const child = spawn('sh', ['-c', line], {
    cwd: folder,
    env: {
      PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/ria-vault'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [ended, output] = [Promise.withResolvers<number | null>(), { all: '', errors: '' }];
  const hear = (chunk: string, isError: boolean) => {
    output.all += chunk;
    if (isError) output.errors += chunk;
    // A watcher goes on.
    if (line.includes('--watch') && output.all.includes(said)) child.kill();
  };
  child.stdout.setEncoding('utf8').on('data', (chunk) => hear(chunk, false));
  child.stderr.setEncoding('utf8').on('data', (chunk) => hear(chunk, true));
  child.once('close', ended.resolve);
  return { code: await ended.promise, ...output };
}

describe('npm run …', () => {
  it('finds them all', () => {
    const names = ours.map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(['start', 'dev', 'verify', 'rebuild', 'recount', 'retention']),
    );
    const programs = readdirSync(join(root, 'src/cli')).filter((name) =>
      readFileSync(join(root, 'src/cli', name), 'utf8').startsWith('/** `npm run '),
    );
    for (const program of programs)
      expect(ours.map(([, line]) => line).join('\n')).toContain(`src/cli/${program}`);
  });

  it.concurrent.each(ours)('%s reads .env, and through it the files of secrets', async (name, line) => {
    const folder = clone(
      name.replaceAll(':', '-'),
      'DATABASE_URL_FILE=/no/such/secret\nVAULT_BUCKET=files\n',
    );
    const { code, all } = await run(folder, line, 'DATABASE_URL_FILE');
    expect(all).toContain('DATABASE_URL_FILE must name a file');
    expect(all).not.toContain('/no/such/secret');
    // The doctor could look: one of its lines says that it is wrong.
    if (!line.includes('--watch')) expect(code).toBe(name === 'doctor' ? 1 : 2);
  });

  it('start says nothing of a file .env that is not there', async () => {
    const folder = clone('none', null);
    const { code, errors } = await run(folder, scripts.start as string, '', { SLACK_BOT_TOKEN: 'xoxp-1' });
    expect([code, errors.trim().split('\n').length]).toEqual([2, 1]);
    expect(errors).toMatch(/^SLACK_BOT_TOKEN is not a bot token/);
  });

  it('start says in one sentence that .env is a folder', async () => {
    const folder = clone('folder', null);
    mkdirSync(join(folder, '.env'));
    const { code, errors } = await run(folder, scripts.start as string, '');
    expect([code, errors]).toEqual([
      2,
      expect.stringMatching(/^The file of settings .env cannot be read.*folder.*\n$/),
    ]);
  });
});

it('only src/environment.ts begins with the environment: what starts a process goes through it', () => {
  for (const program of [...readdirSync(join(root, 'src/cli')).map((name) => `cli/${name}`), 'main.ts']) {
    const text = readFileSync(join(root, 'src', program), 'utf8');
    if (/^(import|const).*parseArgs|process\.argv|from '\.\/config\.ts'/m.test(text))
      expect(text, program).toContain('readEnvironment(');
    expect(text, program).not.toContain('process.env');
  }
});
