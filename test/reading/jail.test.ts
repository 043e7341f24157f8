// @slow: it starts processes.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { jailed } from '../../src/reading/jail.ts';
import { LIMITS } from '../../src/reading/limits.ts';

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
