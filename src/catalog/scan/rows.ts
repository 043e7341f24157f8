import { type Insertable, type Selectable, sql } from 'kysely';
import { DAY_MS } from '../../time.ts';
import { idTable } from '../db/dialect.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import type { ScanTable } from '../db/schema-scan.ts';
import { inTransaction } from '../db/transaction.ts';
import { recordAudit } from '../governance/audit.ts';
import type { FileRef, FileRow } from '../model.ts';
import { touchHomes } from '../notices/homes.ts';
import { type Claim, claimDue, nextDue } from '../queue/due.ts';
import type { ScannedBytes, ScanReason, ScanStanding } from './model.ts';

export type ScanRecord = Selectable<ScanTable>;

/** Rows per statement: stays well below both databases' limits of parameters. */
const ROWS_AT_ONCE = 100;
/** Every file is scanned again after this time at the latest. */
const ROUND_MS = 180 * DAY_MS;

/**
 * Marks a version to be scanned, in the transaction that stores it. One that was scanned with the same bytes stays as
 * it is.
 */
export async function wantScan(
  { db }: Scope,
  { teamId, fileId, version: number, sha256 }: ScannedBytes,
  { storedAt, now, dueAt = now }: { storedAt: number | null; now: number; dueAt?: number },
): Promise<void> {
  const fresh = {
    ...{ sha256: sha256 ?? '', storedAt: storedAt ?? now, state: 'waiting' as const, since: now },
    ...{ reason: null, signature: null, scannedWith: null, scannedAt: null },
    ...{ releasedBy: null, releasedAt: null, releaseReason: null, told: 0, broke: 0 },
    ...{ dueAt, leaseOwner: null, attempts: 0 },
  };
  await db
    .insertInto('scan')
    .values({ teamId, fileId, number, ...fresh })
    .onConflict((conflict) =>
      conflict
        .columns(['teamId', 'fileId', 'number'])
        .doUpdateSet(fresh)
        .where('scan.sha256', '<>', fresh.sha256),
    )
    .execute();
}

/** Somebody waits for this version: it goes before all others. */
export async function hurryScan(
  catalog: Catalog,
  bytes: ScannedBytes & { storedAt: number | null },
  now: number,
): Promise<void> {
  await wantScan(catalog, bytes, { storedAt: bytes.storedAt, now, dueAt: 0 });
  await catalog.db
    .updateTable('scan')
    .set({ dueAt: 0 })
    .where('teamId', '=', bytes.teamId)
    .where('fileId', '=', bytes.fileId)
    .where('number', '=', bytes.version)
    .where('state', '=', 'waiting')
    .where('leaseOwner', 'is', null)
    // What was just put off stays put off: the scanner is away, or breaks on it.
    .where((eb) => eb.or([eb('broke', '=', 0), eb('dueAt', '<=', now)]))
    .execute();
}

/** What is known of a version's bytes; undefined if nothing is. */
export async function scanOf(scope: Scope, bytes: ScannedBytes): Promise<ScanStanding | undefined> {
  const row = await recordOf(scope, bytes);
  return row && standingOf(row);
}

async function recordOf({ db }: Scope, bytes: ScannedBytes): Promise<ScanRecord | undefined> {
  return db
    .selectFrom('scan')
    .selectAll()
    .where('teamId', '=', bytes.teamId)
    .where('fileId', '=', bytes.fileId)
    .where('number', '=', bytes.version)
    .where('sha256', '=', bytes.sha256 ?? '')
    .executeTakeFirst();
}

/** The same for the versions of some files, by `<file id> <number>`. */
export async function scansOf(
  { db, kind }: Scope,
  teamId: string,
  fileIds: readonly string[],
): Promise<ReadonlyMap<string, ScanStanding & { sha256: string }>> {
  if (fileIds.length === 0) return new Map();
  const { rows } = await sql<ScanRecord>`select s.* from ${idTable(kind, [...new Set(fileIds)])} ids
    cross join scan s where s.team_id = ${teamId} and s.file_id = ids.id`.execute(db);
  return new Map(
    rows.map((row) => [`${row.fileId} ${row.number}`, { ...standingOf(row), sha256: row.sha256 }]),
  );
}

