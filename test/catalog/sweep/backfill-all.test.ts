import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { upsertChannel } from '../../../src/catalog/files/channels.ts';
import { claimDuePosts } from '../../../src/catalog/notices/notices.ts';
import {
  partSums,
  partsRunning,
  startBackfillOfAll,
  stopBackfillOfAll,
} from '../../../src/catalog/sweep/backfill-all.ts';
import {
  backfillById,
  claimDueBackfills,
  type DueBackfill,
  endBackfill,
  saveBackfill,
  startBackfill,
  stopBackfill,
} from '../../../src/catalog/sweep/backfills.ts';
import { databases, empty } from '../databases.ts';
import { T0, TEAM } from '../samples.ts';

const NO_FILES = { stored: 0, waiting: 0, failed: 0, skipped: {} };
const FILES = { stored: 3, waiting: 1, failed: 1, skipped: { too_large: 2 } };

describe.each(databases)('a backfill of all channels on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const claim = (limit = 10, now = T0 + 1_000) =>
    claimDueBackfills(catalog, { owner: 'w', limit, leaseMs: 60_000, now });
  const start = (now = T0) =>
    startBackfillOfAll(catalog, { teamId: TEAM, channelId: 'D1', requestedBy: 'U1', now });
  const stop = () => stopBackfillOfAll(catalog, { teamId: TEAM, actorId: 'U2', now: T0 + 1 });
  const page = (row: DueBackfill, now: number) =>
    saveBackfill(catalog, row, 'w', {
      ...{ position: '{"before":"1.2"}', reachedAt: now, messages: 200, known: 1, files: FILES, now },
    });
  async function channelsIn(...ids: string[]): Promise<void> {
    for (const channelId of ids)
      await upsertChannel(catalog, { teamId: TEAM, channelId, kind: 'public', isMember: true });
  }
  const names = (rows: DueBackfill[]) => rows.map(({ channelId }) => channelId).sort();

  it('has a part for each channel that the bot is in, and one message', async () => {
    await channelsIn('C1', 'C2');
    await upsertChannel(catalog, { teamId: TEAM, channelId: 'C3', kind: 'public', isMember: false });
    await upsertChannel(catalog, { teamId: TEAM, channelId: 'D2', kind: 'im', isMember: true });
    await upsertChannel(catalog, { teamId: TEAM, channelId: 'G1', kind: 'private', isMember: true });
    const { backfill, isNew } = await start();
    expect({ isNew, all: backfill.isOfAll }).toEqual({ isNew: true, all: true });
    expect(names(await claim())).toEqual(['C1', 'C2', 'D1', 'G1']);
    const posts = await claimDuePosts(
      catalog,
      { owner: 'w', limit: 10, leaseMs: 1, now: T0 + 1 },
      { last: '' },
    );
    expect(posts.map(({ channelId, kind }) => [channelId, kind])).toEqual([['D1', 'backfill']]);
    expect(await start()).toMatchObject({ isNew: false, backfill: { id: backfill.id } });
  });

  it('gives each channel a page before any has a second, however few work on it', async () => {
    const ids = ['C1', 'C2', 'C3', 'C4', 'C5'];
    await channelsIn(...ids);
    await start();
    const order: string[] = [];
    for (let now = T0 + 10; order.length < 10; now += 10) {
      const [row] = await claim(1, now);
      if (row === undefined) throw new Error('nothing is due');
      if (row.parentId === 0) continue;
      order.push(row.channelId);
      await page(row, now);
    }
    expect([order.slice(0, 5).sort(), order.slice(5).sort()]).toEqual([ids, ids]);
  });

  it('sums up what its parts found', async () => {
    await channelsIn('C1', 'C2', 'C3');
    const { backfill } = await start();
    const rows = (await claim()).filter(({ parentId }) => parentId !== 0);
    const [first, second, third] = rows as [DueBackfill, DueBackfill, DueBackfill];
    await page(first, T0 + 5);
    const files = { stored: 5, waiting: 0, failed: 0, skipped: {} };
    await endBackfill(catalog, second, 'w', { state: 'done', code: null, files, now: T0 + 6 });
    await endBackfill(catalog, third, 'w', { state: 'failed', code: 'not_in_channel', now: T0 + 6 });
    expect(await partSums(catalog, backfill.id)).toEqual({
      ...{ channels: 3, done: 1, failed: 1, failedIds: [third.channelId], running: 1 },
      ...{ pages: 1, messages: 200, known: 1, found: 12, stored: 8, skipped: 2 },
    });
    expect(await partsRunning(catalog, backfill.id)).toBe(1);
  });

  it('stops at once, and goes on where each channel was; what is done stays done', async () => {
    await channelsIn('C1', 'C2');
    const { backfill } = await start();
    const rows = (await claim()).filter(({ parentId }) => parentId !== 0);
    const [first, second] = rows as [DueBackfill, DueBackfill];
    await page(first, T0 + 5);
    await endBackfill(catalog, second, 'w', { state: 'done', code: null, now: T0 + 5 });
    expect([await stop(), await stop()]).toEqual([true, false]);
    for (const row of await claim(10, T0 + 100))
      await endBackfill(catalog, row, 'w', { state: 'stopped', code: null, files: NO_FILES, now: T0 + 100 });
    expect(await backfillById(catalog, backfill.id)).toMatchObject({ state: 'stopped', stoppedBy: 'U2' });
    const again = await start(T0 + 200);
    expect(again).toMatchObject({ isNew: true, backfill: { id: backfill.id, stoppedBy: null } });
    const going = (await claim(10, T0 + 1_000)).filter(({ parentId }) => parentId !== 0);
    expect(going).toMatchObject([{ channelId: first.channelId, position: '{"before":"1.2"}' }]);
  });

  it('leaves a channel alone that is walked already, and is no backfill of the place where its message stands', async () => {
    await channelsIn('C1', 'C2');
    const single = { teamId: TEAM, channelId: 'C1', requestedBy: 'U1', channelCreatedAt: null, now: T0 };
    await startBackfill(catalog, single);
    await start();
    expect(names(await claim())).toEqual(['C1', 'C2', 'D1']);
    expect((await startBackfill(catalog, { ...single, channelId: 'D1' })).isNew).toBe(true);
    expect(await stopBackfill(catalog, { teamId: TEAM, channelId: 'D1', actorId: 'U1', now: T0 })).toBe(true);
    expect(await stop()).toBe(true);
  });

  it('of five thousand channels is begun in a few statements', async () => {
    await catalog.db
      .insertInto('channel')
      .values(
        Array.from({ length: 500 }, (_, n) => ({
          ...{ teamId: TEAM, channelId: `C${n}`, name: null, kind: 'public' as const, isMember: 1 },
          ...{ isArchived: 0, imUserId: null, imOtherId: null, checkedAt: 0 },
        })),
      )
      .execute();
    const { backfill } = await start();
    expect(await partsRunning(catalog, backfill.id)).toBe(500);
  });
});
