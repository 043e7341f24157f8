import { filesOfMessage, type SlackMessage } from '../slack/message-files.ts';
import { objectsOf, textOf } from '../slack/shapes.ts';
import type { Archive, ArchiveEntry } from './archive.ts';
import type { EntryIndex } from './entry-index.ts';
import { objectsIn } from './json-list.ts';
import type { Conversation, Found, ImportSource } from './source.ts';

/**
 * What `slackdump dump` writes: `<channel id>.json` with all messages of a conversation, threads within them, or
 * `<channel id>-<ts>.json` with a single thread, and the files in `<channel id>/F…-name`. Source: rusq/slackdump, its help page for `dump`, and the type Conversation in types/types.go.
 */
const DUMP = /^([CGD][A-Z0-9]{7,})(?:-\d+\.\d+)?\.json$/;

function* dumpsIn(index: EntryIndex): Generator<ArchiveEntry> {
  for (const entry of index.filesIn('')) if (DUMP.test(entry.path)) yield entry;
}

export function hasDumps(index: EntryIndex): boolean {
  return dumpsIn(index).next().done !== true;
}

export function slackdumpDumps(archive: Archive, index: EntryIndex): ImportSource {
  let count = 0;
  for (const _ of dumpsIn(index)) count += 1;
  return {
    from: `the archive ${archive.name}`,
    // Its messages may name it; the person who imports knows it anyway.
    teamId: null,
    conversations: count,
    listCount: count,
    async *lists() {
      for (const entry of dumpsIn(index))
        yield { path: entry.path, files: (teamId) => filesIn(archive, entry, teamId) };
    },
  };
}

interface DumpedMessage extends SlackMessage {
  slackdump_thread_replies?: DumpedMessage[];
}

async function* filesIn(archive: Archive, entry: ArchiveEntry, teamId: string): AsyncGenerator<Found> {
  const channelId = DUMP.exec(entry.path)?.[1] as string;
  const texts: Record<string, string> = {};
  for await (const told of objectsIn(archive, entry, { key: 'messages' }, texts)) {
    const message = told as DumpedMessage;
    const conversation: Conversation = {
      // A dump says nothing about who could see it, but its id tells a direct message.
      ...{ channelId, kind: channelId.startsWith('D') ? 'im' : 'private', name: textOf(texts.name) },
      ...{ isArchived: false, createdAt: null, people: [] },
    };
    const { kind } = conversation;
    for (const each of [message, ...objectsOf<DumpedMessage>(message.slackdump_thread_replies)])
      for (const sighting of filesOfMessage(teamId, { id: channelId, kind }, each))
        yield { sighting, conversation };
  }
}
