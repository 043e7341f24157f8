import { sql } from 'kysely';
import { idTable, numberTable } from '../db/dialect.ts';
import type { Catalog, Scope, ShareRecord } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { FileRef } from '../model.ts';
import type { Called } from '../reading/name-tokens.ts';

/**
 * Of `file_unshared` Slack does not say which message a file left; the vault guesses (share-rows.ts), and what it is told
 * later may prove that it was another one. So what was said in a share that is gone by a guess is hidden: it is kept,
 * but neither found nor shown, until the share is there again or its end is told. After a day the guess counts.
 */

/** Whether Slack itself told that the message is gone, or the file taken out of it, since it was last shown. */
export function isSurelyGone({ removedAt, takenAt, shownAt }: ShareRecord): boolean {
  return removedAt !== null && takenAt !== null && takenAt > shownAt;
}

/** That what was said in the row `d` is hidden, as SQL. What Slack deleted itself left no message. */
export const IS_HIDDEN = sql<boolean>`exists (select 1 from share h
  join file hf on hf.team_id = h.team_id and hf.file_id = h.file_id
  where h.team_id = d.team_id and h.file_id = d.file_id and h.channel_id = d.channel_id and h.ts = d.ts
    and h.removed_at is not null and hf.slack_deleted_at is null)`;

/** What these rows of `said` need for their index: the names of their files, and whether they are hidden. By their ids. */
export async function standingOf(
  { db, kind }: Scope,
  ids: readonly number[],
): Promise<ReadonlyMap<number, { called: Called; isHidden: boolean }>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: number; hidden: number } & Called>`
    select d.id, f.name, f.title, case when ${IS_HIDDEN} then 1 else 0 end as hidden from ${numberTable(kind, ids)} ids
    cross join said d cross join file f
    where d.id = ids.id and f.team_id = d.team_id and f.file_id = d.file_id`.execute(db);
  return new Map(rows.map(({ id, hidden, ...called }) => [id, { called, isHidden: hidden === 1 }]));
}

/**
 * What is hidden since before `heardBefore` goes. Looks at the next files that have removed shares; returns where to continue,
 * null at the end.
 */
export async function forgetHidden(
  catalog: Catalog,
  { after, limit, heardBefore }: { after: FileRef; limit: number; heardBefore: number },
): Promise<FileRef | null> {
  return inTransaction(catalog, async ({ db, kind }) => {
    const { rows } = await sql<FileRef>`select distinct team_id, file_id from share
      where removed_at is not null and (team_id, file_id) > (${after.teamId}, ${after.fileId})
      order by team_id, file_id limit ${limit}`.execute(db);
    for (const [teamId, files] of Map.groupBy(rows, (row) => row.teamId)) {
      const ids = files.map(({ fileId }) => fileId);
      await sql`delete from said where id in (select d.id from ${idTable(kind, ids)} ids
        cross join said d join share s on s.team_id = d.team_id and s.file_id = d.file_id
          and s.channel_id = d.channel_id and s.ts = d.ts
        where d.team_id = ${teamId} and d.file_id = ids.id and s.removed_at is not null
          and coalesce(s.heard_at, s.removed_at) < ${heardBefore} and ${IS_HIDDEN})`.execute(db);
    }
    return rows.length < limit ? null : (rows.at(-1) ?? null);
  });
}
