// @slow: random operations and kills.
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import {
  claimDueFiles,
  commitStored,
  failAttempt,
  fillIn,
  retryFile,
  skipFile,
} from '../../src/catalog/files/capture.ts';
import { upsertChannel } from '../../src/catalog/files/channels.ts';
import { addFoundVersion, markVersionLost } from '../../src/catalog/files/found-versions.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { moveChannel } from '../../src/catalog/files/move-channel.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { markDeletedInSlack } from '../../src/catalog/files/slack-deletion.ts';
import { claimPurges, commitPurged, restoreFile, trashFile } from '../../src/catalog/files/trash.ts';
import { removeShare } from '../../src/catalog/files/unshare.ts';
import { olderVersions } from '../../src/catalog/files/versions.ts';
import { holdsInForce, liftHold, setHold } from '../../src/catalog/governance/holds.ts';
import { claimJournal, journalOf, tellEverything } from '../../src/catalog/journal/journal.ts';
import { beginRebuild, derive, dropDoubledAudit, endRebuild } from '../../src/catalog/journal/replay.ts';
import { flush } from '../../src/journal/flush.ts';
import { createLog } from '../../src/log.ts';
import { findHistories, replayHistory } from '../../src/rebuild/histories.ts';
import { databases, empty } from '../catalog/databases.ts';
import {
  found,
  listChannel,
  sampleFile,
  sampleObject,
  sampleShare,
  sampleStub,
  T0,
  TEAM,
} from '../catalog/samples.ts';
import { contentOf } from './compare.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';

const quiet = createLog('error', { write: () => {} });
/** Small, so that even short stories need several segments and are rewritten several times. */
const BATCH = 3;
const COMPACT_AFTER = 4;

type Step =
  | {
      do: 'version' | 'lose' | 'share' | 'stub' | 'store' | 'fail' | 'skip' | 'retry' | 'claim' | 'rename';
      file: number;
      channel: number;
    }
  | { do: 'trash' | 'restore' | 'purge' | 'gone' | 'unshare'; file: number; channel: number }
  | { do: 'channel' | 'move'; file: number; channel: number }
  | {
      do: 'flush' | 'flush_refused' | 'flush_killed' | 'crash' | 'hold' | 'lift';
      file: number;
      channel: number;
    };

const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom(
    ...([
      'share',
      'share',
      'share',
      'stub',
      'store',
      'store',
      'store',
      'version',
      'version',
      'lose',
      'fail',
      'skip',
      'retry',
      'claim',
    ] as const),
    ...([
      'rename',
      'trash',
      'trash',
      'restore',
      'purge',
      'gone',
      'unshare',
      'channel',
      'move',
      'hold',
      'lift',
    ] as const),
    ...(['flush', 'flush', 'flush', 'flush_refused', 'flush_killed', 'crash'] as const),
  ),
  file: fc.integer({ min: 1, max: 4 }),
  channel: fc.integer({ min: 1, max: 3 }),
});

async function act(catalog: Catalog, store: MemoryStore, { do: what, file, channel }: Step, at: number) {
  const ref = { teamId: TEAM, fileId: `F${file}` };
  const channelId = `C${channel}`;
  const claimed = { owner: 'w', limit: 100, leaseMs: 0, now: Number.MAX_SAFE_INTEGER };
  const place = sampleShare(channelId, T0 + (file * 7 + channel) * 1000, { userId: `U${channel}` });
  switch (what) {
    case 'share':
      return recordShares(catalog, TEAM, [{ ...found(ref.fileId, channelId, at), share: place }], at);
    case 'stub':
      return recordShares(
        catalog,
        TEAM,
        [{ file: sampleStub(ref.fileId), share: { ...place, ts: null } }],
        at,
      );
    case 'claim':
      return claimDueFiles(catalog, claimed);
    case 'store':
      await claimDueFiles(catalog, claimed);
      return commitStored(catalog, {
        ref,
        owner: 'w',
        object: sampleObject(ref.fileId, file * 10),
        confirm: 'thread',
        now: at,
      });
    case 'version': {
      const file = await fileById(catalog, ref);
      if (file?.state !== 'stored') return;
      const number = file.version + 1;
      const object = { ...sampleObject(ref.fileId, at % 97), key: `vault/v${number}`, sha256: String(at) };
      return addFoundVersion(catalog, { ref, number, object, storedAt: at, now: at });
    }
    case 'lose': {
      const [older] = await olderVersions(catalog, ref);
      if (older === undefined) return;
      const { number, objectKey: key } = older;
      return markVersionLost(catalog, { ref, number, key, found: { kind: 'missing' }, now: at });
    }
    case 'fail':
      await claimDueFiles(catalog, claimed);
      return failAttempt(catalog, {
        ref,
        owner: 'w',
        code: 'stalled',
        text: 'It stalled.',
        retryAt: at,
        now: at,
      });
    case 'skip':
      await claimDueFiles(catalog, claimed);
      return skipFile(catalog, { ref, owner: 'w', reason: 'too_large', now: at });
    case 'retry':
      return retryFile(catalog, ref, 'U1', at);
    case 'rename':
      return fillIn(catalog, sampleFile(ref.fileId, { name: `Ünï ${at}.png` }), at);
    case 'trash':
      return trashFile(catalog, { ref, actorId: 'U1', channelId, purgeAt: at + 5, now: at });
    case 'restore':
      return restoreFile(catalog, { ref, actorId: 'U2', now: at });
    case 'purge':
      await claimPurges(catalog, { ...claimed, leaseMs: 0, now: at + 4 });
      return commitPurged(catalog, ref, 'w', at);
    case 'gone':
      return markDeletedInSlack(catalog, TEAM, ref.fileId, at);
    case 'unshare':
      return removeShare(catalog, TEAM, { channelId, ts: place.ts as string }, at);
    case 'channel':
      return upsertChannel(catalog, {
        teamId: TEAM,
        channelId,
        name: `name ${file}`,
        kind: 'public',
        checkedAt: 1,
      });
    case 'move':
      return moveChannel(catalog, TEAM, channelId, `C${(channel % 3) + 1}`);
    case 'hold': {
      const nothing = { personId: null, channelId: null, sharedFrom: null, sharedUntil: null };
      const scope = { ...nothing, fileId: ref.fileId };
      return setHold(catalog, { teamId: TEAM, scope, reason: 'a case', actorId: 'U1', now: at });
    }
    case 'lift': {
      const [hold] = await holdsInForce(catalog, TEAM, 1);
      return hold && liftHold(catalog, { teamId: TEAM, holdId: hold.holdId, actorId: 'U1', now: at });
    }
    case 'flush_refused':
      store.next = 'refuse';
      return flushOnce(catalog, store);
    case 'flush_killed':
      store.next = 'die_after';
      return flushOnce(catalog, store);
    case 'flush':
      return flushOnce(catalog, store);
    case 'crash':
      // Claimed by a process that dies before it writes anything: only the number is lost.
      return claim(catalog, 'dead');
  }
}

