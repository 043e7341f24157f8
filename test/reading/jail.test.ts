// @slow: it starts processes.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { jailed } from '../../src/reading/jail.ts';
import { LIMITS } from '../../src/reading/limits.ts';
import { listen } from '../../src/reading/told.ts';
import { docx, paragraph, run } from './office.ts';

/** Node closes the net to such a process since version 25. */
const KNOWS_NET = Number(process.versions.node.split('.')[0]) >= 25;

it('the reading process can do nothing but reckon', () => {
  const { file, args, env } = jailed(resolve(import.meta.dirname, 'escape.ts'), [], LIMITS);
  const { stdout, status } = spawnSync(file, args, { env, encoding: 'utf8' });
  expect(status).toBe(0);
  const done = (JSON.parse(stdout) as string[]).filter(
    (one) => KNOWS_NET || !one.startsWith('open a connection'),
  );
  expect(done).toEqual([]);
});

it('the same program outside can do all of it, so the tries are real ones', () => {
  const program = resolve(import.meta.dirname, 'escape.ts');
  const { stdout } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
  expect(stdout).toContain('"read a file"');
  expect(stdout).toContain('"start a program"');
  expect(stdout).toContain('"make code of text"');
});

it('tells all that it read, however slowly somebody listens', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slow-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'long.docx');
  // Much more than a pipe holds.
  const text = 'word '.repeat(600_000);
  writeFileSync(path, await docx(paragraph(run(text))));
  const args = ['--hint=text', `--letters=${2 * text.length}`, '--unpacked=10000000'];
  const {
    file,
    args: line,
    env,
  } = jailed(resolve(import.meta.dirname, '../../src/reading/child.ts'), args, LIMITS);
  const document = openSync(path, 'r');
  onTestFinished(() => closeSync(document));
  const child = spawn(file, line, { env, stdio: [document, 'pipe', 'ignore'] });
  const closed = once(child, 'close');
  // It has begun, and finds nobody who listens.
  await once(child.stdout as Readable, 'readable');
  await sleep(1_000);
  const { parts, end } = await listen(child.stdout as Readable, 2 * text.length);
  const [code] = await closed;
  expect([code, end]).toEqual([0, null]);
  expect(parts.reduce((sum, part) => sum + part.text.split('word').length - 1, 0)).toBe(600_000);
});
