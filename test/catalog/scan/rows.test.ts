import { expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { fileById } from '../../../src/catalog/files/lookup.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { auditOf } from '../../../src/catalog/governance/audit.ts';
import { claimJournal, readJournalBatch } from '../../../src/catalog/journal/journal.ts';
import { replay } from '../../../src/catalog/journal/replay.ts';
import type { FileRow } from '../../../src/catalog/model.ts';
import { foundMalware, infectedFiles, scanCounts } from '../../../src/catalog/scan/counts.ts';
import {
  claimScans,
  deferScan,
  hurryScan,
  nextScanDueAt,
  releaseScan,
  type ScanOutcome,
  scanDone,
  scanOf,
} from '../../../src/catalog/scan/rows.ts';
import { countDue, markUnseen, wantAgain } from '../../../src/catalog/scan/walk.ts';
import { overdue } from '../../../src/catalog/totals/overdue.ts';
import { DAY_MS } from '../../../src/time.ts';
import { databases } from '../databases.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

const claim = { owner: 'a', limit: 10, leaseMs: 1_000, now: T0 };
const V1 = 'ClamAV 1.4.6/28001/Sun Nov 29 08:26:31 2026';
const FIRST = { of: 'file', before: Number.MAX_SAFE_INTEGER } as const;

async function shared(catalog: Catalog, ids: string[], scans = true): Promise<Catalog> {
  const marking = { ...catalog, scans };
  await recordShares(
    catalog,
    TEAM,
    ids.map((id) => found(id, 'C1', T0)),
    T0,
  );
  for (const id of ids) await storeFile(marking, id);
  return marking;
}

const fileOf = async (catalog: Catalog, fileId: string) =>
  (await fileById(catalog, { teamId: TEAM, fileId })) as FileRow;

async function finish(
  catalog: Catalog,
  outcome: ScanOutcome,
  o: { now?: number; work?: 'scan' | 'rescan' } = {},
) {
  const { now = T0, work = 'scan' } = o;
  const rows = await claimScans(catalog, work, { ...claim, now });
  for (const row of rows)
    expect(
      await scanDone(catalog, row, 'a', { outcome, scannedWith: V1, dueAt: now + 180 * DAY_MS, now }),
    ).toBe(true);
  return rows.map(({ fileId }) => fileId);
}

const standing = async (catalog: Catalog, fileId: string) => scanOf(catalog, await fileOf(catalog, fileId));

it.each(databases)(
  '$name: what is stored is due for the scanner in the same transaction, if there is one',
  async ({ fresh }) => {
    const catalog = await fresh();
    await shared(catalog, ['F1'], false);
    expect(await nextScanDueAt(catalog, 'scan')).toBe(null);
    await shared(catalog, ['F2']);
    expect(await nextScanDueAt(catalog, 'scan')).toBe(T0);
    expect(await standing(catalog, 'F2')).toMatchObject({ state: 'waiting' });
    expect(await finish(catalog, { state: 'clean' })).toEqual(['F2']);
    expect(await standing(catalog, 'F2')).toMatchObject({ state: 'clean', scannedWith: V1, scannedAt: T0 });
    // Nearly every file is clean, so that is not in the log.
    expect((await auditOf(catalog, { teamId: TEAM, fileId: 'F2' }, 9)).map(({ action }) => action)).toEqual([
      'stored',
    ]);
    await catalog.close();
  },
);

it.each(databases)(
  '$name: a verdict is about bytes: with others under the same number, it says nothing',
  async ({ fresh }) => {
    const catalog = await shared(await fresh(), ['F1']);
    await finish(catalog, { state: 'clean' });
    const file = await fileOf(catalog, 'F1');
    const other = { ...file, sha256: 'b'.repeat(64) };
    expect(await scanOf(catalog, other)).toBe(undefined);
    // Whoever asks has it scanned first, and the old verdict is forgotten.
    await hurryScan(catalog, other, T0 + 5);
    expect(await scanOf(catalog, other)).toMatchObject({ state: 'waiting', since: T0 + 5 });
    expect(await nextScanDueAt(catalog, 'scan')).toBe(0);
    await catalog.close();
  },
);

it.each(databases)(
  '$name: a scan whose bytes were exchanged meanwhile, or whose lease is lost, writes nothing',
  async ({ fresh }) => {
    const catalog = await shared(await fresh(), ['F1']);
    const [row] = await claimScans(catalog, 'scan', claim);
    if (row === undefined) throw new Error('nothing is due');
    const done = { outcome: { state: 'clean' }, scannedWith: V1, dueAt: T0, now: T0 } as const;
    expect(await scanDone(catalog, row, 'b', done)).toBe(false);
    await catalog.db
      .updateTable('scan')
      .set({ sha256: 'b'.repeat(64) })
      .execute();
    expect(await scanDone(catalog, row, 'a', done)).toBe(false);
    await catalog.close();
  },
);

it.each(databases)(
  '$name: a rescan that finds what was found before is no news for the journal',
  async ({ fresh }) => {
    const catalog = await shared(await fresh(), ['F1', 'F2']);
    await finish(catalog, { state: 'clean' });
    const news = async () => (await catalog.db.selectFrom('journalDirty').select('key').execute()).length;
    await catalog.db.deleteFrom('journalDirty').execute();
    for (const day of [1, 2, 3]) {
      await catalog.db.updateTable('scan').set({ dueAt: T0 }).execute();
      await finish(catalog, { state: 'clean' }, { work: 'rescan', now: T0 + day * DAY_MS });
    }
    expect(await news()).toBe(0);
    expect(await standing(catalog, 'F1')).toMatchObject({ state: 'clean', scannedAt: T0 + 3 * DAY_MS });
    // What it found is: each file, and its entry in the audit log.
    await catalog.db.updateTable('scan').set({ dueAt: T0 }).execute();
    await finish(catalog, { state: 'infected', signature: 'Evil.Worm' }, { work: 'rescan', now: T0 });
    expect(await news()).toBe(4);
    await catalog.close();
  },
);

it.each(databases)(
  '$name: malware is audited once, counted, and given free with a reason',
  async ({ fresh }) => {
    const catalog = await shared(await fresh(), ['F1', 'F2']);
    await finish(catalog, { state: 'infected', signature: 'Evil.Worm' });
    // The next scan says the same: no news.
    await catalog.db.updateTable('scan').set({ dueAt: T0 }).execute();
    await finish(
      catalog,
      { state: 'infected', signature: 'Evil.Worm' },
      { work: 'rescan', now: T0 + DAY_MS },
    );
    const log = async (fileId: string) =>
      (await auditOf(catalog, { teamId: TEAM, fileId }, 9)).filter(({ action }) => action !== 'stored');
    expect(await log('F1')).toMatchObject([
      { action: 'scanned', actorId: 'vault', detail: { result: 'infected', signature: 'Evil.Worm' } },
    ]);
    const day = new Date(T0).toISOString().slice(0, 10);
    expect(await foundMalware(catalog, TEAM)).toEqual([{ signature: 'Evil.Worm', day, files: 2 }]);
    expect((await infectedFiles(catalog, TEAM, 9)).sort()).toEqual(['F1', 'F2']);

    const file = await fileOf(catalog, 'F1');
    const release = { actorId: 'U3', reason: 'a false alarm', found: 'Evil.Worm', now: T0 + 9 };
    expect(await releaseScan(catalog, file, { ...release, found: 'Evil.Twin' })).toBe(false);
    expect(await releaseScan(catalog, file, release)).toBe(true);
    expect(await releaseScan(catalog, file, release)).toBe(false);
    expect(await standing(catalog, 'F1')).toMatchObject({
      state: 'infected',
      release: { by: 'U3', at: T0 + 9, reason: 'a false alarm' },
    });
    expect((await log('F1'))[0]).toMatchObject({ action: 'released', actorId: 'U3' });
    expect((await log('F1')).map(({ action }) => action).sort()).toEqual(['released', 'scanned']);
    expect(await scanCounts(catalog, TEAM)).toEqual({
      waiting: 0,
      infected: 1,
      released: 1,
      unscanned: 0,
      most: 10_000,
    });
    expect(await infectedFiles(catalog, TEAM, 9)).toEqual(['F2']);
    // A false alarm that the scanner takes back.
    await catalog.db.updateTable('scan').set({ dueAt: T0 }).where('fileId', '=', 'F2').execute();
    await finish(catalog, { state: 'clean' }, { work: 'rescan', now: T0 + 2 * DAY_MS });
    expect((await log('F2'))[0]).toMatchObject({ action: 'scanned', detail: { result: 'clean' } });
    expect(await infectedFiles(catalog, TEAM, 9)).toEqual([]);
    await catalog.close();
  },
);

it.each(databases)(
  '$name: what was found stays closed when the scanner cannot look any more',
  async ({ fresh }) => {
    const catalog = await shared(await fresh(), ['F1']);
    await finish(catalog, { state: 'infected', signature: 'Evil.Worm' });
    await catalog.db.updateTable('scan').set({ dueAt: T0, told: 1 }).execute();
    await finish(catalog, { state: 'unscanned', reason: 'too_large' }, { work: 'rescan', now: T0 + DAY_MS });
    expect(await standing(catalog, 'F1')).toMatchObject({
      ...{ state: 'infected', signature: 'Evil.Worm', reason: null, since: T0, scannedAt: T0 + DAY_MS },
    });
    expect(await catalog.db.selectFrom('scan').select('told').execute()).toEqual([{ told: 1 }]);
    await catalog.close();
  },
);

it.each(databases)(
  '$name: a release ends when something is found that was not known then',
  async ({ fresh }) => {
    const catalog = await shared(await fresh(), ['F1']);
    const again = async (outcome: ScanOutcome) => {
      await catalog.db.updateTable('scan').set({ dueAt: T0, told: 1 }).execute();
      await finish(catalog, outcome, { work: 'rescan' });
      const { release, signature } = (await standing(catalog, 'F1')) ?? {};
      const [row] = await catalog.db.selectFrom('scan').select('told').execute();
      return { isReleased: release !== null, signature, told: row?.told };
    };
    const release = { actorId: 'U3', reason: 'x', now: T0 };
    await finish(catalog, { state: 'unscanned', reason: 'encrypted' });
    await releaseScan(catalog, await fileOf(catalog, 'F1'), { ...release, found: 'encrypted' });
    expect(await again({ state: 'unscanned', reason: 'limits' })).toMatchObject({ isReleased: true });
    const worm = { isReleased: false, signature: 'Evil.Worm', told: 0 };
    expect(await again({ state: 'infected', signature: 'Evil.Worm' })).toEqual(worm);
    await releaseScan(catalog, await fileOf(catalog, 'F1'), { ...release, found: 'Evil.Worm' });
    expect(await again({ state: 'infected', signature: 'Evil.Worm' })).toMatchObject({
      isReleased: true,
      told: 1,
    });
    expect(await again({ state: 'infected', signature: 'Evil.Twin' })).toMatchObject({
      isReleased: false,
      told: 0,
    });
    await catalog.close();
  },
);

it.each(databases)('$name: a clean or waiting file needs no release', async ({ fresh }) => {
  const catalog = await shared(await fresh(), ['F1']);
  const release = { actorId: 'U3', reason: 'x', found: null, now: T0 };
  expect(await releaseScan(catalog, await fileOf(catalog, 'F1'), release)).toBe(false);
  await finish(catalog, { state: 'clean' });
  expect(await releaseScan(catalog, await fileOf(catalog, 'F1'), release)).toBe(false);
  await catalog.close();
});

it.each(databases)('$name: verdicts and releases come back from the journal', async ({ fresh }) => {
  const catalog = await shared(await fresh(), ['F1', 'F2', 'F3']);
  const [one] = await claimScans(catalog, 'scan', { ...claim, limit: 1 });
  if (one === undefined) throw new Error('nothing is due');
  await scanDone(catalog, one, 'a', {
    outcome: { state: 'infected', signature: 'Evil.Worm' },
    scannedWith: V1,
    dueAt: T0,
    now: T0,
  });
  const released = { actorId: 'U3', reason: 'a test', found: 'Evil.Worm', now: T0 };
  await releaseScan(catalog, await fileOf(catalog, one.fileId), released);
  const [two] = await claimScans(catalog, 'scan', { ...claim, limit: 1 });
  if (two === undefined) throw new Error('nothing is due');
  await scanDone(catalog, two, 'a', { outcome: { state: 'clean' }, scannedWith: V1, dueAt: T0, now: T0 });
  const [lease] = await claimJournal(
    catalog,
    { everyMs: 0, batch: 1 },
    { owner: 'j', limit: 1, leaseMs: 1, now: T0 },
  );
  if (lease === undefined) throw new Error('the journal has no news');
  const { records } = await readJournalBatch(catalog, lease, 1_000);

  const other = await fresh();
  await replay(other, records, { now: T0 + 1, guest: null });
  // Heard twice, it does no harm.
  await replay(other, records, { now: T0 + 1, guest: null });
  for (const { fileId } of [one, two])
    expect(await standing(other, fileId)).toEqual(await standing(catalog, fileId));
  expect(await standing(other, one.fileId)).toMatchObject({ release: { by: 'U3', reason: 'a test' } });
  // What waited waits again.
  const again = await claimScans(other, 'scan', { ...claim, now: T0 + 1 });
  expect(again.map(({ fileId }) => fileId)).toEqual(['F3']);
  expect(await claimScans(other, 'rescan', { ...claim, now: T0 + DAY_MS })).toEqual([]);
  await Promise.all([catalog.close(), other.close()]);
});

it.each(databases)(
  '$name: what was stored before the scanner came is marked, newest first, a few at a time',
  async ({ fresh }) => {
    const catalog = await fresh();
    await shared(catalog, ['F1', 'F2', 'F3', 'F4'], false);
    const marking = await shared(catalog, ['F5']);
    const first = await markUnseen(marking, FIRST, { teamId: TEAM, due: 2, now: T0 });
    expect(first.marked).toBe(2);
    expect(await countDue(catalog, 100)).toBe(3);
    const rows = await catalog.db.selectFrom('scan').select('fileId').orderBy('fileId').execute();
    expect(rows.map(({ fileId }) => fileId)).toEqual(['F3', 'F4', 'F5']);
    const second = await markUnseen(marking, first.next as typeof FIRST, { teamId: TEAM, due: 100, now: T0 });
    expect(second).toEqual({ marked: 2, next: { of: 'file_version', before: Number.MAX_SAFE_INTEGER } });
    expect(await markUnseen(marking, second.next as never, { teamId: TEAM, due: 100, now: T0 })).toEqual({
      marked: 0,
      next: null,
    });
    // Nothing is marked twice.
    expect((await markUnseen(marking, FIRST, { teamId: TEAM, due: 100, now: T0 })).marked).toBe(0);
    await catalog.close();
  },
);

it.each(databases)(
  '$name: new signatures make due what is young and what was infected',
  async ({ fresh }) => {
    const catalog = await shared(await fresh(), ['F1', 'F2', 'F3', 'F4']);
    await finish(catalog, { state: 'clean' });
    await catalog.db
      .updateTable('scan')
      .set({ storedAt: T0 - 30 * DAY_MS })
      .where('fileId', 'in', ['F2', 'F3'])
      .execute();
    await catalog.db
      .updateTable('scan')
      .set({ state: 'infected', signature: 'Evil' })
      .where('fileId', '=', 'F3')
      .execute();
    await catalog.db
      .updateTable('scan')
      .set({ state: 'unscanned', reason: 'too_large' })
      .where('fileId', '=', 'F4')
      .execute();
    const now = T0 + DAY_MS;
    const o = { version: V1, storedAfter: T0 - 7 * DAY_MS, scannedBefore: now, now, limit: 100 };
    expect(await wantAgain(catalog, o)).toBe(0);
    expect(await wantAgain(catalog, { ...o, version: 'ClamAV 1.4.6/28002/x' })).toBe(2);
    expect(await wantAgain(catalog, { ...o, version: 'ClamAV 1.4.6/28002/x' })).toBe(0);
    expect((await finish(catalog, { state: 'clean' }, { work: 'rescan', now })).sort()).toEqual(['F1', 'F3']);
    await catalog.close();
  },
);

it.each(databases)('$name: whoever asks does not undo that a scan was put off', async ({ fresh }) => {
  const catalog = await shared(await fresh(), ['F1']);
  const [row] = await claimScans(catalog, 'scan', claim);
  if (row === undefined) throw new Error('nothing is due');
  await hurryScan(catalog, await fileOf(catalog, 'F1'), T0 + 1);
  expect(await nextScanDueAt(catalog, 'scan')).toBe(T0 + 1_000);
  await deferScan(catalog, row, 'a', { dueAt: T0 + 60_000, broke: true });
  await hurryScan(catalog, await fileOf(catalog, 'F1'), T0 + 1);
  expect(await nextScanDueAt(catalog, 'scan')).toBe(T0 + 60_000);
  await catalog.close();
});

it.each(databases)(
  'on $name: what somebody waits for is late since it was stored, and nothing is late without a scanner',
  async ({ fresh }) => {
    const catalog = await fresh();
    try {
      const marking = await shared(catalog, ['F1']);
      await hurryScan(marking, await fileOf(catalog, 'F1'), T0);
      expect(await nextScanDueAt(catalog, 'scan')).toBe(0);
      const late = async (scans: boolean) =>
        (await overdue({ ...catalog, scans }, T0 + 9_000)).find(({ work }) => work === 'scan');
      const { since } = (await standing(catalog, 'F1')) ?? {};
      expect(since).toBeGreaterThan(0);
      expect(await late(true)).toMatchObject({ dueRows: 1, dueSince: since });
      expect(await late(false)).toBeUndefined();
    } finally {
      await catalog.close();
    }
  },
);
