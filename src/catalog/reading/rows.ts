import { type RawBuilder, type Selectable, sql } from 'kysely';
import { READER } from '../../reader-version.ts';
import { limitTo, skipLocked } from '../db/dialect.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import type { ReadingTable } from '../db/schema-reading.ts';
import { inTransaction } from '../db/transaction.ts';
import { everyVersion, keptVersions } from '../files/versions.ts';
import type { FileRef } from '../model.ts';
import { dropDocument } from '../postings/documents.ts';
import { type Claim, claimDue, dueRows, lease, nextDue } from '../queue/due.ts';
import { type IndexedText, indexWords } from './index-words.ts';
import { ANEW_DUE_AT, EPOCH, isOlder, LAST } from './older.ts';
import { wantedOf } from './wanted.ts';

export type ReadingRecord = Selectable<ReadingTable>;

/**
 * Claims files to read: new ones first, then those that are tried again or were in hand when a bot ended, then older ones, the newest
 * first: there may be so many that all others would wait for days. Texts of an older reader come last, to be read anew. With `onlyNew`
 * these and the older files wait.
 */
export async function claimReadings(
  catalog: Catalog,
  { onlyNew = false, ...claim }: Claim & { onlyNew?: boolean },
): Promise<ReadingRecord[]> {
  // New ones are due at 0; see older.ts. The lease ends at the same time either way.
  const fresh = await claimDue<ReadingRecord>(catalog, 'reading', {
    ...claim,
    leaseMs: claim.now + claim.leaseMs,
    now: 0,
  });
  const left = claim.limit - fresh.length;
  if (left < 1) return fresh;
  const again = await inTransaction(catalog, async (scope) =>
    lease<ReadingRecord>(scope, 'reading', claim, await dueAgain(scope, { now: claim.now, limit: left })),
  );
  const limit = left - again.length;
  if (onlyNew || limit < 1) return [...fresh, ...again];
  const older = await claimDue<ReadingRecord>(catalog, 'reading', {
    ...{ ...claim, limit },
    leaseMs: claim.now + claim.leaseMs - EPOCH,
    now: EPOCH,
  });
  const all = [...fresh, ...again, ...older];
  if (all.length >= claim.limit) return all;
  return [...all, ...(await claimAnew(catalog, { ...claim, limit: claim.limit - all.length }))];
}

/** Claims texts of an older reader. That they are read anew is noted, as they may have to be tried again. */
function claimAnew(catalog: Catalog, claim: Claim): Promise<ReadingRecord[]> {
  return inTransaction(catalog, async (scope) => {
    const ids = await dueRows(scope, 'reading', { now: LAST, limit: claim.limit });
    if (ids.length === 0) return [];
    await scope.db.updateTable('reading').set({ reader: 0 }).where('id', 'in', ids).execute();
    return lease<ReadingRecord>(scope, 'reading', claim, ids);
  });
}

