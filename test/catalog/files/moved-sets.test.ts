import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { moveChannel } from '../../../src/catalog/files/move-channel.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import { claimReadings, readingDone } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { trashedLike } from '../../../src/catalog/search/trashed-like.ts';
import { recount } from '../../../src/catalog/totals/recount.ts';
import { databases } from '../databases.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

describe.each(databases)('what files hold, when their channels change, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await fresh();
    await startReading(catalog);
  });
  afterEach(() => catalog.close());

  const store = async (fileId: string, channelIds: string[]) => {
    for (const channelId of channelIds) await recordShares(catalog, TEAM, [found(fileId, channelId, T0)], T0);
    await storeFile(catalog, fileId);
    const [row] = await claimReadings(catalog, { owner: 'r', limit: 1, leaseMs: 9, now: T0 });
    if (row === undefined) throw new Error('nothing is to be read');
    await readingDone(catalog, row, 'r', { words: new Set(['zebra']), state: 'read', reason: null });
  };
  const trash = (fileId: string) =>
    trashFile(catalog, {
      ...{ ref: { teamId: TEAM, fileId }, actorId: 'U1', channelId: 'C1', purgeAt: T0 * 2, now: T0 },
    });
  const asked = (channelId: string) => ({
    ...{ viewer: { teamId: TEAM, channelIds: [channelId] }, filter: { text: 'zebra' } },
    ...{ limit: 5, contents: true },
  });
  const find = async (channelId: string) =>
    (await findFiles(catalog, asked(channelId))).files.map(({ fileId }) => fileId).sort();
  const inTrash = async (channelId: string) => (await trashedLike(catalog, asked(channelId))).fileIds.sort();
  const due = async () =>
    (await sql<{ fileId: string }>`select file_id from reading where due_at is not null`.execute(catalog.db))
      .rows;

  it('a channel that gets another id: they are found by it at once, and none is read anew', async () => {
    // Others are not to be seen, so that the index is asked by channel sets.
    for (const channelId of ['C3', 'C4']) await store(`F${channelId}`, [channelId]);
    await store('F1', ['C1']);
    await store('F2', ['C1', 'C2']);
    await store('F3', ['C1', 'C9']);
    await moveChannel(catalog, TEAM, 'C1', 'C9');
    expect(await find('C2')).toEqual(['F2']);
    expect(await find('C1')).toEqual([]);
    // Only this one was seen under both ids, so only it has other channels than before.
    expect((await due()).map(({ fileId }) => fileId)).toEqual(['F3']);
    expect(await find('C9')).toEqual(expect.arrayContaining(['F1', 'F2']));
    expect(await recount(catalog)).toMatchObject({ wrong: 0 });
  });

  it.each([
    ['the old', ['C1', 'C1', 'C9']],
    ['the new', ['C1', 'C9', 'C9']],
  ])('two sets that become one are one, also where %s has more files', async (_, channelIds) => {
    for (const [i, channelId] of channelIds.entries()) await store(`F${i}`, [channelId]);
    await trash('F0');
    await moveChannel(catalog, TEAM, 'C1', 'C9');
    const { rows } = await sql<{ channels: string; files: number }>`
      select channels, files from audience where files > 0`.execute(catalog.db);
    expect(rows).toEqual([{ channels: 'C9', files: 2 }]);
    expect(await inTrash('C9')).toEqual(['F0']);
    expect(await recount(catalog)).toMatchObject({ wrong: 0 });
  });

  it('a file that is shared once more in the trash is found by who sees it there, in a large trash', async () => {
    await store('F1', ['C1']);
    await trash('F1');
    const others = Array.from({ length: 1_100 }, (_, i) => found(`G${i}`, 'C2', T0 + i));
    await recordShares(catalog, TEAM, others, T0);
    await sql`update file set state = 'trashed', trashed_at = ${T0 + 9}, purge_at = ${T0 * 2}
      where file_id like 'G%'`.execute(catalog.db);
    expect(await inTrash('C2')).toEqual([]);
    await recordShares(catalog, TEAM, [found('F1', 'C2', T0 + 9)], T0 + 9);
    expect(await inTrash('C2')).toEqual(['F1']);
    expect(await inTrash('C1')).toEqual(['F1']);
    expect(await inTrash('C3')).toEqual([]);
  });
});
