import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { NOTHING_TOLD, raiseAlert, tellAlerts } from '../../src/catalog/alerts/alerts.ts';
import { claimDuePeriodicJobs, setUpPeriodicJob } from '../../src/catalog/alerts/periodic-jobs.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles, skipFile } from '../../src/catalog/files/capture.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { trashFile } from '../../src/catalog/files/trash.ts';
import { expireFile } from '../../src/catalog/governance/retention.ts';
import { NO_OVERRIDES, saveOverrides } from '../../src/catalog/governance/rules.ts';
import { startBackfill } from '../../src/catalog/sweep/backfills.ts';
import { confirmJob } from '../../src/jobs/confirm.ts';
import type { JobContext } from '../../src/jobs/job.ts';
import { createLog } from '../../src/log.ts';
import { databases, empty } from '../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../catalog/samples.ts';

const [sqlite] = databases;
const DAY = 24 * 60 * 60_000;
const PEOPLE = { person: async (id: string) => ({ id, name: `Name of ${id}` }) };
const F1 = { teamId: TEAM, fileId: 'F1' };

let catalog: Catalog;
let now = T0;
beforeAll(async () => {
  catalog = await (sqlite as (typeof databases)[number]).fresh();
});
afterAll(() => catalog.close());
afterEach(async () => {
  await empty(catalog);
  now = T0;
});

/** Does everything that the job finds due; returns what Slack was told to post or edit. */
async function work() {
  const told: Array<{ method: string; channel: string; text: string; ts?: string }> = [];
  const slack = {
    async call(
      method: string,
      args: { channel: string; text: string; ts?: string },
      o: { beforeSend?(): void },
    ) {
      await o?.beforeSend?.();
      const { channel, text, ts } = args;
      told.push({ method, channel, text, ...(ts === undefined ? {} : { ts }) });
      return { ts: `${told.length}.000100` };
    },
  };
  const policy = {
    confirm: 'thread',
    reaction: 'x',
    maxFileBytes: null,
    excludeTypes: new Set(),
    retentionDays: 0,
  };
  const log = createLog('error', { write: () => {} });
  const job = confirmJob({
    vault: { catalog, slack, policy, log, people: PEOPLE, now: () => now },
    owner: 'w',
    due: (limit: number) => ({ owner: 'w', limit, leaseMs: 60_000, now }),
  } as unknown as JobContext);
  for (;;) {
    const due = await job.nextDueAt();
    if (due === null) return told;
    now = Math.max(now, due);
    for (const post of await job.claim(job.concurrency)) await job.work(post, AbortSignal.timeout(60_000));
  }
}

const recorded = (fileId = 'F1') => recordShares(catalog, TEAM, [found(fileId, 'C1', T0)], T0);
const stored = async () => {
  await recorded();
  await storeFile(catalog, 'F1');
};

test('tells that a file was stored, in its channel, and adds what comes later by editing', async () => {
  await recorded();
  await storeFile(catalog, 'F1', { confirm: 'thread' });
  expect(await work()).toEqual([
    { method: 'chat.postMessage', channel: 'C1', text: expect.stringContaining('F1.pdf') },
  ]);
  expect(await work()).toEqual([]);
  await recorded('F2');
  await storeFile(catalog, 'F2', { confirm: 'thread' });
  expect(await work()).toMatchObject([
    { method: 'chat.update', ts: '1.000100', text: expect.stringContaining('2 files') },
  ]);
});

test('tells of a file that was not kept because it is too large', async () => {
  await recorded();
  await claimDueFiles(catalog, { owner: 'c', limit: 1, leaseMs: 60_000, now });
  await skipFile(catalog, { ref: F1, owner: 'c', reason: 'too_large', confirm: 'thread', now });
  const [message] = await work();
  expect(message?.text).toContain('F1.pdf');
});

test('tells of what went to the trash', async () => {
  await stored();
  await trashFile(catalog, { ref: F1, actorId: 'U2', channelId: 'C1', purgeAt: T0 + DAY, now });
  const [trashed] = await work();
  expect(trashed).toMatchObject({ method: 'chat.postMessage', channel: 'C1' });
  expect(trashed?.text).toBe('Name of U2 deleted F1.pdf.');
});

test('tells of changed rules, and of files whose time is over, without naming them', async () => {
  await stored();
  now = T0 + 9 * DAY;
  await saveOverrides(catalog, {
    ...{ teamId: TEAM, channelId: 'C1', actorId: 'U1', now },
    own: { ...NO_OVERRIDES, retentionDays: 7 },
  });
  expect(
    await expireFile(catalog, { ref: F1, channelId: 'C1', defaultDays: 0, purgeAt: now + DAY, now }),
  ).toBe(true);
  const told = await work();
  expect(told.map(({ channel }) => channel)).toEqual(['C1', 'C1']);
  expect(told.map(({ text }) => text)).toEqual([
    'Name of U1 changed the settings here: files go to the trash after 7 days.',
    '1 file went to the trash: its time here is over.',
  ]);
});

test('tells how far a backfill has come', async () => {
  const start = { teamId: TEAM, channelId: 'C1', requestedBy: 'U1', channelCreatedAt: null, now };
  await startBackfill(catalog, start);
  expect(await work()).toMatchObject([{ method: 'chat.postMessage', channel: 'C1' }]);
});

test('tells admins what needs a hand', async () => {
  await setUpPeriodicJob(catalog, 'patrol', now);
  const [periodicJob] = await claimDuePeriodicJobs(catalog, { owner: 's', limit: 1, leaseMs: 9_999, now });
  await raiseAlert(catalog, TEAM, { kind: 'removed', channelId: 'C7' }, now);
  const telling = { teamId: TEAM, owner: 's', told: NOTHING_TOLD, channelIds: ['D9'], dueAt: now + DAY, now };
  await tellAlerts(catalog, { ...telling, periodicJob: periodicJob ?? { name: 'patrol', memo: {} } });
  const [message] = await work();
  expect(message).toMatchObject({ method: 'chat.postMessage', channel: 'D9' });
  expect(message?.text).toContain('C7');
});
