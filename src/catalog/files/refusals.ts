import { sql } from 'kysely';
import type { Catalog } from '../db/schema.ts';
import type { FileRef, SkipReason } from '../model.ts';
import { changeFile } from './change.ts';
import { bothKeys } from './channel-keys.ts';
import { NOT_NOW } from './merge.ts';

/** Since when all attempts at a file have failed (ms); null when the last one did not fail. */
export async function failingSince({ db }: Catalog, { teamId, fileId }: FileRef): Promise<number | null> {
  const row = await db
    .selectFrom('file')
    .select('failedAt')
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .executeTakeFirst();
  return row?.failedAt ?? null;
}

/** This many files are brought back in one look. Each is a separate transaction, so that others get their turn. */
const BATCH = 100;

/**
 * The bot is in a channel (again): files that Slack did not give become due again. These are files asked for while
 * the bot was out, or with `all` every file whose refusal may have passed. Files that Slack refuses for good stay
 * refused. Nobody is told of files shared before `quietBefore` (ms). Returns how many files there were.
 */
export async function bringBack(
  catalog: Catalog,
  o: { teamId: string; channelId: string; all: boolean; quietBefore?: number; now: number },
): Promise<number> {
  const { teamId, channelId, all, quietBefore = 0, now } = o;
  const reasons: readonly SkipReason[] = all ? NOT_NOW : ['not_in_channel'];
  let files = 0;
  for (let after = ''; ; ) {
    const { rows } = await sql<{ fileId: string }>`
      select f.file_id from channel_file c join file f on f.team_id = c.team_id and f.file_id = c.file_id
      where c.team_id = ${teamId} and c.channel_id in (${sql.join(bothKeys(channelId))}) and c.file_id > ${after}
        and f.state = 'skipped' and f.reason in (${sql.join(reasons)}) and f.error_code is null
      order by c.file_id limit ${sql.lit(BATCH)}`.execute(catalog.db);
    for (const { fileId } of rows) {
      const isBack = await changeFile(catalog, { teamId, fileId }, (known) =>
        known.state === 'skipped' && known.reason !== null && reasons.includes(known.reason)
          ? {
              ...{
                state: 'pending',
                reason: null,
                attempts: 0,
                dueAt: now,
                leaseOwner: null,
                failedAt: null,
              },
              ...(known.sharedAt < quietBefore && known.quiet === 0 ? { quiet: 1 } : {}),
            }
          : undefined,
      );
      if (isBack) files += 1;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return files;
    after = last.fileId;
  }
}
