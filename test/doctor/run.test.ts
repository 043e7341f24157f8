import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { type Check, type CheckId, check } from '../../src/doctor/check.ts';
import { bucketClock } from '../../src/doctor/clock.ts';
import { CHECKS } from '../../src/doctor/index.ts';
import { REMEDIES } from '../../src/doctor/remedies.ts';
import { reportText } from '../../src/doctor/report.ts';
import { runChecks } from '../../src/doctor/run.ts';
import { readSituation } from '../../src/doctor/situation.ts';

const situation = () => readSituation({}, '/');
const ok = (id: CheckId, order: Parameters<typeof check>[1] = {}) =>
  check(id, order, (_, say) => say.ok('well'));
const hanging = (id: CheckId, order: Parameters<typeof check>[1] = {}): Check =>
  check(id, order, () => new Promise(() => {}));

it('a check that hangs is one line after its time, and never hides the others', async () => {
  const lines = await runChecks(
    [hanging('node'), ok('env'), ok('folder', { needs: ['node'] })],
    situation(),
    { checkMs: 50 },
  );
  expect(lines.map(({ id, state }) => `${id} ${state}`)).toEqual(['node fail', 'env ok', 'folder skipped']);
});

it('a chain of slow checks ends with all of them', async () => {
  const chain = [hanging('node'), hanging('env', { after: ['node'] }), hanging('folder', { after: ['env'] })];
  const before = performance.now();
  const lines = await runChecks(chain, situation(), { checkMs: 200, allMs: 300 });
  expect(performance.now() - before).toBeLessThan(2_000);
  expect(lines.map(({ state }) => state)).toEqual(['fail', 'fail', 'fail']);
});

it('a check that breaks is a line that says so, and what was opened is closed', async () => {
  const about = situation();
  let closed = 0;
  about.found.closers.push(
    () => {
      closed += 1;
    },
    () => Promise.reject(new Error('cannot close')),
  );
  const broken = check('node', {}, () => {
    throw new TypeError('odd');
  });
  const [line] = await runChecks([broken], about);
  expect(line).toMatchObject({ id: 'node', state: 'fail', says: expect.stringContaining('odd') });
  expect(closed).toBe(1);
});

it('a clock is judged by how far it is off', async () => {
  const states = [];
  for (const ahead of [0, -59_000, 61_000, -400_000]) {
    const about = situation();
    about.found.aheadOf.bucket = ahead;
    states.push((await runChecks([bucketClock], about))[0]?.state);
  }
  expect(states).toEqual(['ok', 'ok', 'warn', 'fail']);
});

it('each check has its remedies, comes after what it needs, and has an id of its own', () => {
  const ids = CHECKS.map(({ id }) => id);
  expect([...ids].sort()).toEqual(Object.keys(REMEDIES).sort());
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, needs, after } of CHECKS)
    for (const other of [...needs, ...after])
      expect({ id, knows: ids.includes(other) }).toEqual({ id, knows: true });
});

it('the report has a line for each check, the remedy below it, and the sum', () => {
  const text = reportText([
    { id: 'node', state: 'ok', says: 'Node 26.' },
    { id: 'disk', state: 'fail', says: 'It is full.', remedy: 'Make room.' },
  ]);
  expect(text.split('\n')).toEqual([
    'ok       node  Node 26.',
    'FAILED   disk  It is full.',
    '               → Make room.',
    '',
    '1 ok, 0 warnings, 1 failed, 0 skipped.',
  ]);
});

it.each([
  [1, '1 warning,'],
  [2, '2 warnings,'],
])('the sum of %i is in words that fit', (n, said) => {
  const warned = { id: 'disk', state: 'warn', says: 'It fills.' } as const;
  expect(reportText(Array.from({ length: n }, () => warned))).toContain(`0 ok, ${said}`);
});

it('docs/doctor.md has a line for each check', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/doctor.md'), 'utf8');
  const table = page.split('\n').filter((line) => line.startsWith('| `'));
  const named = new Set(
    table.flatMap((line) =>
      [...(line.split('|')[1] ?? '').matchAll(/`([\w.]+)/g)].map(([, id]) => id?.replace(/\.$/, '')),
    ),
  );
  for (const { id } of CHECKS) expect({ id, told: named.has(id) }).toEqual({ id, told: true });
});
