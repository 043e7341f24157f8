import { sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import { limitTo } from '../db/dialect.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';

/** The levels of segments that do not count. */
export const BEING_MADE = -1;
export const OF_NO_USE = -2;
const BEING_REMOVED = -3;

/** The condition that a segment has all of its parts, also where others took its place a moment ago. */
export const IS_WHOLE = sql.raw(`level > ${BEING_REMOVED}`);

/** What others took the place of stays so long, for the searches that began before (ms): none takes longer. */
export const STAYS_MS = 10_000;

/**
 * On PostgreSQL, what nobody has worked on for so long was cut off (ms). If its process only stood still, it sees that, and its work is
 * thrown away.
 */
const CUT_OFF_MS = 2 * 60_000;

/** What this process makes just now. On SQLite there is no other. */
export const making = new Set<number>();

/** Parts are removed so many at a time: a few ms, for which everybody else waits. */
const PARTS = 16;

/** Never one that has taken its place: when the connection breaks at its commit, nobody knows whether it has. */
export async function discard({ db }: Scope, id: number): Promise<void> {
  await sql`update content_segment set level = ${OF_NO_USE} where id = ${id} and level = ${BEING_MADE}`.execute(
    db,
  );
}

/**
 * Removes segments that have been of no use for `staysMs`, in small steps. False when another process makes one just now.
 */
export async function removeLeft(catalog: Catalog, now: number, staysMs = STAYS_MS): Promise<boolean> {
  const { db } = catalog;
  const { rows } = await sql<{ id: number; level: number; at: number }>`
    select id, level, at from content_segment where level < 0 order by id`.execute(db);
  let isFree = true;
  for (const { id, level, at } of rows) {
    if (level === BEING_MADE && !(await isCutOff(catalog, { id, at }, now))) {
      isFree = false;
      continue;
    }
    if (level === OF_NO_USE && staysMs > 0 && at > now - staysMs) continue;
    await sql`update content_segment set level = ${BEING_REMOVED} where id = ${id}`.execute(db);
    while (await inTransaction(catalog, (scope) => removeParts(scope, id))) await othersTurn();
    await inTransaction(catalog, async (scope) => {
      await sql`delete from content_gone where segment_id = ${id}`.execute(scope.db);
      await sql`delete from content_segment where id = ${id}`.execute(scope.db);
    });
  }
  return isFree;
}

/** Whether there is something to remove. */
export async function hasLeft({ db }: Scope, now: number): Promise<boolean> {
  const { rows } = await sql`select 1 from content_segment
    where level < ${BEING_MADE} and at <= ${now - STAYS_MS} limit 1`.execute(db);
  return rows.length > 0;
}

/** Whether nobody makes it any more. If somebody does all the same, they are told by its level. */
async function isCutOff(
  { db, kind }: Scope,
  { id, at }: { id: number; at: number },
  now: number,
): Promise<boolean> {
  if (kind === 'sqlite' ? making.has(id) : at > now - CUT_OFF_MS) return false;
  const { rows } = await sql`update content_segment set level = ${OF_NO_USE}
    where id = ${id} and level = ${BEING_MADE} and at = ${at} returning id`.execute(db);
  return rows.length > 0;
}

/** True while some are left. */
async function removeParts({ db }: Scope, segmentId: number): Promise<boolean> {
  const { rows } = await sql<{ firstKey: number }>`
    select first_key from content_part where segment_id = ${segmentId} order by first_key ${limitTo(PARTS)}`.execute(
    db,
  );
  const last = rows.at(-1);
  if (last === undefined) return false;
  await sql`delete from content_part where segment_id = ${segmentId} and first_key <= ${last.firstKey}`.execute(
    db,
  );
  return rows.length === PARTS;
}
