import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';
import { rewatch } from './frozen/journal-triggers.ts';

/**
 * Shares that were made in the vault itself. A list of files on hold. Rules that let uploaders keep a file; which files
 * they kept; and for which day an uploader was warned that retention takes a file.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { text, int } = columnTypes(kind);
  await run(db, [
    `alter table share add column via_vault ${int} not null default 0`,
    `alter table hold add column file_ids ${text}`,
    `alter table rule add column may_keep ${int}`,
    `alter table file add column kept_by ${text}`,
    `alter table file add column kept_at ${int}`,
    `alter table file add column warned_day ${int}`,
    `create index file_warned on file (team_id, uploader_id, warned_day) where warned_day is not null`,
    `create index file_exempt on file (team_id, kept_at) where kept_at is not null`,
  ]);
  for (const table of ['file', 'share', 'rule']) await rewatch(db, kind, table);
}
