import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import { type Candidates, rarest } from '../../../src/catalog/search/candidates.ts';
import { openNewCatalog, temporaryFolder } from '../databases.ts';

const folder = temporaryFolder();
let catalog: Catalog;
beforeAll(async () => {
  catalog = await openNewCatalog(folder.path);
});
afterAll(async () => {
  await catalog.close();
  folder.remove();
});

/** An index with these rows, of which those below nought stand for no file, and the rows after which it was asked for more. */
function indexOf(rows: readonly number[]): { candidates: Candidates; asked: number[] } {
  const asked: number[] = [];
  const all = sql`select value as "row", case when value > 0 then value end as id from json_each(${JSON.stringify(rows)})`;
  const after = (row: number, most: number) => {
    asked.push(row);
    return sql<{ row: number; id: number | null }>`
      select * from (${all}) where "row" > ${row} order by "row" limit ${most}`;
  };
  return { candidates: { ids: { first: -100_000, after }, wholly: true }, asked };
}

const askOf =
  (candidates: Candidates) =>
  (many: number, patienceMs = 60_000) =>
    rarest(catalog, new Budget(60_000), [candidates], { many, times: 8, patienceMs });

const IDS = [3, 40_000, 150_000, 199_999];
const range = (from: number, end: number) => Array.from({ length: end - from }, (_, i) => from + i);

test('an index that is left because the time is up is read on from there', async () => {
  const { candidates, asked } = indexOf(IDS);
  const ask = askOf(candidates);
  expect(await ask(10, -1)).toBeUndefined();
  expect(asked).toEqual([]);
  candidates.soFar = { found: new Set([3]), last: 3 };
  expect((await ask(10))?.ids).toEqual(IDS);
  expect(asked).toEqual([3]);
});

test('an index with more than can be used is told so, and read on when more can be used', async () => {
  const { candidates, asked } = indexOf([...IDS, ...range(200_000, 201_000)]);
  const ask = askOf(candidates);
  expect(await ask(2)).toBeUndefined();
  expect(await ask(2)).toBeUndefined();
  expect(asked).toHaveLength(1);
  expect((await ask(2_000))?.ids.length).toBe(1_004);
  expect((await ask(1))?.ids).toBeUndefined();
});

test('rows that stand for no file are passed over in steps that grow, none of them twice', async () => {
  const { candidates, asked } = indexOf([...range(-9_000, -1), ...IDS]);
  expect((await askOf(candidates)(10))?.ids).toEqual(IDS);
  expect(asked.length).toBeGreaterThan(2);
  expect(asked.length).toBeLessThan(10);
  expect(asked).toEqual([...new Set(asked)].toSorted((a, b) => a - b));
});

test('a step has at most a thousand rows until steps are known to be quick', async () => {
  const { candidates } = indexOf(range(1, 5_000));
  const sizes: number[] = [];
  const { ids } = candidates;
  if ('table' in ids) throw new Error('not read in steps');
  const after = (row: number, most: number) => {
    sizes.push(most);
    return ids.after(row, most);
  };
  await askOf({ ...candidates, ids: { ...ids, after } })(300_000);
  expect(sizes[0]).toBe(1_000);
  for (const [place, size] of sizes.entries())
    expect(size).toBeLessThanOrEqual(2 * (sizes[place - 1] ?? 1_000));
});
