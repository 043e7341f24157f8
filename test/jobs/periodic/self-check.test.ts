import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openAlerts, raiseAlert } from '../../../src/catalog/alerts/alerts.ts';
import { noFindings } from '../../../src/catalog/alerts/findings.ts';
import {
  claimDuePeriodicJobs,
  nextPeriodicJobDueAt,
  type PeriodicJob,
  periodicJobDone,
  setUpPeriodicJob,
} from '../../../src/catalog/alerts/periodic-jobs.ts';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { claimDueFiles, failAttempt, retryFile } from '../../../src/catalog/files/capture.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { claimDuePosts } from '../../../src/catalog/notices/notices.ts';
import { ownCheck } from '../../../src/jobs/periodic/self-check.ts';
import { createLog } from '../../../src/log.ts';
import { SlackApiError } from '../../../src/slack/api-error.ts';
import { BOT_SCOPES } from '../../../src/slack/scopes.ts';
import type { Vault } from '../../../src/vault/context.ts';
import { databases, empty } from '../../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../../catalog/samples.ts';

const [sqlite] = databases;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('the vault looks after itself', () => {
  let catalog: Catalog;
  let vault: Vault;
  let now: number;
  let scopes: string[];
  let isSlackAway: boolean;
  let woken: number;
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const slack = {
    async call(method: string) {
      if (isSlackAway) throw new SlackApiError(method, 'no_answer', { temporary: true });
      if (method === 'auth.test') return { response_metadata: { scopes } };
      if (method === 'users.info') return { user: { id: 'U9', team_id: TEAM } };
      if (method === 'conversations.open') return { channel: { id: 'D9' } };
      throw new Error(`nobody asks for ${method}`);
    },
  };
  beforeAll(async () => {
    catalog = await (sqlite as (typeof databases)[number]).fresh();
  });
  afterAll(() => catalog.close());
  beforeEach(async () => {
    await empty(catalog);
    for (const table of ['chore', 'trouble'] as const) await catalog.db.deleteFrom(table).execute();
    [now, scopes, isSlackAway, woken] = [T0, Object.keys(BOT_SCOPES), false, 0];
    lines.length = 0;
    vault = {
      ...{ catalog, slack, log, identity: { teamId: TEAM }, policy: { admins: new Set(['U9']) } },
      now: () => now,
      wake: () => void woken++,
    } as unknown as Vault;
    await ownCheck.setUp(vault);
  });

  /** Looks once, at the next moment that it is due or later. */
  async function check(at = now): Promise<void> {
    now = Math.max(at, (await nextPeriodicJobDueAt(catalog)) ?? 0);
    const [row] = await claimDuePeriodicJobs(catalog, { owner: 'w', limit: 1, leaseMs: MINUTE, now });
    expect(row?.name).toBe('patrol');
    await ownCheck.work(vault, 'w', row as PeriodicJob, AbortSignal.timeout(MINUTE));
  }

  const alerts = async () => (await openAlerts(catalog, TEAM)).map(({ alert }) => alert);
  const posts = async () => claimDuePosts(catalog, { owner: 'p', limit: 9, leaseMs: 1, now });

  async function failing(fileId: string): Promise<void> {
    await recordShares(catalog, TEAM, [found(fileId, 'C1', now)], now);
    await claimDueFiles(catalog, { owner: 'c', limit: 9, leaseMs: MINUTE, now });
    const failure = { code: 'bucket_credentials', text: 'no', retryAt: now + HOUR, now };
    await failAttempt(catalog, { ref: { teamId: TEAM, fileId }, owner: 'c', ...failure });
  }

  it('has nothing to say when all is well, and looks again in a few seconds', async () => {
    await check();
    expect([await alerts(), await posts(), woken]).toEqual([[], [], 1]);
    expect(await nextPeriodicJobDueAt(catalog)).toBe(now + 15_000);
  });

  it('reports files that fail for an hour, not a short failure, and says when they are stored again', async () => {
    await failing('F1');
    await check();
    expect(await alerts()).toEqual([]);
    await check(T0 + HOUR);
    expect(await alerts()).toMatchObject([{ kind: 'failing', code: 'bucket_credentials', files: 1 }]);
    expect(await posts()).toMatchObject([{ kind: 'trouble', channelId: 'D9' }]);
    now += MINUTE;
    await storeFile(catalog, 'F1');
    await check();
    expect(await alerts()).toEqual([]);
  });

  it('does not say that all is well while a file is only being tried again', async () => {
    await failing('F1');
    await check(T0 + HOUR);
    await retryFile(catalog, { teamId: TEAM, fileId: 'F1' }, 'U1', now);
    await check();
    expect(await alerts()).toMatchObject([{ kind: 'failing' }]);
  });

  it('asks for the scopes once an hour, and reports missing ones until they are back', async () => {
    scopes = scopes.filter((scope) => scope !== 'groups:history');
    await check();
    expect(await alerts()).toEqual([]);
    await check(T0 + HOUR);
    expect(await alerts()).toEqual([{ kind: 'scope', scope: 'groups:history' }]);
    scopes = Object.keys(BOT_SCOPES);
    await check(T0 + HOUR + 30 * MINUTE);
    expect(await alerts()).toHaveLength(1);
    await check(T0 + 2 * HOUR);
    expect(await alerts()).toEqual([]);
  });

  it('tells what the last comparison found, until another finds nothing', async () => {
    const compared = async (missing: number) => {
      await setUpPeriodicJob(catalog, 'verify', now, now);
      const claim = { owner: 'v', limit: 9, leaseMs: 1, now: now + DAY };
      await claimDuePeriodicJobs(catalog, claim);
      const last = { counts: { ...noFindings(), missing } };
      await periodicJobDone(catalog, 'verify', 'v', { memo: { last }, dueAt: now + 9 * DAY });
    };
    await compared(2);
    await check();
    expect(await alerts()).toMatchObject([{ kind: 'verify', counts: { missing: 2 } }]);
    await compared(0);
    await check();
    expect(await alerts()).toEqual([]);
  });

  it('forgets what nobody acted on: a removal after a week, a question after a month', async () => {
    await raiseAlert(catalog, TEAM, { kind: 'removed', channelId: 'C1' }, T0);
    await raiseAlert(catalog, TEAM, { kind: 'renewed', from: 'G1', to: 'C2', name: null }, T0);
    await check(T0 + 7 * DAY);
    expect((await alerts()).map(({ kind }) => kind).sort()).toEqual(['removed', 'renewed']);
    await check(T0 + 7 * DAY + 1);
    expect((await alerts()).map(({ kind }) => kind)).toEqual(['renewed']);
    await check(T0 + 30 * DAY + 1);
    expect(await alerts()).toEqual([]);
  });

  it('tries again, less and less often, when Slack does not say whom to tell; nothing is told twice or forgotten', async () => {
    await raiseAlert(catalog, TEAM, { kind: 'removed', channelId: 'C1' }, T0);
    isSlackAway = true;
    await check();
    expect(lines.at(-1)).toContain('the vault could not look after itself; trying again');
    const wait = ((await nextPeriodicJobDueAt(catalog)) as number) - now;
    expect(wait).toBeGreaterThanOrEqual(15_000);
    await check();
    expect(((await nextPeriodicJobDueAt(catalog)) as number) - now).toBeGreaterThanOrEqual(wait);
    expect(await posts()).toEqual([]);
    isSlackAway = false;
    await check();
    expect(await posts()).toHaveLength(1);
    await check();
    expect((await openAlerts(catalog, TEAM)).map(({ told }) => told)).toEqual([true]);
  });
});