function standingOf(row: ScanRecord): ScanStanding {
  const { state, since, reason, signature, scannedWith, scannedAt } = row;
  const release =
    row.releasedBy === null || row.releasedAt === null
      ? null
      : { by: row.releasedBy, at: row.releasedAt, reason: row.releaseReason ?? '' };
  return { state, since, reason, signature, scannedWith, scannedAt, release };
}

/** Claims versions to scan: those that never were (`scan`), or those that were before (`rescan`). */
export function claimScans(catalog: Catalog, work: 'scan' | 'rescan', claim: Claim): Promise<ScanRecord[]> {
  return claimDue<ScanRecord>(catalog, work, claim);
}

export function nextScanDueAt(catalog: Catalog, work: 'scan' | 'rescan'): Promise<number | null> {
  return nextDue(catalog, work);
}

/** Makes the lease of a running scan end later. False when somebody else has the row now. */
export async function renewScan(catalog: Catalog, row: ScanRecord, owner: string, until: number) {
  return changeLeased(catalog, row, owner, { dueAt: until });
}

/** The scan could not be done; it is tried at `dueAt`. `broke`: the scanner was at work on it. */
export function deferScan(
  catalog: Catalog,
  row: ScanRecord,
  owner: string,
  o: { dueAt: number; broke?: boolean },
): Promise<boolean> {
  const broke = o.broke ? { broke: row.broke + 1 } : {};
  return changeLeased(catalog, row, owner, { dueAt: o.dueAt, leaseOwner: null, ...broke });
}

/** There is nothing to scan any more: the version is gone. */
export async function dropScan({ db }: Scope, row: ScanRecord): Promise<void> {
  await db.deleteFrom('scan').where('id', '=', row.id).execute();
}

/** The versions of a file are gone for good, or one of them is. */
export async function forgetScans({ db }: Scope, ref: FileRef, number?: number): Promise<void> {
  await db
    .deleteFrom('scan')
    .where('teamId', '=', ref.teamId)
    .where('fileId', '=', ref.fileId)
    .$if(number !== undefined, (query) => query.where('number', '=', number as number))
    .execute();
}

export type ScanOutcome =
  | { state: 'clean' }
  | { state: 'infected'; signature: string }
  | { state: 'unscanned'; reason: ScanReason };

/**
 * Writes down what the scanner said, with its version. What was found, or is over, is audited; that a file is clean is
 * not, as nearly all are. What was found stays when the scanner cannot look any more: only a look that finds nothing
 * takes it back. A release stays while nothing else is found than what was known then. False when somebody else has the
 * row now.
 */
export async function scanDone(
  catalog: Catalog,
  row: ScanRecord,
  owner: string,
  o: { outcome: ScanOutcome; scannedWith: string | null; dueAt: number; now: number },
): Promise<boolean> {
  const { scannedWith, dueAt, now } = o;
  const outcome: ScanOutcome =
    row.state === 'infected' && o.outcome.state === 'unscanned'
      ? { state: 'infected', signature: row.signature ?? '' }
      : o.outcome;
  const signature = outcome.state === 'infected' ? outcome.signature : null;
  const reason = outcome.state === 'unscanned' ? outcome.reason : null;
  const isNews = outcome.state !== row.state || signature !== row.signature || reason !== row.reason;
  const isFound = outcome.state === 'infected' && isNews;
  return inTransaction(catalog, async (scope) => {
    const isOurs = await changeLeased(scope, row, owner, {
      ...{ state: outcome.state, signature, reason, scannedWith, scannedAt: now },
      since: outcome.state === row.state ? row.since : now,
      // The uploader is told once of each time that something was found.
      ...(outcome.state === 'infected' && !isFound ? {} : { told: 0 }),
      // Nobody has given free what was not known then.
      ...(isFound ? { releasedBy: null, releasedAt: null, releaseReason: null } : {}),
      ...{ broke: 0, attempts: 0, leaseOwner: null, dueAt },
    });
    const isWorthy = outcome.state !== 'clean' || row.state === 'infected';
    if (!isOurs || !isNews || !isWorthy) return isOurs;
    await touchHomes(scope, row.teamId, now);
    await recordAudit(scope, {
      ...{ at: now, teamId: row.teamId, fileId: row.fileId, actorId: 'vault', action: 'scanned' },
      channelId: await channelOf(scope, row),
      detail: {
        result: outcome.state,
        version: row.number,
        ...(signature ? { signature } : {}),
        ...(reason ? { reason } : {}),
      },
    });
    return true;
  });
}

