import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { nearWords } from '../../../src/catalog/search/spelling.ts';
import { databases, empty } from '../databases.ts';
import { sampleFile, sampleShare, T0, TEAM } from '../samples.ts';

const DAY = 86_400_000;

/** A clock that moves on by `step` ms each time it is read. */
function clock(step: number): () => number {
  let now = 0;
  return () => (now += step);
}

describe.each(databases)('the time of a question on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const add = (names: string[]) =>
    recordShares(
      catalog,
      TEAM,
      names.map((name, i) => ({
        file: sampleFile(`F${i}`, { name, title: null }),
        share: sampleShare('C1', T0 + i * DAY),
      })),
      T0,
    );
  const viewer = { teamId: TEAM, channelIds: ['C1'] };
  const find = (text: string, budget: Budget, cursor?: { direction: 'older' | 'newer'; at: number }) =>
    findFiles(catalog, {
      ...{ viewer, filter: { text }, limit: 10, budget, pace: { few: 1, step: 1 } },
      ...(cursor && {
        cursor: {
          direction: cursor.direction,
          rank: 2,
          sharedAt: T0 + cursor.at * DAY,
          fileId: `F${cursor.at}`,
        },
      }),
    });

  test('with time enough, everything is found and nothing is said', async () => {
    await add(Array.from({ length: 8 }, (_, i) => `n${i} ab`));
    const page = await find('ab', new Budget(2_000, clock(0.001)));
    expect(page.files).toHaveLength(8);
    expect(page.stopped).toBeUndefined();
  });

  test('when the time is up, it answers with what was found so far, the newest, and says so', async () => {
    await add(Array.from({ length: 8 }, (_, i) => `n${i} ab`));
    const counts = new Set<number>();
    for (let steps = 1; steps < 60; steps++) {
      const page = await find('ab', new Budget(2_000, clock(2_000 / steps)));
      counts.add(page.files.length);
      const newest = Array.from({ length: page.files.length }, (_, i) => `F${7 - i}`);
      expect(page.files.map(({ fileId }) => fileId)).toEqual(newest);
      expect(page.stopped === true || page.files.length === 8).toBe(true);
    }
    expect(counts.size).toBeGreaterThan(3);
  });

  test('when the time is up before anything is found, the pages around it are still offered', async () => {
    await add(Array.from({ length: 8 }, (_, i) => `n${i} ab`));
    for (const direction of ['older', 'newer'] as const) {
      const page = await find('ab', new Budget(0, clock(1)), { direction, at: 4 });
      expect(page).toMatchObject({ files: [], stopped: true });
    }
  });

  test('several searches of one question share its time', async () => {
    await add(['n0 ab']);
    const budget = new Budget(0, clock(1));
    await find('ab', budget);
    expect((await find('n0', budget)).stopped).toBe(true);
  });

  test('only the first three words may be mistyped', async () => {
    await add(['budget report contract invoice']);
    const found = async (text: string) => (await find(text, new Budget())).files.length;
    expect(await found('budgte reprot contarct')).toBe(1);
    expect(await found('budgte reprot contarct invoice')).toBe(1);
    expect(await found('budget report contract invocie')).toBe(0);
    expect(await found('invocie budget report contract')).toBe(1);
  });

  test('no other words are looked for when the time is up, or for what is too long for a word', async () => {
    await add([`budget ${'x'.repeat(200)}`]);
    expect(await nearWords(catalog, 'budgte', new Budget())).toEqual(['budget']);
    expect(await nearWords(catalog, `${'x'.repeat(199)}y`, new Budget())).toEqual([]);
    expect(await nearWords(catalog, 'budgte', new Budget(0, clock(1)))).toEqual([]);
  });

  test('a word is as often looked for as it is there once', async () => {
    await add(['ab n0 ab']);
    expect((await find('n0 ab ab n0 n0', new Budget())).files).toHaveLength(1);
  });
});
