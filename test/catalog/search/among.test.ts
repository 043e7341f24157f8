import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import type { ListCursor } from '../../../src/catalog/model.ts';
import { type FindOptions, findFiles } from '../../../src/catalog/search/find.ts';
import { databases } from '../databases.ts';
import { found, sampleShare, T0, TEAM } from '../samples.ts';

const MINUTE = 60_000;
const FILES = 800;

/** The ids of these files, the newest first. */
const ids = (is: (i: number) => boolean) =>
  Array.from({ length: FILES }, (_, i) => FILES - 1 - i)
    .filter(is)
    .map((i) => `F${i}`);

/**
 * A word that begins the names of some in thousands: the walk to them is long, and they are many to be looked up one by one. So
 * PostgreSQL walks on, and passes over all others.
 */
describe.each(databases)('walks among files that an index of names knows, on $name', ({ fresh }) => {
  let catalog: Catalog;
  let passes = 0;
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      if (JSON.stringify(node).includes('e.file_id in (select id from')) passes += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  beforeAll(async () => {
    const made = await fresh();
    catalog = { ...made, db: made.db.withPlugin(counting) };
    const sightings = Array.from({ length: FILES }, (_, i) => {
      const name = i % 20 === 7 ? `budget ${i}.pdf` : i % 20 === 17 ? `the budget ${i}.pdf` : `note ${i}.pdf`;
      const uploaderId = i % 40 === 7 ? 'U2' : 'U1';
      return found(`F${i}`, `C${i % 3}`, T0 + i * MINUTE, { name, title: null, uploaderId });
    });
    // One is shared once more, later than all others.
    const again = {
      ...(sightings[7] as (typeof sightings)[0]),
      share: sampleShare('C1', T0 + 900 * MINUTE),
    };
    await recordShares(catalog, TEAM, [...sightings, again], T0);
  });
  afterAll(() => catalog.close());

  const pace = { few: 3, step: 20, far: { entries: 1, part: 1 / 4 }, channelSets: 0 };
  const page = async (more: Partial<FindOptions>) => {
    const viewer = { teamId: TEAM, channelIds: ['C0', 'C1', 'C2'] };
    const got = await findFiles(catalog, { viewer, filter: { text: 'budget' }, limit: 9, pace, ...more });
    return { ...got, ids: got.files.map(({ fileId }) => fileId) };
  };
  const BEGIN = ['F7', ...ids((i) => i % 20 === 7).slice(0, -1)];
  const HAVE = ids((i) => i % 20 === 17);

  it('gives every file once, in its order, by pages, forwards and back', async () => {
    const seen: string[] = [];
    let cursor: ListCursor | null = null;
    let last: ListCursor | null = null;
    do {
      const got = await page(cursor ? { cursor } : {});
      seen.push(...got.ids);
      last = got.newer;
      cursor = got.older;
    } while (cursor !== null);
    expect(seen).toEqual([...BEGIN, ...HAVE]);
    const back: string[] = [];
    for (cursor = last; cursor !== null; ) {
      const got = await page({ cursor });
      back.unshift(...got.ids);
      cursor = got.newer;
    }
    expect(back).toEqual([...BEGIN, ...HAVE].slice(0, 72));
    expect(passes > 0).toBe(catalog.kind === 'postgres');
  });

  it('keeps to rights and filters', async () => {
    const all = [...BEGIN, ...HAVE];
    const number = (id: string) => Number(id.slice(1));
    const finds = async (more: Partial<FindOptions>) => (await page({ limit: 99, ...more })).ids;
    const inC0 = { viewer: { teamId: TEAM, channelIds: ['C0'] } };
    expect(await finds(inC0)).toEqual(all.filter((id) => number(id) % 3 === 0));
    // In channels that they do not see, only what they uploaded.
    const own = all.filter((id) => number(id) % 40 === 7);
    const nowhere = { viewer: { teamId: TEAM, channelIds: [], ownUserId: 'U2' } };
    expect(await finds(nowhere)).toEqual(own);
    expect(await finds({ filter: { text: 'budget', userId: 'U2' } })).toEqual(own);
    const dates = { before: T0 + 400 * MINUTE, after: T0 + 100 * MINUTE };
    expect(await finds({ filter: { text: 'budget', ...dates } })).toEqual(
      all.filter((id) => number(id) < 400 && number(id) >= 100),
    );
    expect(await finds({ filter: { text: 'budget', notText: ['the'] } })).toEqual(BEGIN);
  });
});
