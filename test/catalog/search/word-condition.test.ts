import fc from 'fast-check';
import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { claimReadings, readingDone } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { searchedWords } from '../../../src/catalog/reading/words.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import { filesHolding, notInContents } from '../../../src/catalog/search/contents.ts';
import { reachOf } from '../../../src/catalog/search/reach.ts';
import { filesSaid, neverSaid } from '../../../src/catalog/search/said.ts';
import type { Search } from '../../../src/catalog/search/spans.ts';
import {
  conditionsOn,
  nearAmong,
  not,
  rangesOf,
  type WordCondition,
} from '../../../src/catalog/search/word-condition.ts';
import { runs } from '../../runs.ts';
import { empty, openNewCatalog, temporaryFolder } from '../databases.ts';
import { found, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

describe('where the rows of a step stand', () => {
  test('has every row in one range, in order, with no range beside another', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 400 }), (ids) => {
        const ranges = rangesOf(ids);
        if (ranges === null) return;
        for (const id of ids) expect(ranges.filter(([low, high]) => low <= id && id <= high)).toHaveLength(1);
        for (const [at, [low, high]] of ranges.entries()) {
          expect(ids).toContain(low);
          expect(ids).toContain(high);
          const next = ranges[at + 1];
          if (next !== undefined) expect(next[0]).toBeGreaterThan(high + 1);
        }
      }),
    );
  });

  test('is not worth it when they are far from one another', () => {
    expect(rangesOf(Array.from({ length: 300 }, (_, place) => place * 1_000))).toBeNull();
    expect(rangesOf([])).toEqual([]);
  });
});

describe('a question of words', () => {
  const folder = temporaryFolder();
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await openNewCatalog(folder.path);
  });
  afterAll(async () => {
    await catalog.close();
    folder.remove();
  });

  const WORDS = ['amber', 'birch', 'cedar'];
  const some = fc.subarray(WORDS);
  interface Told {
    said: string[];
    own: string[];
    held: string[];
    channel: string;
  }
  const file = fc.record<Told>({ said: some, own: some, held: some, channel: fc.constantFrom('C1', 'C2') });

  test('has the same answer for each file alone, for all where they stand, and for far more than these', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(file, { minLength: 4, maxLength: 8 }),
        fc.subarray(WORDS, { minLength: 1 }),
        async (files, asked) => {
          await empty(catalog);
          await startReading(catalog);
          await store('F', { said: [], own: [], held: [], channel: 'C1' });
          for (const [place, one] of files.entries()) await store(`F${place}`, one);
          const reach = await reachOf(catalog, { teamId: TEAM, channelIds: ['C1'] });
          const base = { reach, words: [], pace: {}, budget: new Budget() } as unknown as Search;
          const text = asked.join(' ');
          const conditions = [
            (await filesSaid(catalog, { text }, base, true))?.isFound,
            (await filesHolding(catalog, { text }, base, true))?.isFound,
            ...(await neverSaid(catalog, [text], base, true)),
            ...(await notInContents(catalog, [text], base, true)),
          ] as WordCondition[];
          expect(conditions).toHaveLength(4);
          const { rows } = await sql<{ id: number }>`select id from file`.execute(catalog.db);
          const inStep = await conditionsOn(
            catalog,
            conditions,
            rows.map(({ id }) => id),
          );
          const wide = [[0, 1_000_000]] as const;
          const ids = rows.map(({ id }) => id);
          const near = await nearAmong(catalog, conditions, ids);
          expect(near?.apart?.files).toEqual(ids);
          for (const [place, { isSo }] of conditions.entries()) {
            const alone = await meeting(isSo(null));
            expect(await meeting(inStep[place])).toEqual(alone);
            expect(await meeting(isSo({ files: wide, said: wide }))).toEqual(alone);
            expect(await meeting(isSo({ files: null, said: wide }))).toEqual(alone);
            expect(await meeting(isSo(near))).toEqual(alone);
          }
        },
      ),
      { numRuns: runs(40) },
    );
  });

  test('is not asked where an index knows of no such file', async () => {
    const never = { index: 'said', isSo: () => sql<boolean>`1 = 0` } as const;
    const asked = (known: number[]) =>
      conditionsOn(
        catalog,
        [not({ ...never, among: { ids: { table: sql`(select 1 as id)` }, wholly: true, known } })],
        [1, 2, 3, 4],
      );
    expect(await asked([])).toEqual([]);
    expect(await asked([7])).toHaveLength(1);
  });

  async function meeting(condition: RawBuilder<boolean> | undefined): Promise<string[]> {
    const { rows } = await sql<{ fileId: string }>`
      select f.file_id from file f where ${condition} order by f.file_id`.execute(catalog.db);
    return rows.map(({ fileId }) => fileId);
  }

  async function store(fileId: string, { said, own, held, channel }: Told) {
    const share = sampleShare(channel, T0, { said: { author: 'U1', text: said.join(' '), at: T0 } });
    const facts = own.length > 0 ? { facts: { transcript: own.join(' ') } } : {};
    await recordShares(catalog, TEAM, [{ ...found(fileId, channel, T0, facts), share }], T0);
    await storeFile(catalog, fileId, { now: T0 });
    const [row] = await claimReadings(catalog, { owner: 'a', limit: 1, leaseMs: 60_000, now: T0 });
    const words = new Set(held.flatMap((word) => [...searchedWords(word)]));
    if (row) await readingDone(catalog, row, 'a', { words, state: 'read', reason: null });
  }
});
