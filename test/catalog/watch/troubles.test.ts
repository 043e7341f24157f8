import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDueFiles, commitStored, failAttempt, retryFile } from '../../../src/catalog/capture.ts';
import { claimDuePosts } from '../../../src/catalog/notices.ts';
import type { Catalog } from '../../../src/catalog/open.ts';
import { recordShares } from '../../../src/catalog/shares.ts';
import {
  choreDone,
  choreSoon,
  claimDueChores,
  memoOf,
  nextChoreDueAt,
  setUpChore,
  walkAgain,
} from '../../../src/catalog/watch/chores.ts';
import { failingReasons } from '../../../src/catalog/watch/failing.ts';
import {
  clearTrouble,
  forgetTroubles,
  NOTHING_TOLD,
  openTroubles,
  raiseTrouble,
  type Told,
  tellTroubles,
} from '../../../src/catalog/watch/troubles.ts';
import { databases } from '../databases.ts';
import { found, sampleObject, T0, TEAM } from '../samples.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const removed = (channelId: string) => ({ kind: 'removed' as const, channelId });

describe.each(databases)('troubles on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await fresh();
    await setUpChore(catalog, 'patrol', T0);
  });
  afterEach(() => catalog.close());

  const claim = (now: number) => ({ owner: 'w', limit: 9, leaseMs: MINUTE, now });

  /** One patrol's telling; returns the notices of each post that became due, by topic of its first. */
  async function tell(now: number, channelIds = ['D1']): Promise<string[][]> {
    const [chore] = await claimDueChores(catalog, claim(now));
    if (chore === undefined) throw new Error('the chore is not due');
    const told = (chore.memo.told as Told | undefined) ?? NOTHING_TOLD;
    await tellTroubles(catalog, { teamId: TEAM, owner: 'w', chore, told, channelIds, dueAt: now + 1, now });
    const posts = await claimDuePosts(catalog, claim(now));
    for (const { id } of posts)
      await catalog.db
        .updateTable('post')
        .set({ dueAt: null, leaseOwner: null })
        .where('id', '=', id)
        .execute();
    return posts.map(({ id, notices }) => [String(id), ...notices.map(({ kind }) => kind)]);
  }

  it('are told once, gathered for an hour, and their end is told', async () => {
    await raiseTrouble(catalog, TEAM, removed('C1'), T0);
    await raiseTrouble(catalog, TEAM, removed('C1'), T0 + 1);
    const [first] = await tell(T0 + 1);
    expect(first?.slice(1)).toEqual(['trouble']);
    expect(await tell(T0 + 2 * MINUTE)).toEqual([]);

    // Within the hour, what comes up goes into the same message.
    await raiseTrouble(catalog, TEAM, removed('C2'), T0 + 3 * MINUTE);
    expect(await tell(T0 + 3 * MINUTE)).toEqual([[first?.[0], 'trouble', 'trouble']]);

    await clearTrouble(catalog, TEAM, 'removed C1', T0 + 4 * MINUTE);
    expect(await tell(T0 + 4 * MINUTE)).toEqual([[first?.[0], 'trouble', 'trouble', 'mended']]);
    await clearTrouble(catalog, TEAM, 'removed C2', T0 + 5 * MINUTE);
    const [edited, allClear] = await tell(T0 + 5 * MINUTE);
    expect(edited).toEqual([first?.[0], 'trouble', 'trouble', 'mended', 'mended']);
    expect(allClear?.slice(1)).toEqual(['mended']);
    expect(await tell(T0 + 6 * MINUTE)).toEqual([]);

    // After the all-clear, the next message waits until the hour is over.
    await raiseTrouble(catalog, TEAM, removed('C3'), T0 + 7 * MINUTE);
    expect(await tell(T0 + 8 * MINUTE)).toEqual([]);
    const [second] = await tell(T0 + HOUR + MINUTE);
    expect(second?.slice(1)).toEqual(['trouble']);
    expect(second?.[0]).not.toBe(first?.[0]);
  });

  it('that pass before anybody was told are forgotten', async () => {
    await raiseTrouble(catalog, TEAM, removed('C1'), T0);
    await clearTrouble(catalog, TEAM, 'removed C1', T0);
    expect(await tell(T0 + 1)).toEqual([]);
    expect(await openTroubles(catalog, TEAM)).toEqual([]);
  });

  it('are told to each admin', async () => {
    await raiseTrouble(catalog, TEAM, removed('C1'), T0);
    expect(await tell(T0, ['D1', 'D2'])).toHaveLength(2);
  });

  it('are not told by a process that lost the chore, nor remembered as told', async () => {
    await raiseTrouble(catalog, TEAM, removed('C1'), T0);
    const [chore] = await claimDueChores(catalog, claim(T0));
    const lost = {
      teamId: TEAM,
      owner: 'another',
      told: NOTHING_TOLD,
      channelIds: ['D1'],
      dueAt: T0,
      now: T0,
    };
    await expect(
      tellTroubles(catalog, { ...lost, chore: chore ?? { name: 'patrol', memo: {} } }),
    ).rejects.toThrow();
    expect(await claimDuePosts(catalog, claim(T0 + HOUR))).toEqual([]);
    expect(await openTroubles(catalog, TEAM)).toMatchObject([{ told: false }]);
  });

  it('of old removals are forgotten', async () => {
    await raiseTrouble(catalog, TEAM, removed('C1'), T0);
    await raiseTrouble(catalog, TEAM, { kind: 'scope', scope: 'x' }, T0);
    await forgetTroubles(catalog, TEAM, 'removed', T0 + 1);
    expect((await openTroubles(catalog, TEAM)).map(({ trouble }) => trouble.kind)).toEqual(['scope']);
  });

  it('chores: one owner at a time, switched off and on, hastened', async () => {
    await setUpChore(catalog, 'verify', T0 + HOUR);
    await setUpChore(catalog, 'verify', T0 + 2 * HOUR, T0 + 30 * MINUTE);
    expect(await claimDueChores(catalog, claim(T0 + 29 * MINUTE))).toMatchObject([
      { name: 'patrol', memo: {} },
    ]);
    await choreSoon(catalog, 'verify', T0 + 29 * MINUTE);
    expect(await claimDueChores(catalog, claim(T0 + 29 * MINUTE))).toMatchObject([{ name: 'verify' }]);
    expect(await choreDone(catalog, 'verify', 'another', { memo: {}, dueAt: T0 })).toBe(false);
    expect(await choreDone(catalog, 'verify', 'w', { memo: { n: 1 }, dueAt: T0 + HOUR })).toBe(true);
    expect(await memoOf(catalog, 'verify')).toEqual({ n: 1 });
    await setUpChore(catalog, 'verify', null);
    await choreSoon(catalog, 'verify', T0);
    await choreDone(catalog, 'patrol', 'w', { memo: {}, dueAt: T0 + 9 * HOUR });
    expect(await nextChoreDueAt(catalog)).toBe(T0 + 9 * HOUR);
  });

  it('a chore that goes along a list begins at its top again when something may have been missed', async () => {
    const claim = { owner: 'w', limit: 9, leaseMs: 1_000, now: T0 };
    await setUpChore(catalog, 'changes', T0);
    await claimDueChores(catalog, claim);
    const memo = { types: 2, page: 5, changed: 3 };
    await choreDone(catalog, 'changes', 'w', { memo, dueAt: T0 + 60 * MINUTE });
    await walkAgain(catalog, 'changes', T0);
    expect(await claimDueChores(catalog, claim)).toContainEqual(
      expect.objectContaining({ name: 'changes', memo: { types: 2 } }),
    );
    expect(await memoOf(catalog, 'changes')).toEqual({ types: 2 });
  });

  it('what fails for long is counted by reason, until it is stored', async () => {
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0), found('F2', 'C1', T0)], T0);
    const fail = async (fileId: string, now: number) => {
      await claimDueFiles(catalog, { owner: 'w', limit: 9, leaseMs: 1, now });
      const ref = { teamId: TEAM, fileId };
      await failAttempt(catalog, { ref, owner: 'w', code: 'bucket_busy', text: 'busy', retryAt: now, now });
    };
    await fail('F1', T0);
    const one = { code: 'bucket_busy', text: 'busy', files: 1 };
    expect(await failingReasons(catalog, TEAM, T0)).toEqual([{ ...one, long: 0 }]);
    expect(await failingReasons(catalog, TEAM, T0 + HOUR)).toEqual([{ ...one, long: 1 }]);
    for (let i = 1; i < 6; i++) await fail('F1', T0 + i);
    expect(await failingReasons(catalog, TEAM, T0 + 9)).toEqual([{ ...one, long: 1 }]);
    // While it is tried again, by itself or by hand, it still counts.
    await claimDueFiles(catalog, { owner: 'w', limit: 9, leaseMs: 1, now: T0 + 10 });
    expect(await failingReasons(catalog, TEAM, T0 + 10)).toEqual([{ ...one, long: 1 }]);
    await fail('F1', T0 + 11);
    await retryFile(catalog, { teamId: TEAM, fileId: 'F1' }, 'U1', T0 + 12);
    expect(await failingReasons(catalog, TEAM, T0 + 12)).toMatchObject([{ code: null, files: 1 }]);
    const ref = { teamId: TEAM, fileId: 'F1' };
    await commitStored(catalog, { ref, owner: 'w', object: sampleObject('F1'), confirm: 'off', now: T0 });
    expect(await failingReasons(catalog, TEAM, T0 + HOUR)).toEqual([]);
  });
});
