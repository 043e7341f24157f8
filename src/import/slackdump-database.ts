import { filesOfMessage, type SlackMessage } from '../slack/message-files.ts';
import { idOf } from '../slack/shapes.ts';
import type { Archive, ArchiveEntry } from './archive.ts';
import { type DatabaseCopy, openCopy } from './database-copy.ts';
import type { EntryIndex } from './entry-index.ts';
import { slackdumpChannel } from './slackdump-channel.ts';
import type { Conversation, Found, ImportSource } from './source.ts';

/**
 * The archive of slackdump since version 3.1: a folder with this database, and the files in `__uploads/`.
 * Source: rusq/slackdump, its migrations (tables MESSAGE, CHANNEL, WORKSPACE, with Slack's own JSON in DATA; a thing has a row
 * for each time that it was fetched, the newest in the highest CHUNK_ID; NUM_FILES counts a message's own files only).
 */
export const DATABASE = 'slackdump.sqlite';

type OnUnreadable = (entry: { path: string }, error: unknown) => void;

interface Context {
  db: DatabaseCopy;
  index: EntryIndex;
  entry: ArchiveEntry;
  /** Who made the archive. */
  self: string | null;
  onUnreadable: OnUnreadable;
}

export async function slackdumpDatabase(
  archive: Archive,
  index: EntryIndex,
  entry: ArchiveEntry,
  { onUnreadable }: { onUnreadable: OnUnreadable },
): Promise<ImportSource> {
  const db = await openCopy(archive, index, entry);
  const newest = db.get('select max(TS) as ts from MESSAGE')?.ts;
  const day = newest === null || newest === undefined ? undefined : new Date(Number(newest) * 1_000);
  const workspace = db.get(
    'select TEAM_ID as team, USER_ID as self from WORKSPACE order by CHUNK_ID desc limit 1',
  );
  const teamId = idOf(workspace?.team);
  const context = { db, index, entry, self: idOf(workspace?.self), onUnreadable };
  const counted = db.get(
    'select count(*) as n from (select CHANNEL_ID from MESSAGE union select ID from CHANNEL)',
  );
  const count = Number(counted?.n ?? 0);
  return {
    from:
      day === undefined || Number.isNaN(day.getTime())
        ? `the archive ${archive.name}`
        : `the archive of ${day.toISOString().slice(0, 10)}`,
    ...{ teamId, conversations: count, listCount: count },
    async *lists() {
      for (const conversation of conversationsOf(context))
        yield {
          path: `${entry.path}, ${conversation.name ?? conversation.channelId}`,
          files: (team) => filesIn(context, conversation, team),
        };
    },
  };
}

/** All channels that it describes, and those that only have messages. */
function* conversationsOf({ db, index, entry, self, onUnreadable }: Context): Generator<Conversation> {
  const seen = index.notes();
  const described = (order: string) =>
    `select rowid, ID as id, DATA as data from CHANNEL c
      where CHUNK_ID = (select max(CHUNK_ID) from CHANNEL n where n.ID = c.ID) order by rowid ${order}`;
  const others = (order: string) =>
    `select min(rowid) as rowid, CHANNEL_ID as id, null as data from MESSAGE group by CHANNEL_ID order by 1 ${order}`;
  for (const query of [described, others]) {
    try {
      for (const { id, data } of db.each(query)) {
        const channelId = idOf(id);
        if (channelId === null || !seen.isFirst(channelId)) continue;
        const told = data === null ? null : read(`${entry.path}, channel ${channelId}`, data, onUnreadable);
        yield slackdumpChannel(channelId, told ?? null, self);
      }
    } catch (error) {
      onUnreadable(entry, error);
    }
  }
}

/** A message without files of its own may hold some in what it forwards, or in its blocks. */
const MAY_HAVE_FILES = `(NUM_FILES > 0 or instr(DATA, '"files"') > 0 or instr(DATA, '"slack_file"') > 0)`;

async function* filesIn(
  { db, entry, onUnreadable }: Context,
  conversation: Conversation,
  teamId: string,
): AsyncGenerator<Found> {
  const { channelId, kind } = conversation;
  const rows = db.each(
    (order) => `select rowid, TS as ts, DATA as data from MESSAGE m where CHANNEL_ID = ? and ${MAY_HAVE_FILES}
      and CHUNK_ID = (select max(CHUNK_ID) from MESSAGE n where n.ID = m.ID and n.CHANNEL_ID = m.CHANNEL_ID)
      order by rowid ${order}`,
    channelId,
  );
  for (const { ts, data } of rows) {
    const message = read(`${entry.path}, message ${ts} in ${channelId}`, data, onUnreadable);
    if (message === undefined) continue;
    for (const sighting of filesOfMessage(teamId, { id: channelId, kind }, message as SlackMessage))
      yield { sighting, conversation };
  }
}

/** The JSON of a row. One that cannot be read is told, and the others count all the same. */
function read(path: string, data: unknown, onUnreadable: OnUnreadable): Record<string, unknown> | undefined {
  const text = data instanceof Uint8Array ? Buffer.from(data).toString('utf8') : String(data);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
    throw new SyntaxError(`${path} is no JSON object.`);
  } catch (error) {
    onUnreadable({ path }, error);
    return undefined;
  }
}
