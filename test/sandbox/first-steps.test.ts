import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isBookkeeping } from '../../sandbox/bookkeeping.ts';
import { keepSteps } from '../../sandbox/first-steps.ts';
import { mayBreak, nextStep } from '../../sandbox/page/path/steps.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vault-steps-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('steps stay ticked off over a restart, in their order', () => {
  const steps = keepSteps(dir);
  expect(nextStep(steps.state())).toBe('drop');
  steps.tick('find');
  steps.tick('drop', 'find');
  steps.hide(true);
  expect(keepSteps(dir).state()).toEqual({ done: ['drop', 'find'], hidden: true });
});

test('a file that landed was dropped', () => {
  const steps = keepSteps(dir);
  steps.tick('land');
  expect(steps.state().done).toEqual(['drop', 'land']);
  expect(nextStep(steps.state())).toBe('find');
});

test('the switches are shown once the other four are done', () => {
  const steps = keepSteps(dir);
  steps.tick('drop', 'land', 'find');
  expect(mayBreak(steps.state())).toBe(false);
  steps.tick('admin');
  expect(mayBreak(steps.state())).toBe(true);
  steps.tick('break');
  expect(nextStep(steps.state())).toBeNull();
});

test.each(['', 'not json', '{"done":7}', 'null'])('a file that holds %j begins anew', async (text) => {
  await writeFile(join(dir, 'first-steps.json'), text);
  expect(keepSteps(dir).state()).toEqual({ done: [], hidden: false });
});

test.each([
  ['.ria-vault/journal/T1/1/0.ndjson.gz', true],
  ['files/.ria-vault/charts/T1/a.png', true],
  ['.vault-probe/x', true],
  ['T1/C1/2026/11/23/F1/report.pdf', false],
  ['T1/C1/2026/11/23/F1/.ria-vault', false],
])('%s is the bot’s own: %s', (key, own) => {
  expect(isBookkeeping(key)).toBe(own);
});