/** Files that are tried again now, or whose reader died: all that are due and are neither new nor older; see older.ts. */
async function dueAgain(
  { db, kind }: Scope,
  { now, limit }: Pick<Claim, 'now' | 'limit'>,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from reading where due_at > ${sql.lit(LAST)} and due_at <= ${now}
    order by due_at ${limitTo(limit)} ${skipLocked(kind)}`.execute(db);
  return rows.map(({ id }) => id);
}

/** When the next file is due to be read; see older.ts. With `onlyNew`, the next that is no older one. */
export async function nextReadingDueAt(
  catalog: Catalog,
  { onlyNew = false }: { onlyNew?: boolean } = {},
): Promise<number | null> {
  const next = await nextDue(catalog, 'reading');
  if (!onlyNew || next === null || !isOlder(next)) return next;
  const { rows } = await sql<{ dueAt: number }>`
    select due_at from reading where due_at > ${sql.lit(LAST)} order by due_at limit 1`.execute(catalog.db);
  return rows[0]?.dueAt ?? null;
}

/**
 * Makes the files due again that could not be read, or only in part, whatever the reason was, and, behind all others, texts of an older
 * reader; how many. What was read of them counts until then.
 */
export function readAgain(catalog: Catalog): Promise<number> {
  return inTransaction(catalog, async (scope) => {
    const { db } = scope;
    const again = { attempts: 0, dueAt: 0, reader: 0 };
    const failed = db.updateTable('reading').where('reason', 'is not', null).where('leaseOwner', 'is', null);
    const unread = await failed
      .set({ ...again, state: 'waiting', reason: null })
      .where('state', '<>', 'read')
      .executeTakeFirst();
    const inPart = await failed.set(again).executeTakeFirst();
    const olds = await dueAnew(scope, sql`reader < ${READER} and state <> 'waiting' and due_at is null`);
    return Number(unread.numUpdatedRows + inPart.numUpdatedRows) + olds;
  });
}

/** Makes the lease of a running reading end later. False when somebody else has the row now, or it has other bytes. */
export function renewReading(catalog: Catalog, row: ReadingRecord, owner: string, until: number) {
  return changeLeased(catalog, row, owner, { dueAt: until });
}

/** It could not be done now; it is tried at `dueAt`. */
export function deferReading(catalog: Catalog, row: ReadingRecord, owner: string, dueAt: number) {
  return changeLeased(catalog, row, owner, { dueAt, leaseOwner: null });
}

/**
 * It could not be read anew, or no better: what was read before counts. It is put into the index once more, as others may see the file
 * meanwhile.
 */
export function keepReading(catalog: Catalog, row: ReadingRecord, owner: string) {
  return changeLeased(catalog, row, owner, { reader: -READER, dueAt: 0, leaseOwner: null, attempts: 0 });
}

/** The bytes are not in the vault any more, or not yet: a trigger makes it due when they are. */
export function dropReading(catalog: Catalog, row: ReadingRecord, owner: string) {
  return changeLeased(catalog, row, owner, { dueAt: null, leaseOwner: null });
}

/**
 * Nobody wants it read now; what was read of it stays, and it is due again when somebody does ({@link startReading}). At once, if a
 * share came meanwhile.
 */
export function parkReading(
  catalog: Catalog,
  row: ReadingRecord,
  owner: string,
  byDefault: boolean,
): Promise<boolean> {
  return inTransaction(catalog, async (scope) => {
    const set = { state: 'waiting', dueAt: null, leaseOwner: null, attempts: 0 } as const;
    if (!(await changeLeased(scope, row, owner, set))) return false;
    if ((await wantedOf(scope, row, byDefault)) !== 'not_now') await dueAtOnce(scope, row);
    return true;
  });
}

/**
 * Nobody may find it by what is in it any more: its words go. False when somebody else has the row, when it has other bytes, or when
 * a share came meanwhile where it is read: then it is due again.
 */
export function forgetReading(
  catalog: Catalog,
  row: ReadingRecord,
  owner: string,
  byDefault: boolean,
): Promise<boolean> {
  return inTransaction(catalog, async (scope) => {
    const set = { dueAt: 0, leaseOwner: null, attempts: 0 };
    if (!(await changeLeased(scope, row, owner, set))) return false;
    if ((await wantedOf(scope, row, byDefault)) !== 'no') return false;
    await scope.db.deleteFrom('reading').where('id', '=', row.id).execute();
    const { rows } = await sql<{ id: number }>`select id from file
      where team_id = ${row.teamId} and file_id = ${row.fileId}`.execute(scope.db);
    const versions = await everyVersion(scope, row);
    for (const id of [...rows.map((file) => file.id), ...versions.map((version) => -version.id)])
      await dropDocument(scope, id);
    return true;
  });
}

/** What was read of a file. */
export interface ReadingOutcome extends IndexedText {
  state: 'read' | 'unread';
  reason: string | null;
  /** The kind of the picture of the first page, where there is one. */
  picture?: ReadingRecord['picture'];
  /** The version of the reader that the text is of; as in the row. */
  reader?: number;
  /** What was read of older versions, by the ids of their rows. */
  older?: ReadonlyMap<number, IndexedText>;
  /** Whether channels without a setting of their own are read. */
  byDefault?: boolean;
}

/**
 * Writes down what became of it, and puts its words into the index, for those who may see the file now. In one
 * transaction, so that a share that comes meanwhile makes it due again. So does a channel's setting by which it is to be forgotten.
 * A text of an older reader is due to be read anew then. False when somebody else has the row.
 */
export function readingDone(
  catalog: Catalog,
  row: ReadingRecord,
  owner: string,
  { words, pairs = null, parts, older = new Map(), byDefault = true, ...outcome }: ReadingOutcome,
): Promise<boolean> {
  const { state, reason, picture = null, reader = READER } = outcome;
  return inTransaction(catalog, async (scope) => {
    const set = { state, reason, dueAt: null, leaseOwner: null, attempts: 0, picture, reader };
    if (!(await changeLeased(scope, row, owner, set))) return false;
    // Whoever goes through the files passes over those that are being read.
    if ((await wantedOf(scope, row, byDefault)) === 'no') await dueAtOnce(scope, row);
    else if (Math.abs(reader) < READER) await dueAnew(scope, sql`id = ${row.id}`);
    const file = await scope.db
      .selectFrom('file')
      .select(['id', 'audienceId', 'name', 'title'])
      .where('teamId', '=', row.teamId)
      .where('fileId', '=', row.fileId)
      .executeTakeFirst();
    if (file === undefined) return true;
    await indexWords(scope, file, { words, pairs, ...(parts && { parts }) });
    // One that is lost meanwhile is waited for, or waits: a trigger takes its words out again.
    const versions = await keptVersions(scope, row);
    // The words of a version stand under its own id, below nought.
    for (const { id, lostAt } of versions)
      await indexWords(scope, { ...file, id: -id }, lostAt === null ? older.get(id) : undefined);
    return true;
  });
}

/** What is known of the text in a file; undefined for a kind that is never read. */
export async function readingOf(
  { db }: Scope,
  { teamId, fileId }: FileRef,
): Promise<ReadingRecord | undefined> {
  return db
    .selectFrom('reading')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .executeTakeFirst();
}

/** Counting stops here. */
const MOST_COUNTED = 10_000;

export interface ReadingCounts {
  waiting: number;
  /** Those of them that were old already when they came; see older.ts. */
  older: number;
  unread: { reason: string; files: number }[];
}

/** How many files wait to be read, and how many could not be, by reason; each up to 10,000. */
export async function readingCounts({ db }: Scope, teamId: string): Promise<ReadingCounts> {
  const [waiting] = (
    await sql<{ files: number; older: number }>`select count(*) as files,
        coalesce(sum(case when due_at between 1 and ${sql.lit(LAST)} then 1 else 0 end), 0) as older from
      (select due_at from reading where team_id = ${teamId} and due_at is not null limit ${MOST_COUNTED}) p`.execute(
      db,
    )
  ).rows;
  const { rows } = await sql<{ reason: string; files: number }>`
    select reason, count(*) as files from (select reason from reading
      where team_id = ${teamId} and reason is not null limit ${MOST_COUNTED}) p
    group by reason order by count(*) desc, reason`.execute(db);
  return {
    waiting: Number(waiting?.files ?? 0),
    older: Number(waiting?.older ?? 0),
    unread: rows.map(({ reason, files }) => ({ reason, files: Number(files) })),
  };
}

/** Makes these due to be read anew, behind all others; how many. */
async function dueAnew({ db }: Scope, which: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows } =
    await sql`update reading set due_at = (select ${sql.raw(ANEW_DUE_AT)} from file f
    where f.team_id = reading.team_id and f.file_id = reading.file_id) where ${which}`.execute(db);
  return Number(numAffectedRows);
}

async function dueAtOnce({ db }: Scope, { id }: ReadingRecord): Promise<void> {
  await db.updateTable('reading').set({ dueAt: 0 }).where('id', '=', id).execute();
}

async function changeLeased(
  { db }: Scope,
  row: ReadingRecord,
  owner: string,
  set: Partial<ReadingRecord>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('reading')
    .set(set)
    .where('id', '=', row.id)
    .where('leaseOwner', '=', owner)
    // Other bytes were stored meanwhile.
    .where('sha256', '=', row.sha256)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
