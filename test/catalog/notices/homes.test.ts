import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { claimDueFiles, failAttempt, retryFile, skipFile } from '../../../src/catalog/files/capture.ts';
import { moveChannel } from '../../../src/catalog/files/move-channel.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { restoreFile, trashFile } from '../../../src/catalog/files/trash.ts';
import {
  claimDueHomes,
  deferHome,
  homePublished,
  nextHomeDueAt,
  openedHome,
  touchHomes,
} from '../../../src/catalog/notices/homes.ts';
import { totals } from '../../../src/catalog/totals/stats.ts';
import { queueDepth } from '../../../src/catalog/totals/under-way.ts';
import { runs } from '../../runs.ts';
import { databases, empty } from '../databases.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

const HOUR = 60 * 60_000;

describe.each(databases)('App Homes on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const opened = (userId: string, now: number) => openedHome(catalog, { teamId: TEAM, userId, now });
  const claim = async (now: number, owner = 'a') =>
    (await claimDueHomes(catalog, { owner, limit: 9, leaseMs: 5_000, now }))
      .map((home) => home.userId)
      .sort();
  const published = (userId: string, now: number, owner = 'a') =>
    homePublished(catalog, { teamId: TEAM, userId, owner, now });

  test('an opened home is due at once, and then soon after changes, for an hour', async () => {
    await opened('U1', T0);
    expect(await claim(T0)).toEqual(['U1']);
    await published('U1', T0 + 1);
    expect(await nextHomeDueAt(catalog)).toBeNull();
    await touchHomes(catalog, TEAM, T0 + 1_000);
    await touchHomes(catalog, TEAM, T0 + 1_400);
    expect(await claim(T0 + 1_499)).toEqual([]);
    expect(await claim(T0 + 1_500)).toEqual(['U1']);
    await published('U1', T0 + 1_501);
    await touchHomes(catalog, TEAM, T0 + HOUR);
    expect(await nextHomeDueAt(catalog)).toBeNull();
    await touchHomes(catalog, 'T2', T0 + 1_600);
    expect(await nextHomeDueAt(catalog)).toBeNull();
  });

  test('a change while publishing is published as well; a stranger cannot end a lease', async () => {
    await opened('U1', T0);
    await claim(T0);
    await touchHomes(catalog, TEAM, T0 + 10);
    await published('U1', T0 + 15, 'b');
    expect(await claim(T0 + 20)).toEqual([]);
    await published('U1', T0 + 20);
    expect(await claim(T0 + 519)).toEqual([]);
    expect(await claim(T0 + 520)).toEqual(['U1']);
    await published('U1', T0 + 521);
    expect(await nextHomeDueAt(catalog)).toBeNull();
  });

  test('the longer ago it was opened, the longer changes gather', async () => {
    await opened('U1', T0);
    await claim(T0);
    await published('U1', T0 + 1);
    await touchHomes(catalog, TEAM, T0 + 20_000);
    expect(await nextHomeDueAt(catalog)).toBe(T0 + 22_000);
    expect(await claim(T0 + 22_000)).toEqual(['U1']);
    await touchHomes(catalog, TEAM, T0 + 22_001);
    await published('U1', T0 + 30_000);
    expect(await nextHomeDueAt(catalog)).toBe(T0 + 33_000);
    await opened('U1', T0 + 32_000);
    expect(await nextHomeDueAt(catalog)).toBe(T0 + 32_000);
  });

  test('one file every ten seconds for an hour: a home that was opened once is published some forty times', async () => {
    await opened('U1', T0);
    let publications = 0;
    for (let now = T0; now < T0 + HOUR; now += 10_000) {
      await touchHomes(catalog, TEAM, now);
      if ((await claim(now)).length === 0) continue;
      await published('U1', now);
      publications += 1;
    }
    expect(publications).toBeGreaterThan(30);
    expect(publications).toBeLessThan(60);
  });

  test('one that failed comes again when said; one whose publisher died comes again after the lease', async () => {
    await opened('U1', T0);
    await opened('U2', T0);
    await claim(T0);
    await deferHome(catalog, { teamId: TEAM, userId: 'U1', owner: 'a', dueAt: T0 + 90 });
    expect(await claim(T0 + 90, 'b')).toEqual(['U1']);
    await deferHome(catalog, { teamId: TEAM, userId: 'U1', owner: 'b', dueAt: null });
    expect(await claim(T0 + 5_000, 'b')).toEqual(['U2']);
  });

  test('a stored file makes watched homes due', async () => {
    await opened('U1', T0);
    await claim(T0);
    await published('U1', T0);
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
    await storeFile(catalog, 'F1', { now: T0 + 9 });
    expect(await nextHomeDueAt(catalog)).toBe(T0 + 509);
  });

  test('how many files wait, are under way and have failed', async () => {
    await recordShares(
      catalog,
      TEAM,
      ['F1', 'F2', 'F3', 'F4', 'F5'].map((id, i) => found(id, i < 4 ? 'C1' : 'C2', T0 + i)),
      T0,
    );
    await claimDueFiles(catalog, { owner: 'w', limit: 9, leaseMs: 99, now: T0 });
    const ref = (fileId: string) => ({ teamId: TEAM, fileId });
    const fail = { owner: 'w', code: 'x', text: 'x', retryAt: T0 + 99, now: T0 };
    for (const fileId of ['F1', 'F5']) await failAttempt(catalog, { ...fail, ref: ref(fileId) });
    await skipFile(catalog, { ref: ref('F2'), owner: 'w', reason: 'too_large', now: T0 });
    await skipFile(catalog, { ref: ref('F3'), owner: 'w', reason: 'external', now: T0 });
    expect(await queueDepth(catalog)).toEqual({ pending: 0, storing: 1, failed: 2 });
    await retryFile(catalog, ref('F5'), 'U1', T0);
    expect(await queueDepth(catalog)).toEqual({ pending: 1, storing: 1, failed: 1 });
  });

  test('totals are exact after whatever happened', async () => {
    const files = ['F1', 'F2', 'F3', 'F4'];
    const channelIds = ['C1', 'C2', 'C3'];
    const operation = fc.record({
      sort: fc.constantFrom('share', 'share', 'store', 'store', 'trash', 'restore', 'move'),
      fileId: fc.constantFrom(...files),
      channelId: fc.constantFrom(...channelIds),
      at: fc.integer({ min: 0, max: 5 }),
    });
    const viewer = fc.record({
      channelIds: fc.subarray(channelIds),
      own: fc.option(fc.constantFrom('U1', 'U2')),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: 8, maxLength: 25 }),
        viewer,
        async (operations, seenBy) => {
          await empty(catalog);
          const model = new Map<string, { channels: Set<string>; state: string }>();
          for (const [step, { sort, fileId, channelId, at }] of operations.entries()) {
            const ref = { teamId: TEAM, fileId };
            const now = T0 + step;
            const file = model.get(fileId);
            if (sort === 'share') {
              const uploaderId = uploaderOf(fileId);
              await recordShares(catalog, TEAM, [found(fileId, channelId, T0 + at, { uploaderId })], now);
              if (file) file.channels.add(channelId);
              else model.set(fileId, { channels: new Set([channelId]), state: 'pending' });
            } else if (sort === 'move') {
              const target = channelIds[at % 3] as string;
              await moveChannel(catalog, TEAM, channelId, target);
              for (const { channels } of model.values()) if (channels.delete(channelId)) channels.add(target);
            } else if (sort === 'store' && file?.state === 'pending') {
              await storeFile(catalog, fileId, { bytes: bytesOf(fileId) });
              file.state = 'stored';
            } else if (sort === 'trash') {
              const outcome = await trashFile(catalog, {
                ref,
                actorId: 'U1',
                channelId,
                purgeAt: now + HOUR,
                now,
              });
              expect(outcome).toBe(
                file?.state === 'stored'
                  ? 'trashed'
                  : file?.state === 'trashed'
                    ? 'already_trashed'
                    : 'not_stored',
              );
              if (file?.state === 'stored') file.state = 'trashed';
            } else if (sort === 'restore') {
              const outcome = await restoreFile(catalog, { ref, actorId: 'U1', now });
              expect(outcome).toBe(file?.state === 'trashed' ? 'restored' : 'not_trashed');
              if (file?.state === 'trashed') file.state = 'stored';
            }
          }
          const visible = [...model].filter(
            ([fileId, { state, channels }]) =>
              state === 'stored' &&
              (seenBy.own === uploaderOf(fileId) ||
                seenBy.channelIds.some((channelId) => channels.has(channelId))),
          );
          expect(
            await totals(catalog, {
              teamId: TEAM,
              channelIds: seenBy.channelIds,
              ownUserId: seenBy.own ?? undefined,
            }),
          ).toEqual({
            files: visible.length,
            bytes: visible.reduce((sum, [fileId]) => sum + bytesOf(fileId), 0),
          });
        },
      ),
      { numRuns: runs(25) },
    );
  });
});

const uploaderOf = (fileId: string) => (fileId < 'F3' ? 'U1' : 'U2');
const bytesOf = (fileId: string) => 10 ** Number(fileId.slice(1));
