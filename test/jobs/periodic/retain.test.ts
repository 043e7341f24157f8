import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  claimDuePeriodicJobs,
  memoOf,
  nextPeriodicJobDueAt,
  type PeriodicJob,
} from '../../../src/catalog/alerts/periodic-jobs.ts';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { fileById } from '../../../src/catalog/files/lookup.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { auditOf } from '../../../src/catalog/governance/audit.ts';
import { setHold } from '../../../src/catalog/governance/holds.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import { retain, retention } from '../../../src/jobs/periodic/retain.ts';
import { createLog } from '../../../src/log.ts';
import type { Vault } from '../../../src/vault/context.ts';
import { databases, empty } from '../../catalog/databases.ts';
import { found, sampleFile, sampleShare, storeFile, T0, TEAM } from '../../catalog/samples.ts';

const [sqlite] = databases;
const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

describe('retention', () => {
  let catalog: Catalog;
  let vault: Vault;
  let now: number;
  const policy = { retentionDays: 30, trashDays: 7 };
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  beforeAll(async () => {
    catalog = await (sqlite as (typeof databases)[number]).fresh();
  });
  afterAll(() => catalog.close());
  beforeEach(async () => {
    await empty(catalog);
    await catalog.db.deleteFrom('chore').execute();
    now = T0;
    policy.retentionDays = 30;
    vault = { catalog, identity: { teamId: TEAM }, policy, log, now: () => now } as unknown as Vault;
    await retention.setUp(vault);
  });

  async function stored(fileId: string, channelId: string, at: number): Promise<void> {
    await recordShares(catalog, TEAM, [found(fileId, channelId, at)], at);
    await storeFile(catalog, fileId);
  }

  /** Does steps until the walk through all channels is over; returns how many it took. */
  async function walk(): Promise<number> {
    for (let steps = 1; ; steps++) {
      const [row] = await claimDuePeriodicJobs(catalog, { owner: 'w', limit: 1, leaseMs: 60_000, now });
      await retain(vault, 'w', row as PeriodicJob);
      const due = (await nextPeriodicJobDueAt(catalog)) as number;
      if (due > now) {
        expect(due).toBe(now + HOUR);
        return steps;
      }
    }
  }

  const states = async (...ids: string[]) =>
    Promise.all(ids.map(async (fileId) => (await fileById(catalog, { teamId: TEAM, fileId }))?.state));

  it('moves files whose days are over to the trash, says so, and leaves the rest', async () => {
    await stored('OLD', 'C1', T0 - 31 * DAY);
    await stored('NEW', 'C1', T0 - 29 * DAY);
    await walk();
    expect(await states('OLD', 'NEW')).toEqual(['trashed', 'stored']);
    const old = { teamId: TEAM, fileId: 'OLD' };
    expect(await fileById(catalog, old)).toMatchObject({ purgeAt: T0 + 7 * DAY });
    expect((await auditOf(catalog, old, 1))[0]).toMatchObject({ actorId: 'vault' });
    expect(await memoOf(catalog, 'retention')).toEqual({ last: { at: T0, trashed: 1 } });
    expect(lines.join()).toContain('files went to the trash: their time is over');
  });

  it('takes the days of a channel before those of the vault, and the channel that keeps a file longest', async () => {
    const rule = { teamId: TEAM, channelId: 'C2', own: { ...NO_OVERRIDES, retentionDays: 90 } };
    await saveOverrides(catalog, { ...rule, actorId: 'U1', now });
    await stored('ONE', 'C1', T0 - 31 * DAY);
    await stored('TWO', 'C2', T0 - 31 * DAY);
    await stored('BOTH', 'C1', T0 - 31 * DAY);
    const again = { file: sampleFile('BOTH'), share: sampleShare('C2', T0 - 31 * DAY) };
    await recordShares(catalog, TEAM, [again], T0);
    await walk();
    expect(await states('ONE', 'TWO', 'BOTH')).toEqual(['trashed', 'stored', 'stored']);
    now = T0 + 60 * DAY;
    await walk();
    expect(await states('TWO', 'BOTH')).toEqual(['trashed', 'trashed']);
  });

  it('keeps what is on hold', async () => {
    const scope = { personId: 'U1', channelId: null, fileId: null, sharedFrom: null, sharedUntil: null };
    await setHold(catalog, { teamId: TEAM, scope, reason: 'r', actorId: 'U9', now });
    await stored('OLD', 'C1', T0 - 31 * DAY);
    await walk();
    expect(await states('OLD')).toEqual(['stored']);
  });

  it('keeps everything if nothing limits the days', async () => {
    policy.retentionDays = 0;
    await stored('OLD', 'C1', T0 - 3_000 * DAY);
    expect(await walk()).toBe(1);
    expect(await states('OLD')).toEqual(['stored']);
  });

  it('goes on where a dead process stopped, channel by channel', async () => {
    for (const channelId of ['C1', 'C2', 'C3']) await stored(`F-${channelId}`, channelId, T0 - 31 * DAY);
    const [row] = await claimDuePeriodicJobs(catalog, { owner: 'w', limit: 1, leaseMs: 60_000, now });
    await retain(vault, 'w', row as PeriodicJob);
    // The next one dies while it holds the row; its lease runs out.
    await claimDuePeriodicJobs(catalog, { owner: 'dead', limit: 1, leaseMs: 60_000, now });
    now += 60_000;
    await walk();
    expect(await states('F-C1', 'F-C2', 'F-C3')).toEqual(['trashed', 'trashed', 'trashed']);
    expect(await memoOf(catalog, 'retention')).toEqual({ last: { at: now, trashed: 3 } });
  });

  it('stops when something goes wrong, and goes on in a minute', async () => {
    await stored('OLD', 'C1', T0 - 31 * DAY);
    const [row] = await claimDuePeriodicJobs(catalog, { owner: 'w', limit: 1, leaseMs: 60_000, now });
    let isBroken = true;
    const broken = {
      trashDays: 7,
      get retentionDays(): number {
        if (!isBroken) return 30;
        isBroken = false;
        throw new Error('no such thing');
      },
    };
    await retain({ ...vault, policy: broken } as unknown as Vault, 'w', row as PeriodicJob);
    expect(lines.at(-1)).toContain('retention stopped half-way');
    expect(await nextPeriodicJobDueAt(catalog)).toBe(now + 60_000);
    now += 60_000;
    await walk();
    expect(await states('OLD')).toEqual(['trashed']);
  });
});
