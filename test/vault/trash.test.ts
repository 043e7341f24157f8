import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { upsertChannel } from '../../src/catalog/files/channels.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { claimPurges } from '../../src/catalog/files/trash.ts';
import { auditOf } from '../../src/catalog/governance/audit.ts';
import { setHold } from '../../src/catalog/governance/holds.ts';
import { fileToPurge, moveToTrash, purge, restore, trashPage } from '../../src/vault/trash.ts';
import { empty } from '../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../catalog/samples.ts';
import { ADMIN, ANN, AUDITOR, BEN, EVE, freshCatalog, type World, worldOf } from './governed.ts';

const DAY = 86_400_000;
const F1 = { teamId: TEAM, fileId: 'F1' };

describe('the trash, for people', () => {
  let catalog: Catalog;
  let world: World;
  beforeAll(async () => {
    catalog = await freshCatalog();
  });
  beforeEach(async () => {
    world = await worldOf(catalog);
    const shares = [found('F1', 'C1', T0, { uploaderId: ANN }), found('F2', 'C1', T0, { uploaderId: BEN })];
    await recordShares(catalog, TEAM, shares, T0);
    await storeFile(catalog, 'F1');
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const stateOf = async () => (await fileById(catalog, F1))?.state;
  const trash = (userId: string) => moveToTrash(world.vault, { userId, fileId: 'F1', channelId: 'C1' });
  const take = (userId: string) => restore(world.vault, { userId, fileId: 'F1' });
  const page = (userId: string, channelId = 'C1') =>
    trashPage(world.vault, { userId, channelId, after: null, limit: 10 });
  const hold = () =>
    setHold(catalog, {
      ...{ teamId: TEAM, reason: 'court', actorId: ADMIN, now: T0 },
      scope: { personId: ANN, channelId: null, fileId: null, sharedFrom: null, sharedUntil: null },
    });

  it.each([
    ['somebody who cannot see it', EVE, 'no_such_file'],
    ['a member who did not upload it', BEN, 'may_not_delete'],
    ['an auditor', AUDITOR, 'may_not_delete'],
  ])('%s neither deletes nor restores nor purges a file', async (_, userId, code) => {
    await expect(trash(userId)).rejects.toMatchObject({ code });
    expect(await stateOf()).toBe('stored');
    await trash(ANN);
    await expect(take(userId)).rejects.toMatchObject({ code });
    const typed = { userId, fileId: 'F1', typed: 'DELETE', forget: false };
    await expect(purge(world.vault, typed)).rejects.toMatchObject({ code: 'admins_only' });
    await expect(fileToPurge(world.vault, typed)).rejects.toMatchObject({ code: 'admins_only' });
    expect(await stateOf()).toBe('trashed');
  });

  it('an admin who cannot see a file does not purge it either', async () => {
    await recordShares(catalog, TEAM, [found('F3', 'C0ELSEWHERE', T0, { uploaderId: ANN })], T0);
    await storeFile(catalog, 'F3');
    await moveToTrash(world.vault, { userId: ANN, fileId: 'F3', channelId: null });
    const asked = { userId: ADMIN, fileId: 'F3', typed: 'DELETE', forget: false };
    await expect(purge(world.vault, asked)).rejects.toMatchObject({ code: 'no_such_file' });
  });

  it('the uploader deletes and restores it, once each', async () => {
    expect(await trash(ANN)).toMatchObject({ file: { fileId: 'F1' }, purgeAt: T0 + 30 * DAY });
    await expect(trash(ANN)).rejects.toMatchObject({ code: 'already_trashed' });
    expect(await take(ANN)).toMatchObject({ fileId: 'F1' });
    await expect(take(ANN)).rejects.toMatchObject({ code: 'not_trashed' });
    expect(world.woken).toContain('all');
    await expect(
      moveToTrash(world.vault, { userId: BEN, fileId: 'F2', channelId: 'C1' }),
    ).rejects.toMatchObject({ code: 'not_stored' });
  });

  it('a file that is being removed for good is not restored', async () => {
    await trash(ANN);
    await claimPurges(catalog, { owner: 'w', limit: 1, leaseMs: 1_000, now: T0 + 31 * DAY });
    await expect(take(ANN)).rejects.toMatchObject({ code: 'purged' });
  });

  it('a page is only for people who see the channel', async () => {
    await trash(ANN);
    await expect(page(EVE)).rejects.toMatchObject({ code: 'not_a_member' });
    await expect(page(ANN, 'C2')).rejects.toMatchObject({ code: 'not_a_member' });
    world.botIn.delete('C1');
    await expect(page(ANN)).rejects.toMatchObject({ code: 'bot_removed' });
  });

  it('a page says what each person may do with each file', async () => {
    await trash(ANN);
    const mine = { channelId: 'C1', hasMore: false, isAdmin: false };
    expect(await page(ANN)).toMatchObject({ ...mine, files: [{ fileId: 'F1', mayRestore: true }] });
    expect(await page(BEN)).toMatchObject({ ...mine, files: [{ fileId: 'F1', mayRestore: false }] });
    expect(await page(ADMIN)).toMatchObject({ isAdmin: true, files: [{ mayRestore: true }] });
  });

  it('a hold refuses everybody, and is named only to who may know of holds', async () => {
    await hold();
    const notNow = 'This file can’t be deleted right now. Ask an admin.';
    await expect(trash(ANN)).rejects.toMatchObject({ code: 'not_deletable', told: notNow });
    await expect(trash(ADMIN)).rejects.toMatchObject({
      ...{ code: 'not_deletable', message: notNow },
      told: expect.stringContaining('on hold'),
    });
    expect(await stateOf()).toBe('stored');
  });

  it('a page tells of holds only to who may know of them, and nobody purges what is held', async () => {
    await trash(ANN);
    await hold();
    expect((await page(ANN)).files).toMatchObject([{ isHeld: false }]);
    expect((await page(AUDITOR)).files).toMatchObject([{ isHeld: true }]);
    const asked = { userId: ADMIN, fileId: 'F1', typed: 'DELETE', forget: false };
    await expect(purge(world.vault, asked)).rejects.toMatchObject({ code: 'not_deletable' });
  });

  it('what was one person’s alone is in that person’s own trash, wherever there is no channel', async () => {
    await upsertChannel(catalog, { teamId: TEAM, channelId: ANN, kind: 'im', imUserId: ANN });
    const mine = found('F7', ANN, T0, { uploaderId: ANN });
    await recordShares(catalog, TEAM, [{ ...mine, share: { ...mine.share, channelKind: null } }], T0);
    await storeFile(catalog, 'F7');
    expect(await page(ANN)).toMatchObject({ isOwn: false, hasOwn: false });
    await moveToTrash(world.vault, { userId: ANN, fileId: 'F7', channelId: null });
    await trash(ANN);
    const ids = async (userId: string, channelId: string) =>
      (await page(userId, channelId)).files.map(({ fileId }) => fileId);
    for (const place of [ANN, 'D0BOT']) expect(await ids(ANN, place)).toEqual(['F7']);
    // In a channel it is a click away.
    expect(await page(ANN)).toMatchObject({ files: [{ fileId: 'F1' }], hasOwn: true });
    // Whoever names another person’s place gets their own.
    for (const place of [ANN, 'D0BOT']) expect(await ids(ADMIN, place)).toEqual([]);
    expect(await page(ADMIN)).toMatchObject({ hasOwn: false });
    expect(await restore(world.vault, { userId: ANN, fileId: 'F7' })).toMatchObject({ fileId: 'F7' });
  });

  it('an admin purges what is in the trash, with the name or the word', async () => {
    const asked = { userId: ADMIN, fileId: 'F1', typed: 'f1.pdf', forget: true };
    await expect(purge(world.vault, asked)).rejects.toMatchObject({ code: 'not_trashed' });
    await trash(ANN);
    await expect(purge(world.vault, asked)).rejects.toMatchObject({ code: 'not_confirmed' });
    expect(await fileById(catalog, F1)).toMatchObject({ purgeAt: T0 + 30 * DAY });
    expect(await purge(world.vault, { ...asked, typed: 'F1.pdf' })).toMatchObject({ fileId: 'F1' });
    expect(await fileById(catalog, F1)).toMatchObject({ purgeAt: T0, dueAt: T0 });
    expect((await auditOf(catalog, F1, 1))[0]).toMatchObject({ actorId: ADMIN, action: 'purge_ordered' });
  });
});
