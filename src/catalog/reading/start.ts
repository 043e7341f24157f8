import { sql } from 'kysely';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { OLDER_DUE_AT } from './older.ts';

/** Files that are gone through in one step. */
const STEP = 500;

/**
 * Switches reading on for good: from now on, what is stored is written down to be read. Files from before are gone through a step
 * at each call, the newest first; all once more when other languages are read in pictures than before (`ocr`). True while some are
 * left. Call it again until then, also after a restart.
 */
export function startReading(catalog: Catalog, ocr: readonly string[] = []): Promise<boolean> {
  const languages = ocr.join(',');
  return inTransaction(catalog, async (scope) => {
    const { db, kind } = scope;
    const start = await db.selectFrom('readingStart').select(['beforeId', 'ocr']).executeTakeFirst();
    if (start === undefined || start.ocr !== languages) {
      // Whoever stores a file just now is waited for; whoever does so later sees that reading is on.
      if (kind === 'postgres') await sql`lock table file in share row exclusive mode`.execute(db);
      await sql`insert into reading_start (id, before_id, ocr)
        select 1, coalesce(max(id), 0) + 1, ${languages} from file where true
        on conflict (id) do update set ocr = excluded.ocr,
          before_id = case when excluded.ocr = '' then reading_start.before_id else excluded.before_id end`.execute(
        db,
      );
      return true;
    }
    if (start.beforeId === 0) return false;
    const beforeId = await takeIn(scope, start.beforeId, languages);
    await db.updateTable('readingStart').set({ beforeId }).execute();
    return beforeId !== 0;
  });
}

/** Writes down some files to be read. Where the next step begins; 0 if there is none. */
async function takeIn({ db }: Scope, beforeId: number, ocr: string): Promise<number> {
  const ids = await db
    .selectFrom('file')
    .select('id')
    .where('id', '<', beforeId)
    .orderBy('id', 'desc')
    .limit(STEP)
    .execute();
  const last = ids.at(-1)?.id;
  if (last === undefined) return 0;
  const range = sql`f.id >= ${last} and f.id < ${beforeId} and f.state = 'stored'`;
  const due = sql.raw(OLDER_DUE_AT);
  // The same kinds as the triggers leave out (migration 0036).
  await sql`insert into reading (team_id, file_id, sha256, state, since, due_at)
    select f.team_id, f.file_id, coalesce(f.sha256, ''), 'waiting', coalesce(f.stored_at, 0), ${due}
    from file f where ${range}
      and (coalesce(f.mimetype, '') not like 'image/%' or f.mimetype like 'image/svg%' or ${ocr} <> '')
      and coalesce(f.mimetype, '') not like 'video/%' and coalesce(f.mimetype, '') not like 'audio/%'
      and coalesce(f.mimetype, '') not like 'font/%'
    on conflict do nothing`.execute(db);
  // Where there was no text, there may be a scan.
  if (ocr !== '')
    await sql`update reading set state = 'waiting', attempts = 0,
        due_at = (select ${due} from file f where f.team_id = reading.team_id and f.file_id = reading.file_id)
      where (reason = 'not_readable' or (state = 'unread' and reason is null)) and lease_owner is null
        and exists (select 1 from file f where f.team_id = reading.team_id and f.file_id = reading.file_id
          and ${range} and (f.mimetype like 'image/%' or f.mimetype = 'application/pdf'))`.execute(db);
  return ids.length < STEP ? 0 : last;
}
