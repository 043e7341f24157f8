import { expect, it } from 'vitest';
import { lastFirst } from '../../../src/catalog/search/trashed-walk.ts';
import { turnsOf } from '../../helpers/turns.ts';

const trash = (many: number, timeOf: (i: number) => number) =>
  Array.from({ length: many }, (_, i) => ({ id: ((i * 7_919) % many) + 1, trashedAt: timeOf(i) }));
const inOrder = (ids: number[]) => ids.toSorted((a, b) => a - b);

it.each([0, 1, 499, 500, 501, 5_000, 5_001, 70_000])(
  'of %s files, the last deleted come first',
  async (many) => {
    const files = trash(many, (i) => (i * 31) % 1_000_003);
    const last = files.toSorted((a, b) => b.trashedAt - a.trashedAt).map(({ id }) => id);
    const groups = [last.slice(0, 500), last.slice(500, 5_000), last.slice(5_000)];
    expect(await lastFirst(files)).toEqual(groups.map(inOrder));
  },
);

it('what was deleted at the same time is together', async () => {
  const files = trash(30_000, (i) => (i < 10 ? 2 : 1));
  const [first = [], second = [], third = []] = await lastFirst(files);
  expect([first.length, second.length, third.length]).toEqual([30_000, 0, 0]);
  expect(first).toEqual(inOrder(first));
});

it('everything else has its turn meanwhile', async () => {
  const files = trash(200_000, (i) => i);
  expect(await turnsOf(() => lastFirst(files))).toBeGreaterThan(30);
});