/** Every lease has run out and every back-off is over: this test is not about time. */
const claim = (catalog: Catalog, owner: string) =>
  catalog.db
    .updateTable('journal')
    .set({ dueAt: 0, attempts: 0 })
    .execute()
    .then(() => claimJournal(catalog, { everyMs: 0, batch: BATCH }, { owner, limit: 1, leaseMs: 1, now: 1 }));

async function flushOnce(catalog: Catalog, store: MemoryStore): Promise<boolean> {
  const [lease] = await claim(catalog, 'w');
  if (!lease) return false;
  await flush(
    {
      catalog,
      store,
      owner: 'w',
      batch: BATCH,
      compactAfter: COMPACT_AFTER,
      trusted: { history: null },
      log: quiet,
      now: () => T0,
    },
    lease,
  );
  return true;
}

async function flushAll(catalog: Catalog, store: MemoryStore): Promise<void> {
  for (let i = 0; await flushOnce(catalog, store); i++) if (i > 200) throw new Error('it never ends');
}

async function rebuildFrom(store: MemoryStore, catalog: Catalog): Promise<void> {
  await beginRebuild(catalog);
  const histories = await findHistories(store, store.histories());
  let goesOn = null;
  for (const [index, history] of histories.entries()) {
    const isLast = index === histories.length - 1;
    const read = await replayHistory({ catalog, store, now: T0, onProgress: () => {} }, history, isLast);
    expect(read.damaged).toEqual([]);
    goesOn = { history: history.history, number: read.number, first: read.first, segments: read.segments };
  }
  if (histories.length > 1) await dropDoubledAudit(catalog);
  await derive(catalog, () => {});
  await endRebuild(catalog, goesOn);
}

