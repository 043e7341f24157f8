import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  clearAlert,
  forgetAlerts,
  NOTHING_TOLD,
  openAlerts,
  raiseAlert,
  type Told,
  tellAlerts,
} from '../../../src/catalog/alerts/alerts.ts';
import { failingReasons } from '../../../src/catalog/alerts/failing.ts';
import {
  claimDuePeriodicJobs,
  makeDueAgain,
  memoOf,
  nextPeriodicJobDueAt,
  periodicJobDone,
  periodicJobSoon,
  setUpPeriodicJob,
} from '../../../src/catalog/alerts/periodic-jobs.ts';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { claimDueFiles, commitStored, failAttempt, retryFile } from '../../../src/catalog/files/capture.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { claimDuePosts } from '../../../src/catalog/notices/notices.ts';
import { databases } from '../databases.ts';
import { found, sampleObject, T0, TEAM } from '../samples.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const removed = (channelId: string) => ({ kind: 'removed' as const, channelId });

describe.each(databases)('alerts on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await fresh();
    await setUpPeriodicJob(catalog, 'patrol', T0);
  });
  afterEach(() => catalog.close());

  const claim = (now: number) => ({ owner: 'w', limit: 9, leaseMs: MINUTE, now });

  /** What one self-check tells; returns the notices of each post that became due, by topic of its first. */
  async function tell(now: number, channelIds = ['D1']): Promise<string[][]> {
    const [periodicJob] = await claimDuePeriodicJobs(catalog, claim(now));
    if (periodicJob === undefined) throw new Error('the periodic job is not due');
    const told = (periodicJob.memo.told as Told | undefined) ?? NOTHING_TOLD;
    await tellAlerts(catalog, {
      teamId: TEAM,
      owner: 'w',
      periodicJob,
      told,
      channelIds,
      dueAt: now + 1,
      now,
    });
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
    await raiseAlert(catalog, TEAM, removed('C1'), T0);
    await raiseAlert(catalog, TEAM, removed('C1'), T0 + 1);
    const [first] = await tell(T0 + 1);
    expect(first?.slice(1)).toEqual(['trouble']);
    expect(await tell(T0 + 2 * MINUTE)).toEqual([]);

    // New alerts within the hour go into the same message.
    await raiseAlert(catalog, TEAM, removed('C2'), T0 + 3 * MINUTE);
    expect(await tell(T0 + 3 * MINUTE)).toEqual([[first?.[0], 'trouble', 'trouble']]);

    await clearAlert(catalog, TEAM, 'removed C1', T0 + 4 * MINUTE);
    expect(await tell(T0 + 4 * MINUTE)).toEqual([[first?.[0], 'trouble', 'trouble', 'mended']]);
    await clearAlert(catalog, TEAM, 'removed C2', T0 + 5 * MINUTE);
    const [edited, allClear] = await tell(T0 + 5 * MINUTE);
    expect(edited).toEqual([first?.[0], 'trouble', 'trouble', 'mended', 'mended']);
    expect(allClear?.slice(1)).toEqual(['mended']);
    expect(await tell(T0 + 6 * MINUTE)).toEqual([]);

    // After the all-clear, the next message waits until the hour is over.
    await raiseAlert(catalog, TEAM, removed('C3'), T0 + 7 * MINUTE);
    expect(await tell(T0 + 8 * MINUTE)).toEqual([]);
    const [second] = await tell(T0 + HOUR + MINUTE);
    expect(second?.slice(1)).toEqual(['trouble']);
    expect(second?.[0]).not.toBe(first?.[0]);
  });

  it('that end before anybody was told are forgotten', async () => {
    await raiseAlert(catalog, TEAM, removed('C1'), T0);
    await clearAlert(catalog, TEAM, 'removed C1', T0);
    expect(await tell(T0 + 1)).toEqual([]);
    expect(await openAlerts(catalog, TEAM)).toEqual([]);
  });

  it('are told to each admin', async () => {
    await raiseAlert(catalog, TEAM, removed('C1'), T0);
    expect(await tell(T0, ['D1', 'D2'])).toHaveLength(2);
  });

  it('are neither told nor remembered as told by a process that lost the periodic job', async () => {
    await raiseAlert(catalog, TEAM, removed('C1'), T0);
    const [periodicJob] = await claimDuePeriodicJobs(catalog, claim(T0));
    const lost = {
      teamId: TEAM,
      owner: 'another',
      told: NOTHING_TOLD,
      channelIds: ['D1'],
      dueAt: T0,
      now: T0,
    };
    await expect(
      tellAlerts(catalog, { ...lost, periodicJob: periodicJob ?? { name: 'patrol', memo: {} } }),
    ).rejects.toThrow();
    expect(await claimDuePosts(catalog, claim(T0 + HOUR))).toEqual([]);
    expect(await openAlerts(catalog, TEAM)).toMatchObject([{ told: false }]);
  });

  it('of old removals are forgotten', async () => {
    await raiseAlert(catalog, TEAM, removed('C1'), T0);
    await raiseAlert(catalog, TEAM, { kind: 'scope', scope: 'x' }, T0);
    await forgetAlerts(catalog, TEAM, 'removed', T0 + 1);
    expect((await openAlerts(catalog, TEAM)).map(({ alert }) => alert.kind)).toEqual(['scope']);
  });

  it('periodic jobs: one owner at a time, switched off and on, made due earlier', async () => {
    await setUpPeriodicJob(catalog, 'verify', T0 + HOUR);
    await setUpPeriodicJob(catalog, 'verify', T0 + 2 * HOUR, T0 + 30 * MINUTE);
    expect(await claimDuePeriodicJobs(catalog, claim(T0 + 29 * MINUTE))).toMatchObject([
      { name: 'patrol', memo: {} },
    ]);
    await periodicJobSoon(catalog, 'verify', T0 + 29 * MINUTE);
    expect(await claimDuePeriodicJobs(catalog, claim(T0 + 29 * MINUTE))).toMatchObject([{ name: 'verify' }]);
    expect(await periodicJobDone(catalog, 'verify', 'another', { memo: {}, dueAt: T0 })).toBe(false);
    expect(await periodicJobDone(catalog, 'verify', 'w', { memo: { n: 1 }, dueAt: T0 + HOUR })).toBe(true);
    expect(await memoOf(catalog, 'verify')).toEqual({ n: 1 });
    await setUpPeriodicJob(catalog, 'verify', null);
    await periodicJobSoon(catalog, 'verify', T0);
    await periodicJobDone(catalog, 'patrol', 'w', { memo: {}, dueAt: T0 + 9 * HOUR });
    expect(await nextPeriodicJobDueAt(catalog)).toBe(T0 + 9 * HOUR);
  });

  it('a periodic job that goes along a list begins at its top again when something may have been missed', async () => {
    const claim = { owner: 'w', limit: 9, leaseMs: 1_000, now: T0 };
    await setUpPeriodicJob(catalog, 'changes', T0);
    await claimDuePeriodicJobs(catalog, claim);
    const memo = { types: 2, page: 5, changed: 3 };
    await periodicJobDone(catalog, 'changes', 'w', { memo, dueAt: T0 + 60 * MINUTE });
    await makeDueAgain(catalog, 'changes', T0);
    expect(await claimDuePeriodicJobs(catalog, claim)).toContainEqual(
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
    // It still counts while it is tried again, automatically or by hand.
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
