import { type QueryResult, type RawBuilder, sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
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

/** This many files of a channel are looked at in one go, which takes some ms. Then others get their turn. */
const STEP = 1_000;

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
  for await (const refused of refusedIn(catalog, { teamId, channelId, reasons })) {
    for (const { fileId } of refused) {
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
  }
  return files;
}

/** The refused ones among the files of a channel, step by step. */
async function* refusedIn(
  { db }: Catalog,
  { teamId, channelId, reasons }: { teamId: string; channelId: string; reasons: readonly SkipReason[] },
): AsyncGenerator<Array<{ fileId: string }>> {
  // One key at a time, and a cross join: otherwise SQLite reads the files of all channels.
  for (const key of bothKeys(channelId)) {
    for (let after: string | undefined = ''; after !== undefined; await othersTurn()) {
      const here: RawBuilder<unknown> = sql`c.team_id = ${teamId} and c.channel_id = ${key} and c.file_id > ${after}`;
      const ends: QueryResult<{ fileId: string }> = await sql<{
        fileId: string;
      }>`select c.file_id from channel_file c where ${here}
        order by c.file_id limit 1 offset ${sql.lit(STEP - 1)}`.execute(db);
      const last: string | undefined = ends.rows[0]?.fileId;
      const { rows } = await sql<{ fileId: string }>`
        select f.file_id from channel_file c cross join file f where ${here}
          ${last === undefined ? sql`` : sql`and c.file_id <= ${last}`}
          and f.team_id = c.team_id and f.file_id = c.file_id
          and f.state = 'skipped' and f.reason in (${sql.join(reasons)}) and f.error_code is null`.execute(
        db,
      );
      yield rows;
      after = last;
    }
  }
}
