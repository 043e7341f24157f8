import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { claimReadings, readingDone } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { searchedWords } from '../../../src/catalog/reading/words.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { reachOf } from '../../../src/catalog/search/reach.ts';
import { trashedLike } from '../../../src/catalog/search/trashed-like.ts';
import { channelSetsIn } from '../../../src/catalog/search/word-index.ts';
import { databases } from '../databases.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

const CHANNELS = Array.from({ length: 6 }, (_, i) => `C${i}`);
const UNSEEN = 40;

/** What a person may not see must take them no time: by that they could learn that somebody writes of something. */
describe.each(databases)('a search, on $name', ({ fresh }) => {
  let catalog: Catalog;
  let statements = 0;
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      statements += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  beforeAll(async () => {
    const made = await fresh();
    catalog = { ...made, db: made.db.withPlugin(counting) };
    await startReading(catalog);
    const store = async (fileId: string, channelId: string, word: string, at: number) => {
      await recordShares(catalog, TEAM, [found(fileId, channelId, at, { name: 'a.pdf', title: null })], at);
      await storeFile(catalog, fileId, { now: at });
      const [row] = await claimReadings(catalog, { owner: 'a', limit: 9, leaseMs: 60_000, now: at });
      if (row === undefined) throw new Error('nothing is to be read');
      const words = new Set(searchedWords(word));
      await readingDone(catalog, row, 'a', { words, state: 'read', reason: null });
    };
    for (let i = 0; i < 60; i++)
      await store(`F${i}`, CHANNELS[i % CHANNELS.length] as string, 'open', T0 + i);
    for (let i = 0; i < UNSEEN; i++) await store(`G${i}`, 'COTHER', 'layoffs', T0 + 100 + i);
  });
  afterAll(() => catalog.close());

  // More channel sets than the index of names bears, and fewer candidates and entries in a step than there are unseen documents.
  const pace = { few: 5, step: 5, channelSets: 2 };
  async function ask(text: string, channelIds = CHANNELS, notText: string[] = []) {
    statements = 0;
    const viewer = { teamId: TEAM, channelIds, ownUserId: 'UNOBODY' };
    const { files } = await findFiles(catalog, {
      ...{ viewer, filter: { text, notText }, pace, limit: 10, contents: true, said: true },
    });
    return { found: files.length, statements };
  }

  it('takes as many steps for a word of documents that somebody may not see as for a word that nobody wrote', async () => {
    const nowhere = await ask('mermaids');
    expect(nowhere.found).toBe(0);
    expect(await ask('layoffs')).toEqual(nowhere);
    expect((await ask('layoffs', [...CHANNELS, 'COTHER'])).found).toBe(10);
  });

  it('nor more to leave it out, nor in the trash', async () => {
    for (const text of ['open', 'mermaids']) {
      const nowhere = await ask(text, CHANNELS, ['mermaids']);
      expect(await ask(text, CHANNELS, ['layoffs'])).toEqual(nowhere);
    }
    expect((await ask('open', CHANNELS, ['open'])).found).toBe(0);
    const trashed = async (text: string) => {
      statements = 0;
      const viewer = { teamId: TEAM, channelIds: CHANNELS, ownUserId: 'UNOBODY' };
      const { fileIds } = await trashedLike(catalog, { viewer, filter: { text }, limit: 9, contents: true });
      return { found: fileIds.length, statements };
    };
    expect(await trashed('layoffs')).toEqual(await trashed('mermaids'));
  });
});

describe.each(databases)('the channel sets that narrow an index, on $name', ({ fresh }) => {
  it('are those of who sees a part of many; who sees everything needs none', async () => {
    const catalog = await fresh();
    const ids = Array.from({ length: 70 }, (_, i) => `C${i}`);
    const shares = ids.map((id, i) => found(`F${i}`, id, T0));
    await recordShares(catalog, TEAM, shares, T0);
    const of = async (channelIds: string[], most = 500) =>
      (await channelSetsIn(catalog, TEAM, channelIds, most))?.length;
    expect(await of(ids.slice(0, 66))).toBe(66);
    expect(await of(ids)).toBeUndefined();
    expect(await of(ids.slice(0, 66), 65)).toBeUndefined();
    const { channelSets } = await reachOf(catalog, { teamId: TEAM, channelIds: ids.slice(0, 66) });
    expect(channelSets?.length).toBe(catalog.kind === 'sqlite' ? 66 : undefined);
    await catalog.close();
  });
});
