import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import { findTrashed } from '../../../src/catalog/search/trashed.ts';
import { databases } from '../databases.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

const DAY = 86_400_000;
/** Only so many of the last deleted of a channel are looked at one by one. */
const OTHERS = 210;

describe.each(databases)('the trash by name, on $name', ({ fresh }) => {
  let catalog: Catalog;
  const trashed = async (fileId: string, channelId: string, name: string, now: number, uploaderId = 'U1') => {
    await recordShares(catalog, TEAM, [found(fileId, channelId, T0, { name, uploaderId })], T0);
    await storeFile(catalog, fileId);
    const deleted = { actorId: 'U1', channelId, purgeAt: T0 + 99 * DAY, now };
    await trashFile(catalog, { ref: { teamId: TEAM, fileId }, ...deleted });
  };
  beforeAll(async () => {
    catalog = await fresh();
    await trashed('FZEBRA', 'C1', 'zebra.pdf', T0 + 1);
    await trashed('FOTHER', 'C2', 'zebra.pdf', T0 + 1);
    // Somebody's own, in a channel that they left, and another one of theirs elsewhere.
    await trashed('FMINE', 'C3', 'zebra xy.pdf', T0 + 1, 'U2');
    await recordShares(catalog, TEAM, [found('FY', 'C4', T0, { name: 'kept', uploaderId: 'U2' })], T0);
    await storeFile(catalog, 'FY');
    for (let i = 0; i < OTHERS; i++) await trashed(`F${i}`, 'C1', `budget ${i}.pdf`, T0 + 2 + i);
    await recordShares(catalog, TEAM, [found('FKEPT', 'C1', T0, { name: 'zebra kept.pdf' })], T0);
    await storeFile(catalog, 'FKEPT');
  });
  afterAll(() => catalog.close());

  const byText = async (text: string, channelIds = ['C1']) =>
    (
      await findTrashed(catalog, {
        viewer: { teamId: TEAM, channelIds },
        filter: { text },
        ...{ limit: 3, budget: new Budget() },
      })
    ).map(({ fileId }) => fileId);

  it('finds a name that few have, however long ago it was deleted, and only what is in the trash', async () => {
    expect(await byText('zebra')).toEqual(['FZEBRA']);
  });

  it('shows nothing of other channels', async () => {
    expect(await byText('zebra', ['C9'])).toEqual([]);
    expect((await byText('zebra', ['C1', 'C2'])).toSorted()).toEqual(['FOTHER', 'FZEBRA']);
  });

  it('finds a file by its id, too, but none of other channels', async () => {
    expect(await byText('fzebra')).toEqual(['FZEBRA']);
    expect(await byText('fother')).toEqual([]);
  });

  it.each(['xy', 'zebra'])(
    'shows a person their own files elsewhere, not those in a channel to be left out: %s',
    async (text) => {
      const ask = async (notChannelIds: string[]) =>
        (
          await findTrashed(catalog, {
            viewer: { teamId: TEAM, channelIds: ['C9'], ownUserId: 'U2' },
            filter: { text, notChannelIds },
            ...{ limit: 9, budget: new Budget() },
          })
        ).map(({ fileId }) => fileId);
      expect(await ask([])).toEqual(['FMINE']);
      expect(await ask(['C3'])).toEqual([]);
    },
  );

  it('shows the last deleted of many first', async () => {
    expect(await byText('budget')).toEqual([OTHERS - 1, OTHERS - 2, OTHERS - 3].map((i) => `F${i}`));
  });

  it('finds nothing by a name that nothing has', async () => {
    expect(await byText('xyzzy')).toEqual([]);
  });
});

it.each(databases)(
  'words that the index knows find all, others the last deleted of each channel set, on $name',
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
      const all = word === 'xy' ? ['Z3'] : ['Z3', 'Z2', 'Z1'];
      expect(await search(word, ['C1'])).toEqual(all);
      expect(await search(word, ['C1', 'C2'])).toEqual([...all, 'Z4'].slice(0, 3));
      expect(await search(word, ['C3'], 'U1')).toEqual([...all, 'Z4'].slice(0, 3));
      expect(await search(word, ['C3'], 'U2')).toEqual([]);
    }
    expect(await search('note', ['C1'])).toEqual(['N198', 'N197', 'N196']);
    expect(await search('n198', ['C1'])).toEqual(['N198']);
    expect(await search('z3', ['C1'])).toEqual(['Z3']);
    expect(await search('z2', ['C1'])).toEqual([]);
    expect(await search('z4', ['C1'])).toEqual([]);
    await catalog.close();
  },
);