async function channelOf({ db }: Scope, { teamId, fileId }: FileRef): Promise<string | null> {
  const file = await db
    .selectFrom('file')
    .select('channelId')
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .executeTakeFirst();
  return file?.channelId ?? null;
}

/** Takes in what the journal tells of files: a verdict stands, and what waited is due. */
export async function putScans(
  { db }: Scope,
  told: ReadonlyArray<{ scans?: ReadonlyArray<Insertable<ScanTable>> }>,
  now: number,
): Promise<void> {
  const due = ({ state }: Pick<ScanTable, 'state'>) => (state === 'waiting' ? now : nextRound(now));
  const all = told.flatMap(({ scans = [] }) => scans);
  const rows = all.map((scan) => ({ ...scan, dueAt: due(scan), leaseOwner: null }));
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
    await db
      .insertInto('scan')
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      .execute();
}

/** When a version is scanned again in any case, so that each is at least twice a year (ms). */
export function nextRound(now: number, random: () => number = Math.random): number {
  return Math.round(now + ROUND_MS * (0.9 + random() / 10));
}

/**
 * Gives a version free, in spite of what the scanner said. Audited. False if it needs none, is free already, or the
 * scanner says something else by now than `found`: a signature, or why it was not scanned.
 */
export async function releaseScan(
  catalog: Catalog,
  file: FileRow,
  o: { actorId: string; reason: string; found: string | null; now: number },
): Promise<boolean> {
  const { actorId, reason, found, now } = o;
  return inTransaction(catalog, async (scope) => {
    const row = await recordOf(scope, file);
    if (row === undefined || (row.state !== 'infected' && row.state !== 'unscanned')) return false;
    if (found !== (row.signature ?? row.reason)) return false;
    const { numUpdatedRows } = await scope.db
      .updateTable('scan')
      .set({ releasedBy: actorId, releasedAt: now, releaseReason: reason })
      .where('id', '=', row.id)
      .where('sha256', '=', row.sha256)
      .where('releasedBy', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await touchHomes(scope, file.teamId, now);
    await recordAudit(scope, {
      ...{ at: now, teamId: file.teamId, fileId: file.fileId, channelId: file.channelId },
      ...{ actorId, action: 'released', detail: { version: row.number, found, reason } },
    });
    return true;
  });
}

/** A person wants a version scanned again now: before all that is only due because the signatures are other ones. */
export async function scanAgain({ db }: Scope, bytes: ScannedBytes): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('scan')
    .set({ dueAt: 0 })
    .where('teamId', '=', bytes.teamId)
    .where('fileId', '=', bytes.fileId)
    .where('number', '=', bytes.version)
    .where('leaseOwner', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function changeLeased(
  { db }: Scope,
  row: ScanRecord,
  owner: string,
  set: Partial<ScanRecord>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('scan')
    .set(set)
    .where('id', '=', row.id)
    .where('leaseOwner', '=', owner)
    // Other bytes were stored under this number meanwhile.
    .where('sha256', '=', row.sha256)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
