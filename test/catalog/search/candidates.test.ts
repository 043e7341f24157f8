import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import { type Candidates, isSooner, rarest } from '../../../src/catalog/search/candidates.ts';
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
  candidates.soFar = { found: new Set([3]), last: 3, rows: 1 };
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

test('an index whose rows are hardly ever of use is read on, where a walk would be longer', async () => {
  const { candidates } = indexOf([]);
  const { ids } = candidates;
  if ('table' in ids) throw new Error('not read in steps');
  /** After a tenth of a million files: so many rows of the index, and so many of use. */
  const isRead = (rows: number, ofUse: number, limit = 10) => {
    const soFar = { found: new Set(range(0, ofUse)), last: 100_000, rows };
    return isSooner({ ...candidates, ids: { ...ids, isPicky: true }, soFar }, limit, 1_000_000);
  };
  // Two words in every twenty-fifth file that are neighbours nowhere, or nearly; and a phrase that most of these have.
  expect([isRead(4_000, 0), isRead(4_000, 20), isRead(4_000, 4_000)]).toEqual([true, true, false]);
  // Where all files have the words, the walk comes across the phrase unless it is very rare; and few rows are soon read.
  expect([isRead(100_000, 2_000), isRead(100_000, 0), isRead(100, 100)]).toEqual([false, true, true]);
  expect([isRead(20_000, 100), isRead(20_000, 100, 1_000)]).toEqual([false, true]);
  const other = { ...candidates, soFar: { found: new Set<number>(), last: 100_000, rows: 4_000 } };
  expect(isSooner(other, 10, 1_000_000)).toBe(false);
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
