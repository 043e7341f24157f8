// @slow: random orders.
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { holdObject, type ObjectHoldOptions } from '../../../src/capture/object-hold.ts';
import { removeOldVersion } from '../../../src/capture/old-versions.ts';
import { captureAgain, filesByKey } from '../../../src/catalog/alerts/verify.ts';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { inTransaction } from '../../../src/catalog/db/transaction.ts';
import { claimDueFiles, skipFile } from '../../../src/catalog/files/capture.ts';
import {
  BUSY_MS,
  changeAnswered,
  claimDueChanges,
  deferChange,
  nextChangeDueAt,
  noteChange,
  noteMissedChanges,
  QUIET_MS,
  wantLook,
} from '../../../src/catalog/files/changes.ts';
import { addFoundVersion, markVersionLost, takeOlder } from '../../../src/catalog/files/found-versions.ts';
import { fileById } from '../../../src/catalog/files/lookup.ts';
import {
  claimOldVersions,
  nextOldVersionDueAt,
  versionRemoved,
} from '../../../src/catalog/files/old-versions.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { claimPurges, commitPurged, restoreFile, trashFile } from '../../../src/catalog/files/trash.ts';
import {
  commitVersion,
  everyVersion,
  nextNumber,
  olderVersions,
} from '../../../src/catalog/files/versions.ts';
import { liftHold, setHold } from '../../../src/catalog/governance/holds.ts';
import { manifestFiles } from '../../../src/catalog/governance/manifest.ts';
import { claimDueObjectHolds, wantObjectHold } from '../../../src/catalog/governance/object-holds.ts';
import type { StoredObject } from '../../../src/catalog/model.ts';
import { stats } from '../../../src/catalog/totals/stats.ts';
import { createLog } from '../../../src/log.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleObject, storeFile, T0, TEAM } from '../samples.ts';

const log = createLog('error', { write: () => {} });
const DAY_MS = 24 * 60 * 60_000;
const ref = (fileId: string) => ({ teamId: TEAM, fileId });

