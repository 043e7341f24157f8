import { sql } from 'kysely';
import { idTable } from '../db/dialect.ts';
import type { Scope } from '../db/schema.ts';

/** For each channel, the thread where something is told; null: in the channel itself. */
export type Threads = ReadonlyMap<string, string | null>;

/**
 * Where each channel is told of something that happened to these files at once. It is the thread of the message that
 * shows them: for several messages the first one of each file counts, and if these are in different threads, the channel
 * itself gets the one line. A channel without a message of theirs is not in the answer.
 */
export async function threadsOf(
  { db, kind }: Scope,
  teamId: string,
  fileIds: readonly string[],
): Promise<Threads> {
  const ids = idTable(kind, [...new Set(fileIds)]);
  const { rows } = await sql<{ fileId: string; channelId: string; thread: string }>`
    select s.file_id, s.channel_id, coalesce(s.thread_ts, s.ts) as thread from ${ids} ids cross join share s
    where s.team_id = ${teamId} and s.file_id = ids.id and s.ts <> '' and s.ts not like 'card %' and s.removed_at is null and s.silent = 0
    order by s.shared_at, s.ts`.execute(db);
  const firsts = new Map(rows.toReversed().map((row) => [`${row.channelId} ${row.fileId}`, row]));
  const threads = new Map<string, string | null>();
  for (const { channelId, thread } of firsts.values()) {
    const known = threads.get(channelId);
    threads.set(channelId, known === undefined || known === thread ? thread : null);
  }
  return threads;
}
