import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { fileById } from '../../../src/catalog/files/lookup.ts';
import { moveChannel } from '../../../src/catalog/files/move-channel.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { claimPurges, nextPurgeDueAt, restoreFile, trashFile } from '../../../src/catalog/files/trash.ts';
import {
  applyHold,
  applyHoldsAgain,
  claimDueHolds,
  countHolds,
  type HoldScope,
  holdsInForce,
  isHeld,
  liftHold,
  nextHoldDueAt,
  setHold,
} from '../../../src/catalog/governance/holds.ts';
import {
  claimDueObjectHolds,
  LEGAL_HOLD,
  markOurs,
  objectHoldDone,
} from '../../../src/catalog/governance/object-holds.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleFile, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

const nothing: HoldScope = {
  personId: null,
  channelId: null,
  fileId: null,
  sharedFrom: null,
  sharedUntil: null,
};
const F1 = { teamId: TEAM, fileId: 'F1' };

describe.each(databases)('holds on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  beforeEach(async () => {
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
    await storeFile(catalog, 'F1');
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const set = (scope: Partial<HoldScope>, now = T0) =>
    setHold(catalog, { teamId: TEAM, scope: { ...nothing, ...scope }, reason: 'why', actorId: 'U9', now });
  const lift = (holdId: string, now = T0) => liftHold(catalog, { teamId: TEAM, holdId, actorId: 'U8', now });
  const claim = (now: number, limit = 5) => claimPurges(catalog, { owner: 'p', limit, leaseMs: 500, now });
  const trash = (fileId = 'F1') =>
    trashFile(catalog, {
      ref: { teamId: TEAM, fileId },
      ...{ actorId: 'U1', channelId: 'C1', purgeAt: T0 + 1_000, now: T0 },
    });
  async function walk(now = T0): Promise<void> {
    for (const hold of await claimDueHolds(catalog, { owner: 'w', limit: 9, leaseMs: 99, now }))
      expect(await applyHold(catalog, hold, 'w', { objectLock: true, now })).toBe(true);
  }

  /** As if the bucket had been told. */
  async function applyAll(now: number): Promise<void> {
    for (const row of await claimDueObjectHolds(catalog, { owner: 'o', limit: 9, leaseMs: 9, now }))
      await objectHoldDone(catalog, row, 'o', { applied: LEGAL_HOLD.ours, now });
  }

  test.each<[string, Partial<HoldScope>, boolean]>([
    ['everything', {}, true],
    ['its uploader', { personId: 'U1' }, true],
    ['somebody else', { personId: 'U7' }, false],
    ['its channel', { channelId: 'C1' }, true],
    ['another channel', { channelId: 'C2' }, false],
    ['the file', { fileId: 'F1' }, true],
    ['another file', { fileId: 'F2' }, false],
    ['a time from its moment on', { sharedFrom: T0 }, true],
    ['a time after it', { sharedFrom: T0 + 1 }, false],
    ['a time that ends with its moment', { sharedUntil: T0 }, false],
    ['a time that ends just after', { sharedUntil: T0 + 1 }, true],
    ['a combination', { personId: 'U1', channelId: 'C1', sharedFrom: T0, sharedUntil: T0 + 1 }, true],
    ['a combination that fails in one', { personId: 'U1', channelId: 'C2' }, false],
  ])('a hold of %s', async (_, scope, covers) => {
    await set(scope);
    expect(await isHeld(catalog, F1)).toBe(covers);
    expect(await trash()).toBe(covers ? 'held' : 'trashed');
  });

  test('on a person covers files of others that they shared; on a channel, also what comes later', async () => {
    await set({ personId: 'U5' });
    await set({ channelId: 'C5' });
    expect(await isHeld(catalog, F1)).toBe(false);
    const share = sampleShare('C4', T0 + 5, { userId: 'U5' });
    await recordShares(catalog, TEAM, [{ file: sampleFile('F1'), share }], T0);
    expect(await isHeld(catalog, F1)).toBe(true);
    await recordShares(catalog, TEAM, [found('F2', 'C5', T0)], T0);
    expect(await isHeld(catalog, { teamId: TEAM, fileId: 'F2' })).toBe(true);
  });

  test('follows its channel to another id', async () => {
    await set({ channelId: 'C1' });
    await moveChannel(catalog, TEAM, 'C1', 'C9');
    expect(await isHeld(catalog, F1)).toBe(true);
    expect((await holdsInForce(catalog, TEAM, 9))[0]?.channelId).toBe('C9');
  });

  test('keeps what is in the trash already; lifting lets it go at once, and only the last hold counts', async () => {
    await trash();
    const { holdId } = await set({ fileId: 'F1' });
    const { holdId: other } = await set({ personId: 'U1' });
    expect(await claim(T0 + 2_000)).toEqual([]);
    expect(await nextPurgeDueAt(catalog)).toBeGreaterThan(T0 + 2_000);
    expect(await lift(holdId)).toBe(true);
    await walk(T0 + 1);
    expect(await claim(T0 + 2_000)).toEqual([]);
    await applyAll(T0 + 1);
    expect(await lift(other)).toBe(true);
    await walk();
    // As far as is known here, the bucket was told to hold it. It must be told otherwise first.
    expect(await claim(T0 + 2_000)).toEqual([]);
    const [row] = await claimDueObjectHolds(catalog, { owner: 'o', limit: 9, leaseMs: 99, now: T0 + 1 });
    expect(row?.applied).toBe(LEGAL_HOLD.ours);
    expect(await objectHoldDone(catalog, row as never, 'o', { applied: LEGAL_HOLD.none, now: T0 })).toBe(
      true,
    );
    expect((await claim(T0 + 2_000)).map(({ fileId }) => fileId)).toEqual(['F1']);
  });

  test('what is held may be restored', async () => {
    await trash();
    await set({ fileId: 'F1' });
    expect(await restoreFile(catalog, { ref: F1, actorId: 'U1', now: T0 })).toBe('restored');
  });

  test('many held files in the trash do not keep the others from going', async () => {
    const ids = Array.from({ length: 130 }, (_, i) => `G${i}`);
    await recordShares(
      catalog,
      TEAM,
      ids.map((id) => found(id, 'C2', T0)),
      T0,
    );
    for (const id of ids) await storeFile(catalog, id);
    for (const id of ids) await trash(id);
    await trash();
    await set({ channelId: 'C2' });
    expect((await claim(T0 + 2_000, 50)).map(({ fileId }) => fileId)).toEqual(['F1']);
    expect(await claim(T0 + 3_000, 50)).toEqual([expect.objectContaining({ fileId: 'F1' })]);
  });

  test('tells of files whose purge had begun', async () => {
    await trash();
    await claim(T0 + 2_000);
    expect((await set({ fileId: 'F1' })).tooLate).toBe(1);
    expect((await set({ fileId: 'F2' })).tooLate).toBe(0);
  });

  test('are listed newest first with how many files they cover, and audited', async () => {
    await set({ channelId: 'C1' }, T0);
    const { holdId } = await set({ fileId: 'F9' }, T0 + 1);
    await walk(T0 + 1);
    expect(await nextHoldDueAt(catalog)).toBeNull();
    const holds = await holdsInForce(catalog, TEAM, 9);
    expect(holds.map(({ fileId, walked, isWalking }) => [fileId, walked, isWalking])).toEqual([
      ['F9', 0, false],
      [null, 1, false],
    ]);
    await lift(holdId);
    expect(await lift(holdId)).toBe(false);
    expect(await countHolds(catalog, TEAM)).toBe(1);
    const entries = await catalog.db
      .selectFrom('audit')
      .select(['action', 'actorId'])
      .orderBy('id')
      .execute();
    expect(entries.map(({ action, actorId }) => `${actorId} ${action}`)).toEqual([
      'vault stored',
      'U9 hold_set',
      'U9 hold_set',
      'U8 hold_lifted',
    ]);
  });

  test('where Object Lock comes later, all files on hold are walked through again, whatever is held already', async () => {
    await set({ personId: 'U1' });
    await walk();
    await applyHoldsAgain(catalog, T0 + 5);
    expect((await claimDueHolds(catalog, { owner: 'w', limit: 9, leaseMs: 1, now: T0 + 5 })).length).toBe(1);
  });

  test('a file that is stored under a hold has its object looked at; changes meanwhile are not forgotten', async () => {
    await set({ channelId: 'C1' });
    await recordShares(catalog, TEAM, [found('F2', 'C1', T0)], T0);
    await storeFile(catalog, 'F2');
    const due = () => claimDueObjectHolds(catalog, { owner: 'o', limit: 9, leaseMs: 99, now: T0 + 5 });
    const [row] = await due();
    expect(row?.fileId).toBe('F2');
    expect(await markOurs(catalog, row as never, 'o')).toBe(true);
    await walk(T0 + 5); // Asks once more, while the bucket is being told.
    expect(await objectHoldDone(catalog, row as never, 'o', { applied: LEGAL_HOLD.ours, now: T0 + 5 })).toBe(
      true,
    );
    expect((await due()).map(({ fileId }) => fileId).sort()).toEqual(['F1', 'F2']);
    expect(await markOurs(catalog, row as never, 'somebody else')).toBe(false);
    expect((await fileById(catalog, F1))?.state).toBe('stored');
  });
});
