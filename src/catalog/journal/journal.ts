import { type Selectable, sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import { idTable } from '../db/dialect.ts';
import { prepared } from '../db/prepared.ts';
import type { Catalog, JournalKind, Schema, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { type Claim, claimDue } from '../queue/due.ts';
import type { JournalRecord } from './journal-record.ts';
import { TELL } from './tell.ts';

export type { JournalRecord } from './journal-record.ts';

/** How often segments are written. */
export interface JournalPace {
  /** How long changes gather, in ms. */
  everyMs: number;
  /** This many changes are written at once; and one segment tells at most this many things. */
  batch: number;
}

/** The right to write one segment, under a number that nobody else ever gets. */
export interface JournalLease {
  id: number;
  history: string;
  number: number;
  first: number;
  segments: number;
  attempts: number;
  walk: JournalKind | null;
  walkAfter: string | null;
  walkFirst: number | null;
}

/** When the next segment is due (ms), or null while there is nothing to tell. The first change starts the clock. */
export async function nextJournalDueAt(
  catalog: Catalog,
  pace: JournalPace,
  now: number,
): Promise<number | null> {
  const [journal] = await standing(catalog, {});
  if (!journal || (journal.walk === null && journal.waiting === null)) return null;
  if (journal.leaseOwner !== null || (journal.dueAt !== null && journal.dueAt <= now)) return journal.dueAt;
  const isFull = journal.walk !== null || (journal.waiting ?? 0) >= pace.batch;
  // After a failure only the back-off counts.
  const wanted = isFull && journal.attempts === 0 ? now : (journal.dueAt ?? now + pace.everyMs);
  if (wanted !== journal.dueAt) await setDue(catalog, wanted);
  return wanted;
}

interface Standing {
  walk: JournalKind | null;
  attempts: number;
  dueAt: number | null;
  leaseOwner: string | null;
  /** Roughly how many changes are not told yet; null when there are none. */
  waiting: number | null;
}

const standing = prepared(
  (_: Scope, __: object) => sql<Standing>`
    select walk, attempts, due_at, lease_owner,
      (select max(id) from journal_dirty) - (select min(id) from journal_dirty) + 1 as waiting
    from journal`,
);

/** Everything still to tell is due now: the process is about to stop. */
export async function hurryJournal(catalog: Catalog, now: number): Promise<void> {
  await setDue(catalog, now);
}

async function setDue({ db }: Scope, dueAt: number): Promise<void> {
  await db.updateTable('journal').set({ dueAt }).where('leaseOwner', 'is', null).execute();
}

/** Claims the next segment, if it is due. */
export async function claimJournal(
  catalog: Catalog,
  pace: JournalPace,
  claim: Claim,
): Promise<JournalLease[]> {
  const due = await nextJournalDueAt(catalog, pace, claim.now);
  return due === null || due > claim.now ? [] : claimDue<JournalLease>(catalog, 'journal', claim);
}

/** What a segment is to tell, and the journal's state once it is written. */
export interface JournalBatch {
  records: JournalRecord[];
  /** The notes of changes that these records tell. */
  dirty: number[];
  walk: JournalKind | null;
  walkAfter: string | null;
  /** Once this segment is written, segments before this number do not count any more. */
  first: number;
}

/**
 * Reads at most `limit` things that changed, as they are now. While everything is told again, also the next part of
 * that. Reads notes first and things after, so that a record is never older than its note.
 */
export async function readJournalBatch(
  catalog: Catalog,
  lease: JournalLease,
  limit: number,
): Promise<JournalBatch> {
  const dirty = await catalog.db.selectFrom('journalDirty').selectAll().orderBy('id').limit(limit).execute();
  const records = await tell(catalog, dirty);
  const batch = { records, dirty: dirty.map((row) => row.id), first: lease.first };
  const room = limit - dirty.length;
  if (lease.walk === null || room === 0) return { ...batch, walk: lease.walk, walkAfter: lease.walkAfter };
  const page = await readPage(catalog, lease.walk, lease.walkAfter ?? '', room);
  const more = await tell(catalog, page);
  const rest = { ...batch, records: [...records, ...more] };
  if (page.length === room) return { ...rest, walk: lease.walk, walkAfter: cursorAfter(page) };
  const next = WALK[WALK.indexOf(lease.walk) + 1] ?? null;
  const first = next === null ? (lease.walkFirst ?? lease.first) : lease.first;
  return { ...rest, walk: next, walkAfter: '', first };
}

/** The bucket has the segment: its notes are removed. False when the lease had run out; that is harmless. */
export async function segmentWritten(
  catalog: Catalog,
  lease: JournalLease,
  batch: JournalBatch,
  owner: string,
): Promise<boolean> {
  return inTransaction(catalog, async (scope) => {
    const { walk, walkAfter, first } = batch;
    const walked = lease.walk !== null && walk === null;
    const segments = walked ? first - lease.number : lease.segments + 1;
    // Since this segment was begun, somebody may have asked to tell everything again: that stays.
    const kept = (column: 'walk' | 'walk_after', value: string | null) =>
      sql<never>`case when walk_first is not distinct from ${lease.walkFirst} then ${value} else ${sql.ref(column)} end`;
    const result = await scope.db
      .updateTable('journal')
      .set({
        walk: kept('walk', walk),
        walkAfter: kept('walk_after', walkAfter),
        ...{ first, segments, dueAt: null, leaseOwner: null, attempts: 0 },
      })
      .where('leaseOwner', '=', owner)
      .where('number', '=', lease.number)
      .executeTakeFirst();
    if (result.numUpdatedRows === 0n) return false;
    await sql`delete from journal_dirty where id in
      (select cast(id as bigint) from ${idTable(scope.kind, batch.dirty.map(String))} ids)`.execute(scope.db);
    return true;
  });
}

/** The segment could not be written: again at `dueAt`, under another number. */
export async function deferJournal(catalog: Catalog, owner: string, dueAt: number): Promise<void> {
  await catalog.db
    .updateTable('journal')
    .set({ leaseOwner: null, dueAt })
    .where('leaseOwner', '=', owner)
    .execute();
}

/**
 * From the next segment on, everything is told again; segments from before then do not count any more. With `again`,
 * a telling under way starts over: what it told so far may not stay either.
 */
export async function tellEverything({ db }: Scope, { again = false } = {}): Promise<void> {
  let telling = db
    .updateTable('journal')
    .set({ walk: WALK[0], walkAfter: '', walkFirst: sql<number>`number + 1` });
  if (!again) telling = telling.where('walk', 'is', null);
  await telling.execute();
}

/**
 * Begins a separate history, told from the beginning, because somebody else writes the old one. That happens when the
 * catalog was put back from an older copy, or rebuilt while the old bot still ran. False when the lease is lost.
 */
export async function beginHistory(catalog: Catalog, owner: string, history: string): Promise<boolean> {
  const result = await catalog.db
    .updateTable('journal')
    .set({
      history,
      walk: WALK[0],
      walkAfter: '',
      walkFirst: sql<number>`number + 1`,
      first: sql<number>`number + 1`,
      segments: 0,
      ...{ leaseOwner: null, dueAt: null, attempts: 0 },
    })
    .where('leaseOwner', '=', owner)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export function journalOf({ db }: Scope): Promise<Selectable<Schema['journal']>> {
  return db.selectFrom('journal').selectAll().executeTakeFirstOrThrow() as never;
}

const WALK: [JournalKind, ...JournalKind[]] = ['file', 'channel', 'gone', 'audit', 'hold', 'rule'];

/** The column that names a thing, besides the team. */
const KEY: Record<JournalKind, string> = {
  ...{ file: 'file_id', channel: 'channel_id', gone: 'file_id', audit: 'id' },
  ...{ hold: 'hold_id', rule: 'channel_id' },
};

/** Things read in one go. On SQLite the whole process waits for it, some 5 ms at this number. */
const READ_AT_ONCE = 250;

interface Thing {
  kind: JournalKind;
  teamId: string;
  key: string;
}

/** The next things of a kind, in the order of their keys. */
async function readPage({ db }: Scope, kind: JournalKind, after: string, limit: number): Promise<Thing[]> {
  const place: [string, string] = after === '' ? ['', ''] : JSON.parse(after);
  const key = sql.ref(KEY[kind]);
  const { rows } =
    kind === 'audit'
      ? await sql<Thing>`select team_id, cast(id as text) as key from audit
          where id > ${Number(place[1] || Number.MIN_SAFE_INTEGER)} order by id limit ${limit}`.execute(db)
      : await sql<Thing>`select team_id, ${key} as key from ${sql.table(kind)}
          where (team_id, ${key}) > (${place[0]}, ${place[1]})
          order by team_id, ${key} limit ${limit}`.execute(db);
  return rows.map(({ teamId, key: found }) => ({ kind, teamId, key: found }));
}

function cursorAfter(page: Thing[]): string {
  const last = page.at(-1);
  return JSON.stringify([last?.teamId, last?.key]);
}

/** The present state of these things, each once. A thing that is gone is told as removed. */
async function tell(scope: Scope, things: Thing[]): Promise<JournalRecord[]> {
  const groups = new Map<string, { kind: JournalKind; teamId: string; keys: Set<string> }>();
  for (const { kind, teamId, key } of things) {
    const name = JSON.stringify([kind, teamId]);
    const group = groups.get(name) ?? { kind, teamId, keys: new Set<string>() };
    groups.set(name, group);
    group.keys.add(key);
  }
  const records: JournalRecord[] = [];
  for (const { kind, teamId, keys } of groups.values()) {
    for (const some of chunks([...keys], READ_AT_ONCE)) {
      const told = await TELL[kind](scope, teamId, some);
      records.push(...told.values());
      if (kind !== 'audit')
        for (const key of some) if (!told.has(key)) records.push({ kind: 'removed', of: kind, teamId, key });
      await othersTurn();
    }
  }
  return records;
}

function* chunks<T>(all: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}
