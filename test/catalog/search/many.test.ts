import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import type { ListFilter } from '../../../src/catalog/model.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import { finderOf, type Viewer } from '../../../src/catalog/search/find.ts';
import { countUpTo } from '../../../src/catalog/search/gather.ts';
import { surelyMore } from '../../../src/catalog/search/many.ts';
import { databases } from '../databases.ts';
import { sampleFile, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

const EVERYBODY: Viewer = { teamId: TEAM, channelIds: ['C1', 'C2'], ownUserId: 'U1' };
const HOUR = 3_600_000;
const MS = 10_000;

describe.each(databases)('counting what names are found by, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
    // Ten reports and ten images that say so in the middle of their names; each third in C2, each fifth of U2 and shared by U3.
    for (let i = 0; i < 20; i++) {
      const [name, filetype, mimetype] =
        i % 2 === 0
          ? [`report ${i}.pdf`, 'pdf', 'application/pdf']
          : [`my report ${i}.png`, 'png', 'image/png'];
      const uploaderId = i % 5 === 0 ? 'U2' : 'U1';
      const file = sampleFile(`F${i}`, { name, title: null, filetype, mimetype, uploaderId });
      const userId = i % 5 === 0 ? 'U3' : 'U1';
      const share = sampleShare(i % 3 === 0 ? 'C2' : 'C1', T0 + i * HOUR, { userId });
      await recordShares(catalog, TEAM, [{ file, share }], T0);
      await storeFile(catalog, file.fileId);
    }
    const by = { actorId: 'U1', channelId: 'C1', tellIn: [], purgeAt: T0 + 9e9, now: T0 };
    for (const fileId of ['F1', 'F2']) await trashFile(catalog, { ref: { teamId: TEAM, fileId }, ...by });
  });
  afterAll(() => catalog.close());

  /** How many the whole search finds, and what is counted up to one less, as many, and one more. */
  it.each<[string, ListFilter, Viewer, number]>([
    ['a word', { text: 'report' }, EVERYBODY, 18],
    ['a word and a sign that begin names', { text: 'report 1' }, EVERYBODY, 10],
    ['two words', { text: 'my report' }, EVERYBODY, 9],
    ['a mistyped word', { text: 'reprot' }, EVERYBODY, 18],
    ['a mistyped word, in one channel', { text: 'reprot' }, { teamId: TEAM, channelIds: ['C2'] }, 7],
    ['an id', { text: 'f3' }, EVERYBODY, 1],
    ['a pattern', { patterns: ['report*'] }, EVERYBODY, 9],
    ['a word without a type', { text: 'report', notTypes: ['pdf'] }, EVERYBODY, 9],
    ['a word and a type', { text: 'report', types: ['pdf'] }, EVERYBODY, 9],
    ['a word and who uploaded it', { text: 'report', userId: 'U2' }, EVERYBODY, 4],
    ['a word and who shared it', { text: 'report', userId: 'U3' }, EVERYBODY, 4],
    ['a word and a family of types', { text: 'report', types: ['image'] }, EVERYBODY, 9],
    ['a word without a family of types', { text: 'report', notTypes: ['image'] }, EVERYBODY, 9],
    ['a person, a type and a word', { text: 'report', userId: 'U2', types: ['pdf'] }, EVERYBODY, 2],
    ['a word and no person', { text: 'report', notUserIds: ['U3'] }, EVERYBODY, 14],
    ['a word since a day', { text: 'report', after: T0 + 10 * HOUR }, EVERYBODY, 10],
    ['a word before a day', { text: 'report', before: T0 + 10 * HOUR }, EVERYBODY, 8],
    ['a person before a day', { text: 'report', userId: 'U2', before: T0 + 10 * HOUR }, EVERYBODY, 2],
    ['a word in one channel', { text: 'report' }, { teamId: TEAM, channelIds: ['C2'] }, 7],
    ['a word outside of a channel', { text: 'report', notChannelIds: ['C2'] }, EVERYBODY, 11],
    ['a word in one’s own files', { text: 'report' }, { ...EVERYBODY, channelIds: ['C2'] }, 16],
    ['a word for who sees nothing', { text: 'report' }, { teamId: TEAM, channelIds: ['C9'] }, 0],
    ['a word that no name has', { text: 'xyzzy' }, EVERYBODY, 0],
  ])('%s', async (_, filter, viewer, all) => {
    const are = filter.text === 'reprot' ? 'similar' : 'asked';
    for (const most of [all - 1, all, all + 1].filter((each) => each > 5 || each >= all)) {
      const { count, more } = await countUpTo(catalog, { viewer, filter }, { ms: MS, most, are });
      expect({ count, more }).toEqual({ count: Math.min(all, most), more: all > most });
    }
  });

  it.each<[string, ListFilter, Viewer]>([
    ['names that begin with the word', { text: 'report' }, EVERYBODY],
    ['names that have it anywhere', { text: 'port' }, EVERYBODY],
    ['uploads of a person', { text: 'report', userId: 'U2' }, EVERYBODY],
    ['names of a family of types', { text: 'report', types: ['image'] }, EVERYBODY],
    ['names without a type', { text: 'report', notTypes: ['image'] }, EVERYBODY],
    ['names in a channel', { text: 'report' }, { teamId: TEAM, channelIds: ['C2'] }],
    ['names like a pattern', { patterns: ['*port*'] }, EVERYBODY],
  ])('PostgreSQL sees at once that there are many: %s', async (_, filter, viewer) => {
    const finder = await finderOf(catalog, { viewer, filter }, new Budget(MS));
    const names = await finder.names('asked');
    if (names === undefined) throw new Error('nothing is asked of names');
    const isPostgres = catalog.kind === 'postgres';
    expect(await surelyMore(catalog, names, 2, new Budget(MS))).toBe(isPostgres);
    expect(await surelyMore(catalog, names, 18, new Budget(MS))).toBe(false);
  });
});
