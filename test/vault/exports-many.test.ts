// @slow: dozens of exports, one after the other.
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Screen } from '../../src/blocks/kit/elements.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueExports } from '../../src/catalog/governance/exports.ts';
import { runExport } from '../../src/jobs/run-export.ts';
import { DAY_MS } from '../../src/time.ts';
import { linkToExport, orderManifest } from '../../src/vault/exports.ts';
import { empty } from '../catalog/databases.ts';
import { T0 } from '../catalog/samples.ts';
import { openTarget, type Target } from '../storage/target.ts';
import { ANN, BEN, freshCatalog, GUEST, type World, worldOf } from './governed.ts';

/** Each export is an object in the bucket for a day: nobody fills the bucket by asking again and again. */
describe('exports that somebody asks for again and again', () => {
  let catalog: Catalog;
  let target: Target;
  let world: World;
  let now: number;
  /** How the asker is answered where they asked; undefined: too late for that. */
  let reply: ((screen: Screen) => Promise<void>) | undefined;
  beforeAll(async () => {
    catalog = await freshCatalog();
    target = await openTarget();
  });
  beforeEach(async () => {
    now = T0;
    reply = undefined;
    world = await worldOf(catalog, {
      bucket: target.bucket,
      now: () => now,
      log: pino({ level: 'silent' }),
      replies: { take: () => reply, keep() {} } as never,
      slack: (method) => (method === 'conversations.open' ? { channel: { id: 'D1' } } : { ts: '1.1' }),
    });
  });
  afterEach(async () => {
    await work();
    now += 2 * DAY_MS;
    await work();
    await empty(catalog);
  });
  afterAll(async () => {
    await target?.close();
    await catalog?.close();
  });

  const ask = (userId: string, channelId = 'C1', format: 'csv' | 'ndjson' = 'csv') =>
    orderManifest(world.vault, { userId, channelId, format }, async () => {});

  /** Does all that is due, as the worker does. */
  async function work(): Promise<void> {
    for (;;) {
      const jobs = await claimDueExports(catalog, { owner: 'w', limit: 99, leaseMs: 1_000, now });
      if (jobs.length === 0) return;
      for (const job of jobs) await runExport(world.vault, 'w', job, new AbortController().signal);
    }
  }

  const jobs = async () => (await catalog.db.selectFrom('exportJob').select('state').execute()).length;
  const objects = async () => (await target.keys()).filter((key) => key.includes('/exports/')).length;
  const noted = async () =>
    (await catalog.db.selectFrom('audit').select('action').where('action', '=', 'exported').execute()).length;
  const codes = (outcomes: Array<PromiseSettledResult<void>>) =>
    outcomes.flatMap((one) => (one.status === 'rejected' ? [String(one.reason.code)] : []));

  it('sixty at once by a guest are one, and the others are told that it is being made', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, n) => ask(GUEST, 'C1', n % 2 === 0 ? 'csv' : 'ndjson')),
    );
    expect(codes(outcomes)).toEqual(Array.from({ length: 59 }, () => 'export_under_way'));
    expect([await jobs(), await noted(), await objects()]).toEqual([1, 1, 0]);
    await expect(ask(GUEST)).rejects.toThrow('is being made for you already');
    await work();
    expect([await jobs(), await objects()]).toEqual([1, 1]);
  });

  it('one whose link comes at once is one line of the audit log, and each later link another', async () => {
    const shown: string[] = [];
    reply = async ({ blocks }) => void shown.push(JSON.stringify(blocks));
    await ask(ANN);
    await work();
    expect(shown).toEqual([expect.stringContaining('X-Amz-Signature')]);
    expect(await noted()).toBe(1);
    const { exportId } = await catalog.db
      .selectFrom('exportJob')
      .select('exportId')
      .executeTakeFirstOrThrow();
    await linkToExport(world.vault, { userId: ANN, exportId });
    expect(await noted()).toBe(2);
  });

  it('one person’s does not stand in another’s way, nor in that of another channel', async () => {
    await ask(GUEST);
    await ask(ANN);
    await ask(BEN, 'C1');
    await ask(BEN, 'C2');
    expect(await jobs()).toBe(4);
    for (const [who, where] of [
      [GUEST, 'C1'],
      [BEN, 'C2'],
    ] as const)
      await expect(ask(who, where)).rejects.toMatchObject({ code: 'export_under_way' });
  });

  it('sixty one after the other by a guest are forty, and the others may come tomorrow', async () => {
    const outcomes: Array<PromiseSettledResult<void>> = [];
    for (let n = 0; n < 60; n++) {
      outcomes.push(...(await Promise.allSettled([ask(GUEST)])));
      await work();
      now += 60_000;
    }
    expect(outcomes.slice(0, 40).every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(codes(outcomes)).toEqual(Array.from({ length: 20 }, () => 'too_many_exports'));
    expect([await jobs(), await noted(), await objects()]).toEqual([40, 40, 40]);
    await expect(ask(GUEST)).rejects.toThrow('more than 40 exports in 24 hours. Please ask again tomorrow.');
    await ask(ANN);
    now = T0 + DAY_MS - 1;
    await expect(ask(GUEST)).rejects.toMatchObject({ code: 'too_many_exports' });
    now = T0 + DAY_MS + 60 * 60_000;
    await work();
    // What was made yesterday is gone from the bucket; Ann's, made an hour later, is still there.
    expect(await objects()).toBeLessThanOrEqual(1);
    await ask(GUEST);
  });
});
