import { expect, it } from 'vitest';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import { findTrashed } from '../../../src/catalog/search/trashed.ts';
import { databases } from '../databases.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

it.each(databases)(
  'the last deleted of each channel set are found, by words that the index knows and by others, on $name',
  async ({ fresh }) => {
    const catalog = await fresh();
    const trashed = async (fileId: string, channelId: string, name: string, now: number) => {
      await recordShares(catalog, TEAM, [found(fileId, channelId, T0, { name, title: null })], T0);
      await storeFile(catalog, fileId);
      const by = { actorId: 'U1', channelId, tellIn: [], purgeAt: T0 + 9e9 };
      await trashFile(catalog, { ref: { teamId: TEAM, fileId }, ...by, now });
    };
    // Two before the last 200 of C1, one among them, one in another channel.
    await trashed('Z1', 'C1', 'zebra xy.pdf', T0 + 1);
    await trashed('Z2', 'C1', 'zebra xy.pdf', T0 + 2);
    await trashed('Z3', 'C1', 'zebra xy.pdf', T0 + 3);
    for (let i = 0; i < 199; i++) await trashed(`N${i}`, 'C1', 'note.txt', T0 + 9 + i);
    await trashed('Z4', 'C2', 'zebra xy.pdf', T0);
    // Not in the trash.
    await recordShares(catalog, TEAM, [found('Z5', 'C1', T0, { name: 'zebra xy.pdf' })], T0);
    const search = async (text: string, channelIds: string[], ownUserId?: string) => {
      const viewer = { teamId: TEAM, channelIds, ...(ownUserId ? { ownUserId } : {}) };
      const files = await findTrashed(catalog, { viewer, filter: { text }, limit: 3, budget: new Budget() });
      return files.map(({ fileId }) => fileId);
    };
    // The index knows nothing of words of two letters.
    for (const word of ['zebra', 'xy']) {
      expect(await search(word, ['C1'])).toEqual(['Z3']);
      expect(await search(word, ['C1', 'C2'])).toEqual(['Z3', 'Z4']);
      expect(await search(word, ['C3'], 'U1')).toEqual(['Z3', 'Z4']);
      expect(await search(word, ['C3'], 'U2')).toEqual([]);
    }
    expect(await search('note', ['C1'])).toEqual(['N198', 'N197', 'N196']);
    expect(await search('n198', ['C1'])).toEqual(['N198']);
    expect(await search('z3', ['C1'])).toEqual(['Z3']);
    expect(await search('z2', ['C1'])).toEqual([]);
    await catalog.close();
  },
);
