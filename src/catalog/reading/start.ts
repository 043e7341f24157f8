import { type RawBuilder, sql } from 'kysely';
import { READER } from '../../reader-version.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { ANEW_DUE_AT, OLDER_DUE_AT } from './older.ts';
import { isReadAnywhere, wantedSql } from './wanted.ts';

/** Files that are gone through in one step. */
const STEP = 500;

/** Whether {@link startReading} has something to do. */
export async function isStartDue(
  catalog: Scope,
  ocr: readonly string[] = [],
  byDefault = true,
): Promise<boolean> {
  const start = await startOf(catalog);
  if (start === undefined) return isReadAnywhere(catalog, byDefault);
  return (
    start.beforeId !== 0 ||
    start.ocr !== ocr.join(',') ||
    start.byDefault !== Number(byDefault) ||
    start.reader < READER
  );
}

/**
 * Switches reading on for good, if any channel is read: from now on, what is stored is written down to be read. Files from before are
 * gone through a step at each call, the newest first; all once more when other languages are read in pictures than before (`ocr`), when
 * the reader is better than before (reader-version.ts), when channels without a setting of their own are read and were not before
 * (`byDefault`), and after a channel's setting changed ({@link goThroughAgain}). True while some are left. Call it again until then, also after a restart.
 */
export function startReading(
  catalog: Catalog,
  ocr: readonly string[] = [],
  byDefault = true,
): Promise<boolean> {
  const languages = ocr.join(',');
  return inTransaction(catalog, async (scope) => {
    const { db, kind } = scope;
    // A channel's setting that changes just now waits, and has all gone through once more.
    const start = await startOf(scope, kind === 'postgres');
    if (start === undefined && !(await isReadAnywhere(scope, byDefault))) return false;
    if (start?.ocr !== languages || start.byDefault !== Number(byDefault) || start.reader < READER) {
      // Whoever stores a file just now is waited for; whoever does so later sees that reading is on.
      if (kind === 'postgres') await sql`lock table file in share row exclusive mode`.execute(db);
      const isBetter = (start?.reader ?? 0) < READER || (languages !== '' && start?.ocr !== languages);
      const isAnew = isBetter || (byDefault && start?.byDefault !== 1);
      const beforeId = sql.raw(isAnew ? 'excluded.before_id' : 'reading_start.before_id');
      await sql`insert into reading_start (id, before_id, ocr, by_default, reader)
        select 1, coalesce(max(id), 0) + 1, ${languages}, ${sql.lit(Number(byDefault))}, ${sql.lit(READER)} from file where true
        on conflict (id) do update set ocr = excluded.ocr, by_default = excluded.by_default,
          reader = excluded.reader,
          before_id = ${beforeId}`.execute(db);
      return true;
    }
    if (start.beforeId === 0) return false;
    const beforeId = await takeIn(scope, start.beforeId, languages, byDefault);
    await db.updateTable('readingStart').set({ beforeId }).execute();
    return beforeId !== 0;
  });
}

/** Whether reading was ever switched on here, for whichever channel: texts may be in the bucket. */
export async function wasEverRead(catalog: Scope): Promise<boolean> {
  return (await startOf(catalog)) !== undefined;
}

/** A channel's setting has changed: the files are gone through once more, where reading was ever switched on. */
export async function goThroughAgain({ db }: Scope): Promise<void> {
  await sql`update reading_start set before_id = (select coalesce(max(id), 0) + 1 from file)`.execute(db);
}

function startOf({ db }: Scope, isLocked = false) {
  const start = db.selectFrom('readingStart').select(['beforeId', 'ocr', 'byDefault', 'reader']);
  return (isLocked ? start.forUpdate() : start).executeTakeFirst();
}

/** When the file of a row is due. */
const dueOf = (due: RawBuilder<unknown>) =>
  sql`(select ${due} from file f where f.team_id = reading.team_id and f.file_id = reading.file_id)`;
/** The rows of such files `f`, each with its row `r`. Begins with the files: there may be a million rows. */
const rowsOf = (which: RawBuilder<unknown>) =>
  sql`id in (select r.id from file f join reading r on r.team_id = f.team_id and r.file_id = f.file_id
    where ${which})`;

/** Writes down some files to be read, or to be forgotten. Where the next step begins; 0 if there is none. */
async function takeIn({ db }: Scope, beforeId: number, ocr: string, byDefault: boolean): Promise<number> {
  const ids = await db
    .selectFrom('file')
    .select('id')
    .where('id', '<', beforeId)
    .orderBy('id', 'desc')
    .limit(STEP)
    .execute();
  const last = ids.at(-1)?.id;
  if (last === undefined) return 0;
  const inStep = sql`f.id >= ${last} and f.id < ${beforeId}`;
  const range = sql`${inStep} and f.state = 'stored'`;
  const due = sql.raw(OLDER_DUE_AT);
  const wanted = wantedSql(byDefault);
  // The same kinds as the triggers leave out (migration 0036).
  await sql`insert into reading (team_id, file_id, sha256, state, since, due_at)
    select f.team_id, f.file_id, coalesce(f.sha256, ''), 'waiting', coalesce(f.stored_at, 0), ${due}
    from file f where ${range} and ${wanted.yes}
      and (coalesce(f.mimetype, '') not like 'image/%' or f.mimetype like 'image/svg%' or ${ocr} <> '')
      and coalesce(f.mimetype, '') not like 'video/%' and coalesce(f.mimetype, '') not like 'audio/%'
      and coalesce(f.mimetype, '') not like 'font/%'
    on conflict do nothing`.execute(db);
  // Those that nobody wanted until now; and those that nobody wants any more, which are forgotten.
  await sql`update reading set attempts = 0,
      due_at = ${dueOf(due)}
    where due_at is null and lease_owner is null and ${rowsOf(sql`
      (${range} and r.state = 'waiting' and ${wanted.yes})
        or (${inStep} and f.state in ('stored', 'trashed') and ${wanted.no})`)}`.execute(db);
  // Where there was no text, or there were pages without, there may be a scan. What was read counts meanwhile.
  if (ocr !== '')
    await sql`update reading set attempts = 0, reader = 0, due_at = ${dueOf(due)},
        state = case when state = 'read' then state else 'waiting' end
      where (reason in ('not_readable', 'pictures_not_read') or (state = 'unread' and reason is null))
        and lease_owner is null and ${rowsOf(sql`
          ${range} and (f.mimetype like 'image/%' or f.mimetype = 'application/pdf')`)}`.execute(db);
  // Behind all others, as they are found already.
  await sql`update reading set due_at = ${dueOf(sql.raw(ANEW_DUE_AT))}
    where abs(reader) < ${READER} and state <> 'waiting' and due_at is null and lease_owner is null
      and ${rowsOf(sql`${range} and ${wanted.yes}`)}`.execute(db);
  return ids.length < STEP ? 0 : last;
}
