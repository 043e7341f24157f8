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

/** An index with these ids, and the ranges that it was asked for. */
function indexOf(ids: readonly number[]): { candidates: Candidates; asked: Array<[number, number]> } {
  const asked: Array<[number, number]> = [];
  const all = sql`select value as id from json_each(${JSON.stringify(ids)})`;
  const between = (low: number, high: number) => {
    asked.push([low, high]);
    return sql<{ id: number }>`(select id from (${all}) where id between ${low} and ${high})`;
  };
  const table = sql<{ id: number }>`(${all})`;
  return { candidates: { table, between, last: sql`select 200000`, wholly: true }, asked };
}

const IDS = [199_999, 150_000, 40_000, 3];

test('an index that is left because the time is up is read on from there', async () => {
  const { candidates, asked } = indexOf(IDS);
  const ask = (patienceMs: number) =>
    rarest(catalog, new Budget(60_000), [candidates], { many: 10, times: 8, patienceMs });
  expect(await ask(-1)).toBeUndefined();
  expect(asked).toEqual([]);
  candidates.soFar = { found: new Set([199_999]), high: 150_000 };
  expect((await ask(60_000))?.ids.toSorted()).toEqual(IDS.toSorted());
  expect(asked[0]?.[1]).toBe(150_000);
  // Each range once, one below the other.
  for (const [place, [low]] of asked.entries()) {
    const next = asked[place + 1];
    if (next !== undefined) expect(next[1]).toBe(low - 1);
  }
});

test('an index with more than can be used is told so, and read on when more can be used', async () => {
  const { candidates } = indexOf(IDS);
  const ask = (many: number) =>
    rarest(catalog, new Budget(60_000), [candidates], { many, times: 8, patienceMs: 60_000 });
  expect(await ask(2)).toBeUndefined();
  expect(await ask(2)).toBeUndefined();
  expect((await ask(10))?.ids.toSorted()).toEqual(IDS.toSorted());
  expect((await ask(1))?.ids).toBeUndefined();
});
