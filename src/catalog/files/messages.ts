import { sql } from 'kysely';
import { idTable } from '../db/dialect.ts';
import type { Catalog } from '../db/schema.ts';
import type { FileRef, ListedFile } from '../model.ts';

/** The message that shows a file. */
export interface MessageOfFile {
  channelId: string;
  ts: string;
  threadTs: string | null;
}

/** The newest message that still shows each file in the channel where it is listed, by file id. */
export async function messagesOf(
  { db, kind }: Catalog,
  teamId: FileRef['teamId'],
  files: ReadonlyArray<Pick<ListedFile, 'fileId' | 'listedChannelId'>>,
): Promise<ReadonlyMap<string, MessageOfFile>> {
  const ids = idTable(
    kind,
    files.map(({ fileId }) => fileId),
  );
  const { rows } = await sql<MessageOfFile & { fileId: string }>`
    select s.file_id, s.channel_id, s.ts, s.thread_ts from ${ids} ids cross join share s
    where s.team_id = ${teamId} and s.file_id = ids.id and s.ts <> '' and s.ts not like 'card %' and s.removed_at is null
    order by s.shared_at, s.ts`.execute(db);
  const listed = new Map(files.map(({ fileId, listedChannelId }) => [fileId, listedChannelId]));
  return new Map(
    rows
      .filter(({ fileId, channelId }) => listed.get(fileId) === channelId)
      .map(({ fileId, ...message }) => [fileId, message]),
  );
}