describe.each(databases)('versions ($name)', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog.close());
  beforeEach(() => empty(catalog));

  async function stored(fileId: string, o: { mode?: string; bytes?: number } = {}): Promise<void> {
    const { mode = 'quip', bytes = 100 } = o;
    await recordShares(catalog, TEAM, [found(fileId, 'C1', T0, { mode, updatedAt: T0 })], T0);
    await storeFile(catalog, fileId, { bytes, now: T0 });
  }

  const claim = (now: number, owner = 'w') =>
    claimDueChanges(catalog, { owner, limit: 5, leaseMs: 1_000, now });

  const object = (fileId: string, number: number, bytes: number): StoredObject => ({
    ...sampleObject(fileId, bytes),
    key: `vault/${fileId}/v${number}`,
    sha256: String(number).repeat(64).slice(0, 64),
  });

  async function addVersion(
    fileId: string,
    bytes: number,
    o: { keep?: 'all' | 'latest'; now?: number } = {},
  ) {
    const { keep = 'all', now = T0 } = o;
    await inTransaction(catalog, (scope) => wantLook(scope, ref(fileId), { now, dueAt: 0 }));
    const [change] = await claim(now);
    const after = (await fileById(catalog, ref(fileId)))?.version ?? 0;
    if (!change) throw new Error('nothing was due');
    const number = await nextNumber(catalog, { ...ref(fileId), version: after });
    const common = { ref: ref(fileId), change, owner: 'w', lookedAt: now, updatedAt: null, now };
    return commitVersion(catalog, {
      ...{ ...common, after, number, keep, confirm: 'off' },
      object: object(fileId, number, bytes),
    });
  }

  test('a change waits for ten quiet minutes, and for an hour at most', async () => {
    await stored('F1');
    await noteChange(catalog, ref('F1'), T0);
    expect(await nextChangeDueAt(catalog)).toBe(T0 + QUIET_MS);
    await noteChange(catalog, ref('F1'), T0 + 60_000);
    expect(await nextChangeDueAt(catalog)).toBe(T0 + 60_000 + QUIET_MS);
    for (let at = T0; at < T0 + BUSY_MS; at += 60_000) await noteChange(catalog, ref('F1'), at);
    expect(await nextChangeDueAt(catalog)).toBe(T0 + BUSY_MS);
    expect(await claim(T0 + BUSY_MS - 1)).toEqual([]);
    expect(await claim(T0 + BUSY_MS)).toHaveLength(1);
    // Nobody else gets it meanwhile.
    expect(await claim(T0 + BUSY_MS)).toEqual([]);
  });

  test('whatever comes, and when: never more than an hour, and no look is forgotten', async () => {
    const step = fc.record({
      do: fc.constantFrom('change', 'change', 'look', 'fail'),
      wait: fc.integer({ min: 0, max: 20 * 60_000 }),
      during: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        await empty(catalog);
        await stored('F1');
        let now = T0;
        /** When the first change came that no look has answered yet. */
        let unanswered: number | null = null;
        for (const { do: what, wait, during } of steps) {
          now += wait;
          if (what === 'change') {
            await noteChange(catalog, ref('F1'), now);
            unanswered ??= now;
          } else {
            const due = await nextChangeDueAt(catalog);
            const [row] = await claim(now);
            expect(row !== undefined).toBe(due !== null && due <= now);
            if (!row) continue;
            if (during) await noteChange(catalog, ref('F1'), now);
            if (what === 'fail') await deferChange(catalog, row, 'w', now + 1_000);
            else {
              expect(await changeAnswered(catalog, row, 'w', { lookedAt: now })).toBe(true);
              unanswered = during ? now : null;
            }
          }
          const due = await nextChangeDueAt(catalog);
          expect(due === null).toBe(unanswered === null);
          if (due !== null && unanswered !== null)
            expect(due).toBeLessThanOrEqual(Math.max(unanswered + BUSY_MS, now + 1_000));
        }
      }),
      { numRuns: 25 },
    );
  });

  test('nothing is written about a file that is unknown or not kept', async () => {
    expect(await noteChange(catalog, ref('F0'), T0)).toBeNull();
    await recordShares(catalog, TEAM, [{ ...found('F1', 'C1', T0), skip: 'capture_off' }], T0);
    expect(await noteChange(catalog, ref('F1'), T0)).toBeNull();
    await stored('F2');
    await trashFile(catalog, { ref: ref('F2'), actorId: 'U1', channelId: 'C1', purgeAt: T0, now: T0 });
    expect(await noteChange(catalog, ref('F2'), T0)).toBeNull();
    expect(await nextChangeDueAt(catalog)).toBeNull();
  });

  test('a file that comes out of the trash is looked at, if people edit such files', async () => {
    await stored('F1');
    await stored('F2', { mode: 'hosted' });
    for (const fileId of ['F1', 'F2']) {
      await trashFile(catalog, { ref: ref(fileId), actorId: 'U1', channelId: 'C1', purgeAt: 1e15, now: T0 });
      await restoreFile(catalog, { ref: ref(fileId), actorId: 'U1', now: T0 });
    }
    expect((await claim(T0)).map(({ fileId }) => fileId)).toEqual(['F1']);
  });

  test('a file that Slack lists as edited or renamed is looked at; one listed as stored is not', async () => {
    for (const fileId of ['F1', 'F2', 'F3', 'F4']) await stored(fileId);
    const said = (fileId: string, change: object = {}) => ({
      ...{ fileId, name: `${fileId}.pdf`, title: `Title of ${fileId}`, updatedAt: T0 },
      ...change,
    });
    const listed = [
      ...[said('F1'), said('F2', { updatedAt: T0 + 1_000 }), said('F3', { title: 'New' })],
      ...[said('F4', { name: null, title: null, updatedAt: null }), said('F9', { updatedAt: T0 + 1 })],
    ];
    expect(await noteMissedChanges(catalog, TEAM, listed, T0)).toBe(2);
    expect((await claim(T0)).map(({ fileId }) => fileId).sort()).toEqual(['F2', 'F3']);
  });

  test('a message that shows a later edit than the stored one has it looked at', async () => {
    await stored('F1');
    const again = found('F1', 'C1', T0, { mode: 'quip', updatedAt: T0 + 5_000 });
    await recordShares(catalog, TEAM, [again], T0);
    expect(await nextChangeDueAt(catalog)).toBe(T0 + QUIET_MS);
    // The stored version is still the earlier one, however the look ends.
    expect((await fileById(catalog, ref('F1')))?.updatedAt).toBe(T0);
  });

  test('count in every sum, and leave with their file', async () => {
    await stored('F1', { bytes: 100 });
    await addVersion('F1', 30);
    await addVersion('F1', 7);
    const file = await fileById(catalog, ref('F1'));
    expect(file).toMatchObject({ version: 3, storedBytes: 7, olderVersions: 2, olderBytes: 130 });
    const sums = () =>
      stats(catalog, { teamId: TEAM, channelIds: ['C1'], whole: false, since: '2000-01', limit: 5 });
    expect((await sums()).total).toEqual({ files: 1, bytes: 137 });
    expect((await sums()).people).toMatchObject([{ files: 1, bytes: 137 }]);
    await trashFile(catalog, { ref: ref('F1'), actorId: 'U1', channelId: 'C1', purgeAt: T0, now: T0 });
    const trash = () =>
      catalog.db.selectFrom('breakdown').select('bytes').where('part', '=', 'trash').executeTakeFirst();
    expect((await sums()).total).toEqual({ files: 0, bytes: 0 });
    expect((await trash())?.bytes).toBe(137);
    await claimPurges(catalog, { owner: 'p', limit: 1, leaseMs: 1, now: T0 });
    expect(await commitPurged(catalog, ref('F1'), 'p', T0)).toBe(true);
    expect((await trash())?.bytes).toBe(0);
    expect(await olderVersions(catalog, ref('F1'))).toEqual([]);
  });

  test('count exactly, whatever is done with them and in any order', async () => {
    const step = fc.record({
      fileId: fc.constantFrom('F1', 'F2'),
      do: fc.constantFrom(
        'all',
        'latest',
        'latest',
        'remove',
        'trash',
        'undo',
        'purge',
        'lose',
        'lose newest',
        'find',
      ),
      bytes: fc.integer({ min: 0, max: 1_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        await empty(catalog);
        await stored('F1', { bytes: 10 });
        await stored('F2', { bytes: 20 });
        let now = T0;
        for (const { fileId, do: what, bytes } of steps) {
          now += 1_000;
          const file = await fileById(catalog, ref(fileId));
          const [older] = await olderVersions(catalog, ref(fileId));
          const common = { ref: ref(fileId), now };
          if (what === 'all' || what === 'latest') {
            if (file?.state === 'stored') await addVersion(fileId, bytes, { keep: what, now });
          } else if (what === 'remove') {
            for (const row of await claimOldVersions(catalog, { owner: 'o', limit: 9, leaseMs: 1, now }))
              await versionRemoved(catalog, row, 'o', now);
          } else if (what === 'trash')
            await trashFile(catalog, { ...common, actorId: 'U1', channelId: 'C1', purgeAt: now });
          else if (what === 'undo') await restoreFile(catalog, { ...common, actorId: 'U1' });
          else if (what === 'purge') {
            for (const { fileId: id } of await claimPurges(catalog, {
              owner: 'p',
              limit: 9,
              leaseMs: 1,
              now,
            }))
              await commitPurged(catalog, ref(id), 'p', now);
          } else if (what === 'lose' && older)
            await markVersionLost(catalog, {
              ...common,
              number: older.number,
              key: older.objectKey,
              found: {},
            });
          else if (what === 'lose newest' && file?.state === 'stored') {
            await captureAgain(catalog, ref(fileId), { key: file.objectKey, found: {}, now });
            await claimDueFiles(catalog, { owner: 'c', limit: 9, leaseMs: 1, now });
            await skipFile(catalog, { ...common, owner: 'c', reason: 'not_found' });
          } else if (what === 'find' && file) {
            const number = await nextNumber(catalog, file);
            await addFoundVersion(catalog, {
              ...common,
              number,
              object: object(fileId, number, bytes),
              storedAt: now,
            });
          }
          await expectExactSums();
        }
      }),
      { numRuns: 40 },
    );
  });

  /** Compares every sum that the catalog keeps with its rows. */
  async function expectExactSums(): Promise<void> {
    const { db } = catalog;
    const files = await db.selectFrom('file').selectAll().execute();
    const rows = await db.selectFrom('fileVersion').selectAll().where('lostAt', 'is', null).execute();
    const total = { stored: { files: 0, bytes: 0 }, trashed: { files: 0, bytes: 0 } };
    for (const file of files) {
      const older = rows.filter(({ fileId }) => fileId === file.fileId);
      const olderBytes = older.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
      expect([file.olderVersions, file.olderBytes]).toEqual([older.length, olderBytes]);
      expect(older.every(({ number }) => number !== file.version)).toBe(true);
      if (file.state !== 'stored' && file.state !== 'trashed') continue;
      total[file.state].files += 1;
      total[file.state].bytes += (file.storedBytes ?? 0) + olderBytes;
    }
    const sum = (rows: Array<{ files: number; bytes: number }>) => ({
      files: rows.reduce((all, { files }) => all + Number(files), 0),
      bytes: rows.reduce((all, { bytes }) => all + Number(bytes), 0),
    });
    expect(sum(await db.selectFrom('audience').select(['files', 'bytes']).execute())).toEqual(total.stored);
    expect(sum(await db.selectFrom('tally').select(['files', 'bytes']).execute())).toEqual(total.stored);
    for (const part of ['month', 'type', 'trash'] as const) {
      const parts = await db
        .selectFrom('breakdown')
        .select(['files', 'bytes'])
        .where('part', '=', part)
        .execute();
      expect(sum(parts)).toEqual(part === 'trash' ? total.trashed : total.stored);
    }
  }

  test('are told apart in a manifest, and found by their keys', async () => {
    await stored('F1');
    await addVersion('F1', 30);
    const listed = [];
    for await (const one of manifestFiles(catalog, { teamId: TEAM, channelId: 'C1', pageSize: 2 }))
      listed.push(one);
    expect(listed).toMatchObject([{ fileId: 'F1', version: 2, olderVersions: 1 }]);
    const rows = await filesByKey(catalog, { after: '', until: null, limit: 10 });
    expect(rows.map(({ objectKey, older }) => [objectKey, older])).toEqual([
      ['vault/F1', 1],
      ['vault/F1/v2', null],
    ]);
    expect(await filesByKey(catalog, { after: 'vault/F1', until: 'vault/F1/v2', limit: 10 })).toHaveLength(1);
  });

  test('nobody can write a version down twice', async () => {
    await stored('F1');
    await noteChange(catalog, ref('F1'), T0);
    const [change] = await claim(T0 + QUIET_MS);
    if (!change) throw new Error('nothing was due');
    const common = { ref: ref('F1'), after: 1, change, keep: 'all', confirm: 'off', lookedAt: T0 } as const;
    const wanted = { ...common, object: object('F1', 2, 5), updatedAt: null, now: T0 };
    const outcomes = await Promise.all([
      commitVersion(catalog, { ...wanted, owner: 'w' }),
      commitVersion(catalog, { ...wanted, owner: 'w' }),
      commitVersion(catalog, { ...wanted, owner: 'another' }),
    ]);
    expect(outcomes.filter((one) => one === 'stored')).toHaveLength(1);
    expect(await olderVersions(catalog, ref('F1'))).toHaveLength(1);
  });

  describe('where only the latest is kept', () => {
    const removed: string[] = [];
    beforeEach(() => {
      removed.length = 0;
    });

    async function removeDue(now: number, versions: 'all' | 'latest' = 'latest'): Promise<void> {
      const rows = await claimOldVersions(catalog, { owner: 'o', limit: 9, leaseMs: 1_000, now });
      for (const row of rows)
        await removeOldVersion(
          {
            catalog,
            owner: 'o',
            versions,
            remove: async ({ key }) => {
              removed.push(key);
              return 'removed';
            },
            log,
            now: () => now,
          },
          row,
        );
    }

    test('older ones go once the new one is written down', async () => {
      await stored('F1');
      await addVersion('F1', 30, { keep: 'latest' });
      await removeDue(T0);
      expect(removed).toEqual(['vault/F1']);
      const file = await fileById(catalog, ref('F1'));
      expect(file).toMatchObject({ version: 2, storedBytes: 30, olderVersions: 0, olderBytes: 0 });
      expect(await everyVersion(catalog, ref('F1'))).toEqual([]);
      const last = await catalog.db
        .selectFrom('audit')
        .select('action')
        .orderBy('id', 'desc')
        .executeTakeFirst();
      expect(last?.action).toBe('version_removed');
    });

    test('never while a hold covers the file, and then again', async () => {
      await stored('F1');
      const scope = { personId: null, channelId: 'C1', fileId: null, sharedFrom: null, sharedUntil: null };
      const { holdId } = await setHold(catalog, { teamId: TEAM, scope, reason: 'r', actorId: 'U9', now: T0 });
      await addVersion('F1', 30, { keep: 'latest' });
      await removeDue(T0);
      await removeDue(T0 + DAY_MS);
      expect(removed).toEqual([]);
      await liftHold(catalog, { teamId: TEAM, holdId, actorId: 'U9', now: T0 });
      await removeDue(T0 + 2 * DAY_MS);
      expect(removed).toEqual(['vault/F1']);
    });

    test('and what was kept until the setting was changed stays', async () => {
      await stored('F1');
      await addVersion('F1', 30, { keep: 'latest' });
      await removeDue(T0, 'all');
      expect(removed).toEqual([]);
      expect(await nextOldVersionDueAt(catalog)).toBeNull();
      expect(await olderVersions(catalog, ref('F1'))).toHaveLength(1);
    });
  });

  describe('legal holds', () => {
    let held: Set<string>;
    beforeEach(() => {
      held = new Set();
    });
    const options = (now: number, o: Partial<ObjectHoldOptions> = {}): ObjectHoldOptions => ({
      ...{ catalog, owner: 'o', log, now: () => now },
      legalHoldOf: async ({ key }) => held.has(key),
      async setLegalHold({ key }, isOn) {
        if (isOn) held.add(key);
        else held.delete(key);
        return true;
      },
      ...o,
    });

    async function work(now: number, o: Partial<ObjectHoldOptions> = {}): Promise<void> {
      for (;;) {
        const [row] = await claimDueObjectHolds(catalog, { owner: 'o', limit: 1, leaseMs: 1_000, now });
        if (!row) return;
        await holdObject(options(now, o), row);
      }
    }

    async function hold(now: number): Promise<string> {
      const scope = { personId: null, channelId: 'C1', fileId: null, sharedFrom: null, sharedUntil: null };
      const { holdId } = await setHold(catalog, { teamId: TEAM, scope, reason: 'r', actorId: 'U9', now });
      await inTransaction(catalog, (s) => wantObjectHold(s, ref('F1'), { wasHeld: false, now }));
      return holdId;
    }

    async function lift(holdId: string, now: number): Promise<void> {
      await liftHold(catalog, { teamId: TEAM, holdId, actorId: 'U9', now });
      await inTransaction(catalog, (s) => wantObjectHold(s, ref('F1'), { wasHeld: true, now }));
    }

    test('reach every version, later ones too, and come off all of them', async () => {
      await stored('F1');
      await addVersion('F1', 30);
      const holdId = await hold(T0);
      await work(T0);
      expect([...held].sort()).toEqual(['vault/F1', 'vault/F1/v2']);
      await addVersion('F1', 7, { now: T0 + 1 });
      await work(T0 + 1);
      expect([...held].sort()).toEqual(['vault/F1', 'vault/F1/v2', 'vault/F1/v3']);
      await lift(holdId, T0 + 2);
      await trashFile(catalog, { ref: ref('F1'), actorId: 'U1', channelId: 'C1', purgeAt: T0, now: T0 + 2 });
      // The bucket would refuse to delete while any of them is held.
      expect(await claimPurges(catalog, { owner: 'p', limit: 1, leaseMs: 1, now: T0 + 2 })).toEqual([]);
      await work(T0 + 3);
      expect([...held]).toEqual([]);
      expect(await claimPurges(catalog, { owner: 'p', limit: 1, leaseMs: 1, now: T0 + 3 })).toHaveLength(1);
    });

    test('set on the newest while a later version comes, are known as the older one’s', async () => {
      await stored('F1');
      await hold(T0);
      let isFirst = true;
      const setLegalHold: ObjectHoldOptions['setLegalHold'] = async ({ key }) => {
        held.add(key);
        if (isFirst) {
          isFirst = false;
          await addVersion('F1', 30, { now: T0 + 1 });
        }
        return true;
      };
      await work(T0, { setLegalHold });
      await work(T0 + DAY_MS, { setLegalHold });
      expect([...held].sort()).toEqual(['vault/F1', 'vault/F1/v2']);
      expect(await olderVersions(catalog, ref('F1'))).toMatchObject([{ number: 1, holdApplied: 1 }]);
    });

    test('that somebody else set before stay when ours is lifted', async () => {
      await stored('F1');
      held.add('vault/F1');
      const holdId = await hold(T0);
      await work(T0);
      await addVersion('F1', 30, { now: T0 + 1 });
      await work(T0 + 1);
      await lift(holdId, T0 + 2);
      await work(T0 + 2);
      expect([...held]).toEqual(['vault/F1']);
    });
  });

  test('found again in the bucket take their places, whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([2, 3, 4, 5, 11]), async (order) => {
        await empty(catalog);
        await stored('F1');
        for (const number of order) {
          const o = { ref: ref('F1'), number, object: object('F1', number, number), storedAt: T0 + number };
          expect(await addFoundVersion(catalog, { ...o, now: T0 })).not.toBe('known');
          expect(await addFoundVersion(catalog, { ...o, now: T0 })).toBe('known');
        }
        const all = [1, ...order].sort((a, b) => b - a);
        const file = await fileById(catalog, ref('F1'));
        expect(file?.version).toBe(all[0]);
        const older = await olderVersions(catalog, ref('F1'));
        expect(older.map(({ number }) => number)).toEqual(all.slice(1));
        expect(file?.olderBytes).toBe(older.reduce((sum, one) => sum + one.storedBytes, 0));
      }),
      { numRuns: 15 },
    );
  });

  test('a lost one no longer counts, and the next older one replaces a newest one that is lost', async () => {
    await stored('F1', { bytes: 100 });
    await addVersion('F1', 30);
    await addVersion('F1', 7);
    const lost = { ref: ref('F1'), number: 2, key: 'vault/F1/v2', found: { kind: 'missing' }, now: T0 };
    expect(await markVersionLost(catalog, lost)).toBe(true);
    expect(await markVersionLost(catalog, lost)).toBe(false);
    expect(await fileById(catalog, ref('F1'))).toMatchObject({ olderVersions: 1, olderBytes: 100 });
    const found = { kind: 'missing' };
    expect(await captureAgain(catalog, ref('F1'), { key: 'vault/F1/v3', found, now: T0 })).toBe(true);
    const record = await catalog.db.selectFrom('file').selectAll().executeTakeFirstOrThrow();
    expect(await inTransaction(catalog, (scope) => takeOlder(scope, record, T0))).toMatchObject({
      ...{ state: 'stored', version: 1, objectKey: 'vault/F1', olderVersions: 0, olderBytes: 0 },
    });
  });
});
