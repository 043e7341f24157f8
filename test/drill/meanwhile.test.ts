// @slow: whole drills.
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { openScratch } from '../../src/catalog/db/scratch.ts';
import { upsertChannel } from '../../src/catalog/files/channels.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { claimPurges, commitPurged, trashFile } from '../../src/catalog/files/trash.ts';
import { tellEverything } from '../../src/catalog/journal/journal.ts';
import { databases, empty } from '../catalog/databases.ts';
import { found, T0, TEAM } from '../catalog/samples.ts';
import { openTarget, type Target } from '../storage/target.ts';
import { filled, type SmallVault, smallVault } from './drilled.ts';

describe.each(databases)('while a drill runs on $name', ({ fresh }) => {
  let target: Target;
  let catalog: Catalog;
  let vault: SmallVault;
  beforeAll(async () => {
    catalog = await fresh();
  });
  beforeEach(async () => {
    target = await openTarget({ sandboxOnly: true });
    vault = smallVault(catalog, target);
    await filled(vault);
  });
  afterEach(async () => {
    await empty(catalog);
    await target.close();
  });
  afterAll(() => catalog.close());

  /** What a vault does all day: a file comes, another goes to the trash, a third is removed for good; all is told. */
  async function busy(round: number): Promise<void> {
    const now = T0 + round * 1_000;
    const key = await vault.store(`B${round}`);
    await recordShares(catalog, TEAM, [found('F1', `D${round}`, now)], now);
    const ref = { teamId: TEAM, fileId: `B${round}` };
    await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C1', purgeAt: now, now });
    if (round % 3 === 0) await tellEverything(catalog);
    await vault.journal();
    await sql`update hold set lifted_at = 1`.execute(catalog.db);
    await claimPurges(catalog, { owner: 'w', limit: 9, leaseMs: 1, now: now + 1 });
    await vault.remove(key);
    await commitPurged(catalog, ref, 'w', now + 2);
    await vault.journal();
  }

  it('whatever changes is no difference, also when the journal is told anew', async () => {
    await sql`delete from hold`.execute(catalog.db);
    let isOver = false;
    let rounds = 0;
    const working = (async () => {
      while (!isOver) await busy(++rounds);
    })();
    // Some of it happens between what is read first and what is read last, for sure.
    const slowly = async () => {
      const before = rounds;
      while (rounds < before + 2) await new Promise((done) => setTimeout(done, 5));
      return openScratch();
    };
    const { summary } = await vault.drill({ openScratch: slowly, restMs: 20 }).finally(() => {
      isOver = true;
      return working;
    });
    expect(summary.examples).toEqual([]);
    expect(summary.counts).toEqual({});
    expect(rounds).toBeGreaterThan(2);
  });

  it('work that the journal leaves out is no difference', async () => {
    await upsertChannel(catalog, { teamId: TEAM, channelId: 'C1', kind: 'public', checkedAt: T0 });
    await vault.journal();
    const told = await vault.drill();
    await sql`update channel set checked_at = checked_at + 1000`.execute(catalog.db);
    await sql`update file set attempts = attempts + 1, url = 'https://files.slack.com/other'`.execute(
      catalog.db,
    );
    const { summary } = await vault.drill();
    expect([told.summary.counts, summary.counts]).toEqual([{}, {}]);
    expect(summary.rows).toBe(told.summary.rows);
  });

  it('what is not told yet waits, and is named only if no bot is there to tell it', async () => {
    await recordShares(catalog, TEAM, [found('F9', 'C1', T0)], T0);
    const [beside, alone] = [await vault.drill(), await vault.drill({ alone: true })];
    expect(beside.summary).toMatchObject({ waiting: 1, counts: {} });
    expect(alone.summary).toMatchObject({ waiting: 0, counts: { row_not_told: 1 } });
    expect(alone.summary.examples[0]).toMatchObject({ what: 'file F9' });
  });

  it('asks the bucket for a listing, each segment, and what is read', async () => {
    const asked: Record<string, number> = {};
    const count: Parameters<typeof target.bucket.client.middlewareStack.add>[0] =
      (next, context) => (args) => {
        const name = String(context.commandName).replace('Command', '');
        asked[name] = (asked[name] ?? 0) + 1;
        return next(args);
      };
    target.bucket.client.middlewareStack.add(count as never, { step: 'initialize' });
    await vault.drill();
    // Of the listings: the histories, the segments of one, and a page of 1,000 objects. The last segment is read twice.
    expect(asked).toEqual({ ListObjectsV2: 3, GetObject: 3 + 1 + 5 });
  });

  it('reading goes on where the last drill stopped, and begins again after the last key', async () => {
    const one = await vault.drill({ budget: 1 });
    expect(one.summary.read).toBe(1);
    const two = await vault.drill({ budget: 45, place: one.place });
    expect(two.summary).toMatchObject({ read: 2, readBytes: 40 });
    const three = await vault.drill({ budget: 1_000, place: two.place });
    expect(three.summary.read).toBe(2);
    expect(three.place).toMatchObject({ after: '', begunAt: null });
    expect(three.place.roundAt).not.toBeNull();
    expect((await vault.drill({ budget: 0, place: three.place })).summary.read).toBe(0);
  });
});
