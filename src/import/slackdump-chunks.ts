import { filesOfMessage, type SlackMessage } from '../slack/message-files.ts';
import { idOf, objectsOf } from '../slack/shapes.ts';
import type { Archive, ArchiveEntry } from './archive.ts';
import { below, type EntryIndex, type Notes } from './entry-index.ts';
import { objectsIn } from './json-list.ts';
import { slackdumpChannel } from './slackdump-channel.ts';
import type { Conversation, Found, ImportSource } from './source.ts';

/**
 * The archive of slackdump 3.0, and what `slackdump record` and `convert` write: JSON Lines packed with gzip, one line for each
 * answer of Slack. `<channel id>.json.gz` has the messages and replies of a conversation (`m`) and its description (`ci`),
 * `channels.json.gz` descriptions of all (`ch`), `workspace.json.gz` the answer of auth.test (`w`). Files are in `__uploads/`.
 * Source: rusq/slackdump, its pages "Slackdump Chunk File Format", "Record" and "Archive", and the type Chunk.
 */
const CHUNKS = /(?:^|\/)([CGD][A-Z0-9]{7,})(?:-\d+\.\d+)?\.json\.gz$/;
const CHANNELS = 'channels.json.gz';
const WORKSPACE = 'workspace.json.gz';

/** The folder with the conversations; undefined when there is none. */
export function chunkFolderIn(index: EntryIndex): string | undefined {
  const [named] = [...index.named(CHANNELS), ...index.named(WORKSPACE)];
  const folders =
    named === undefined ? [''] : [named.path.slice(0, Math.max(0, named.path.lastIndexOf('/')))];
  return folders.find((folder) => chunksIn(index, folder).next().done !== true);
}

function* chunksIn(index: EntryIndex, folder: string): Generator<ArchiveEntry> {
  for (const entry of index.filesIn(folder)) if (CHUNKS.test(entry.path)) yield entry;
}

export async function slackdumpChunks(
  archive: Archive,
  index: EntryIndex,
  folder: string,
): Promise<ImportSource> {
  const workspace = await workspaceIn(archive, index.at(below(folder, WORKSPACE)));
  const self = idOf(workspace.user_id);
  const channels = await channelsIn(archive, index, folder, self);
  let count = 0;
  for (const _ of chunksIn(index, folder)) count += 1;
  return {
    from: `the archive ${archive.name}`,
    teamId: idOf(workspace.team_id),
    ...{ conversations: count, listCount: count },
    async *lists() {
      for (const entry of chunksIn(index, folder))
        yield { path: entry.path, files: (teamId) => filesIn(archive, entry, { channels, self }, teamId) };
    },
  };
}

/** The descriptions of all channels. A damaged list says less: a channel without one counts as private. */
async function channelsIn(
  archive: Archive,
  index: EntryIndex,
  folder: string,
  self: string | null,
): Promise<Notes> {
  const channels = index.notes();
  const entry = index.at(below(folder, CHANNELS));
  if (entry === undefined) return channels;
  try {
    for await (const { ch } of objectsIn(archive, entry, 'lines'))
      for (const told of objectsOf<Record<string, unknown>>(ch)) {
        const id = idOf(told.id);
        if (id !== null) channels.set(id, JSON.stringify(slackdumpChannel(id, told, self)));
      }
  } catch {
    // As above.
  }
  return channels;
}

/** Which workspace it is from, and who made it. */
async function workspaceIn(
  archive: Archive,
  entry: ArchiveEntry | undefined,
): Promise<{ team_id?: unknown; user_id?: unknown }> {
  if (entry === undefined) return {};
  try {
    for await (const { w } of objectsIn(archive, entry, 'lines'))
      if (typeof w === 'object' && w !== null) return w;
  } catch {
    // Then the person who imports says it.
  }
  return {};
}

interface Chunk {
  ci?: unknown;
  /** The message to which a thread or files belong. */
  p?: SlackMessage;
  m?: unknown;
  f?: SlackMessage['files'];
}

async function* filesIn(
  archive: Archive,
  entry: ArchiveEntry,
  { channels, self }: { channels: Notes; self: string | null },
  teamId: string,
): AsyncGenerator<Found> {
  const id = CHUNKS.exec(entry.path)?.[1] as string;
  const listed = channels.get(id);
  let conversation: Conversation =
    listed === undefined ? slackdumpChannel(id, null, self) : (JSON.parse(listed) as Conversation);
  for await (const told of objectsIn(archive, entry, 'lines')) {
    const { ci, p, m, f } = told as Chunk;
    if (typeof ci === 'object' && ci !== null)
      conversation = slackdumpChannel(id, ci as Record<string, unknown>, self);
    const { channelId, kind } = conversation;
    const shown = f === undefined || p === undefined ? [] : [{ ...p, files: f }];
    for (const message of [...objectsOf<SlackMessage>(m), ...shown])
      for (const sighting of filesOfMessage(teamId, { id: channelId, kind }, message))
        yield { sighting, conversation };
  }
}
