import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { fillIn } from '../../../src/catalog/files/capture.ts';
import { messageIsGone } from '../../../src/catalog/files/said.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import { removeShare } from '../../../src/catalog/files/unshare.ts';
import { up as noteUploaders } from '../../../src/catalog/migrations/0046_trash_uploaders.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { findTrashed } from '../../../src/catalog/search/trashed.ts';
import { lastTrashed } from '../../../src/catalog/search/trashed-like.ts';
import { recount } from '../../../src/catalog/totals/recount.ts';
import { databases } from '../databases.ts';
import { found, sampleFile, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

describe.each(databases)('one’s own files where one cannot look, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await fresh();
  });
  afterEach(() => catalog.close());

  const share = sampleShare('C1', T0);
  const store = async (uploaderId: string | null = 'U1') => {
    await recordShares(catalog, TEAM, [{ ...found('F1', 'C1', T0, { uploaderId }), share }], T0);
    await storeFile(catalog, 'F1');
  };
  const trash = () =>
    trashFile(catalog, {
      ...{ ref: { teamId: TEAM, fileId: 'F1' }, actorId: 'U1', channelId: 'C1' },
      ...{ purgeAt: T0 * 2, now: T0 + 5_000 },
    });
  const deleteMessage = async () => {
    const message = { channelId: 'C1', ts: share.ts as string };
    await messageIsGone(catalog, { teamId: TEAM, ...message }, T0 + 9_000);
    await removeShare(catalog, TEAM, message, T0 + 9_000);
  };
  /** What this person finds of the trash, in the two ways. */
  const foundBy = async (ownUserId: string, channelIds = ['C1']) => {
    const asked = { viewer: { teamId: TEAM, channelIds, ownUserId }, filter: { text: 'F1' }, limit: 5 };
    const few = await findTrashed(catalog, { ...asked, budget: new Budget() });
    return [few.length, (await lastTrashed(catalog, asked)).files.length];
  };

  it.each([
    ['the file and then its message', [trash, deleteMessage]],
    ['the message and then the file', [deleteMessage, trash]],
  ])('are found in the trash by who deleted %s', async (_, steps) => {
    await store();
    for (const step of steps) await step();
    expect(await foundBy('U1')).toEqual([1, 1]);
    expect(await foundBy('U2')).toEqual([0, 0]);
  });

  it('are found in the trash when they were shared once more, elsewhere', async () => {
    await store();
    await trash();
    await recordShares(catalog, TEAM, [found('F1', 'C2', T0 + 9)], T0 + 9);
    expect(await foundBy('U1', [])).toEqual([1, 1]);
    await deleteMessage();
    expect(await foundBy('U1', [])).toEqual([1, 1]);
  });

  it('are found when it is learnt only later whose they are, in the trash or not kept', async () => {
    const tell = (fileId: string) => fillIn(catalog, sampleFile(fileId, { uploaderId: 'U1' }), T0 + 9);
    await store(null);
    await trash();
    await recordShares(
      catalog,
      TEAM,
      [{ ...found('F2', 'C1', T0, { uploaderId: null }), skip: 'too_large' }],
      T0,
    );
    await tell('F1');
    expect(await foundBy('U1', [])).toEqual([1, 1]);
    await sql`delete from tally`.execute(catalog.db);
    await tell('F2');
    const viewer = { teamId: TEAM, channelIds: [], ownUserId: 'U1' };
    const { files } = await findFiles(catalog, { viewer, filter: { text: 'F2' }, limit: 5 });
    expect(files.map(({ fileId }) => fileId)).toEqual(['F2']);
  });

  it.each([
    ['an upgrade', (one: Catalog) => noteUploaders(one.db as unknown as Kysely<unknown>)],
    ['a recount', recount],
  ])('of the trash from before are found after %s', async (_, mend) => {
    await store();
    await recordShares(catalog, TEAM, [found('F2', 'C1', T0 + 1, { uploaderId: 'U1' })], T0);
    await storeFile(catalog, 'F2');
    await trash();
    await deleteMessage();
    // As it was before.
    await sql`delete from tally where files = 0`.execute(catalog.db);
    expect(await foundBy('U1')).toEqual([0, 0]);
    const sums = () => sql`select * from tally where files <> 0`.execute(catalog.db);
    const { rows: before } = await sums();
    for (let i = 0; i < 2; i++) await mend(catalog);
    expect(await foundBy('U1')).toEqual([1, 1]);
    expect((await sums()).rows).toEqual(before);
  });
});