describe.each(databases)('journal and rebuild on $name', ({ name, fresh }) => {
  let original: Catalog;
  let rebuilt: Catalog;
  beforeAll(async () => {
    [original, rebuilt] = [await fresh(), await fresh()];
  });
  afterEach(async () => {
    await empty(original);
    await empty(rebuilt);
  });
  afterAll(async () => {
    await original.close();
    await rebuilt.close();
  });

  test('whatever happens, and whenever it is cut short, the bucket holds the same catalog', async () => {
    await fc.assert(
      fc
        .asyncProperty(
          fc.array(step, { minLength: 1, maxLength: 60 }),
          fc.nat({ max: 8 }),
          async (steps, part) => {
            const store = memoryStore();
            let at = T0;
            for (const one of steps) {
              at += 10;
              await act(original, store, one, at);
            }
            await flushAll(original, store);
            // The machine may also be lost while everything is being rewritten.
            await tellEverything(original);
            for (let i = 0; i < part; i++) await flushOnce(original, store);
            const wanted = await contentOf(original);
            await rebuildFrom(store, rebuilt);
            expect(await contentOf(rebuilt)).toEqual(wanted);

            // It goes on in the same history, and the next rebuild knows that too.
            for (const one of steps.slice(0, 10)) {
              at += 10;
              await act(rebuilt, store, one, at);
            }
            await flushAll(rebuilt, store);
            const later = await contentOf(rebuilt);
            expect(store.histories().length).toBeLessThan(2);
            await empty(original);
            await rebuildFrom(store, original);
            expect(await contentOf(original)).toEqual(later);
          },
        )
        .afterEach(async () => {
          await empty(original);
          await empty(rebuilt);
        }),
      { numRuns: name === 'SQLite' ? 60 : 15 },
    );
  }, 240_000);

  test('what a text search found before, it finds after', async () => {
    const store = memoryStore();
    await recordShares(original, TEAM, [found('F1', 'C1', T0, { name: 'Résumé Ω.pdf' })], T0);
    await act(original, store, { do: 'store', file: 1, channel: 1 }, T0);
    await flushAll(original, store);
    await rebuildFrom(store, rebuilt);
    const page = await listChannel(rebuilt, {
      teamId: TEAM,
      channelId: 'C1',
      filter: { text: 'resume' },
      limit: 5,
    });
    expect(page.files.map((file) => file.fileId)).toEqual(['F1']);
  });

  test('a channel that got another id does not come back under the old one', async () => {
    const store = memoryStore();
    await act(original, store, { do: 'channel', file: 1, channel: 1 }, T0);
    await act(original, store, { do: 'share', file: 1, channel: 1 }, T0);
    await flushAll(original, store);
    await act(original, store, { do: 'move', file: 1, channel: 1 }, T0);
    await flushAll(original, store);
    await rebuildFrom(store, rebuilt);
    expect((await contentOf(rebuilt)).channels).toMatchObject([{ channelId: 'C2' }]);
    expect(await contentOf(rebuilt)).toEqual(await contentOf(original));
  });

  test('claims, leases and failed attempts cost no segment; nothing new, no request', async () => {
    const store = memoryStore();
    await recordShares(original, TEAM, [found('F1', 'C1', T0)], T0);
    await flushAll(original, store);
    const before = store.puts;
    for (let i = 0; i < 5; i++) await act(original, store, { do: 'claim', file: 1, channel: 1 }, T0);
    expect(await flushOnce(original, store)).toBe(false);
    await act(original, store, { do: 'fail', file: 1, channel: 1 }, T0);
    await flushAll(original, store);
    const failed = store.puts;
    expect(failed).toBe(before + 1);
    for (let i = 0; i < 5; i++) await act(original, store, { do: 'claim', file: 1, channel: 1 }, T0);
    expect(await flushOnce(original, store)).toBe(false);
    expect(store.puts).toBe(failed);
  });

  test('old segments go once everything has been rewritten, so the bucket never fills up', async () => {
    const store = memoryStore();
    for (let i = 0; i < 100; i++) {
      await act(original, store, { do: 'rename', file: 1, channel: 1 }, T0 + i);
      if (i === 0) await act(original, store, { do: 'share', file: 1, channel: 1 }, T0);
      await flushAll(original, store);
    }
    const { history } = await journalOf(original);
    expect(store.puts).toBeGreaterThan(90);
    expect(store.segments.get(history)?.size).toBeLessThan(2 * COMPACT_AFTER + 4);
    await rebuildFrom(store, rebuilt);
    expect(await contentOf(rebuilt)).toEqual(await contentOf(original));
  });

  test('a catalog restored from an older copy begins a new history, and nothing of either history is lost', async () => {
    const store = memoryStore();
    await act(original, store, { do: 'share', file: 1, channel: 1 }, T0);
    await act(original, store, { do: 'store', file: 1, channel: 1 }, T0);
    await flushAll(original, store);
    await rebuildFrom(store, rebuilt); // the copy
    await act(original, store, { do: 'share', file: 2, channel: 2 }, T0 + 1);
    await act(original, store, { do: 'store', file: 2, channel: 2 }, T0 + 2);
    await flushAll(original, store);
    await act(rebuilt, store, { do: 'trash', file: 1, channel: 1 }, T0 + 3);
    await flushAll(rebuilt, store);
    expect(store.histories()).toHaveLength(2);
    const audited = (await contentOf(rebuilt)).audit as unknown[];
    await empty(original);
    await rebuildFrom(store, original);
    const both = await contentOf(original);
    expect(both.files).toMatchObject([
      { fileId: 'F1', state: 'trashed', purge: T0 + 8 },
      { fileId: 'F2', state: 'stored' },
    ]);
    // The copy's entries once, plus the one that only the first history had.
    expect(both.audit).toHaveLength(audited.length + 1);
  });

  test('a catalog in use is never overwritten; a rebuild cut short begins again', async () => {
    const store = memoryStore();
    await act(original, store, { do: 'share', file: 1, channel: 1 }, T0);
    await flushAll(original, store);
    await expect(beginRebuild(original)).rejects.toMatchObject({ code: 'catalog_in_use' });
    await beginRebuild(rebuilt);
    await recordShares(rebuilt, TEAM, [found('F9', 'C9', T0)], T0);
    await rebuildFrom(store, rebuilt);
    expect(await contentOf(rebuilt)).toEqual(await contentOf(original));
  });
});
