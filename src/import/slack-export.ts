import { LRUCache } from 'lru-cache';
import type { ChannelKind, Sighting } from '../catalog/model.ts';
import { readFileObject } from '../slack/file-object.ts';
import type { SlackFile } from '../slack/file-shape.ts';
import { filesOfMessage, type SlackMessage } from '../slack/message-files.ts';
import { idOf, msOf, textOf } from '../slack/shapes.ts';
import type { Archive, ArchiveEntry } from './archive.ts';
import { below, type EntryIndex, type Notes } from './entry-index.ts';
import { objectsIn } from './json-list.ts';
import {
  type Conversation,
  type Found,
  type FoundList,
  type ImportSource,
  nowhere,
  unknownPlace,
} from './source.ts';
import { teamOf } from './team.ts';

/**
 * Slack's own export: lists of channels and people, and a folder for each conversation with one file a day.
 * Sources: slack.com/help/articles/220556107 ("How to read Slack data exports"), and the importers of Zulip
 * (zerver/data_import/slack.py) and Mattermost (mmetl), which read `channels.json`, `groups.json`, `mpims.json` and
 * `dms.json` in this way.
 */

/** A conversation, and the folder in the archive that has its messages. */
interface ExportedConversation extends Conversation {
  folder: string;
}

const LISTS: ReadonlyArray<{ name: string; kind: ChannelKind }> = [
  { name: 'channels.json', kind: 'public' },
  { name: 'groups.json', kind: 'private' },
  { name: 'mpims.json', kind: 'mpim' },
  { name: 'dms.json', kind: 'im' },
];

/** The names of the lists, any of which makes a folder an export. */
export const LIST_NAMES = LISTS.map(({ name }) => name);

/** The export in this folder of the archive. A list that cannot be read is told to `onUnreadable`. */
export async function slackExport(
  archive: Archive,
  index: EntryIndex,
  root: string,
  onUnreadable: (entry: ArchiveEntry, error: unknown) => void,
): Promise<ImportSource> {
  const messages: ArchiveEntry[] = [];
  let [conversations, listCount] = [0, 0];
  let newest = '';
  for await (const conversation of conversationsOf(archive, index, root, onUnreadable)) {
    conversations += 1;
    for (const entry of daysOf(index, conversation)) {
      const day = dayOf(entry.path);
      if (day !== null && day > newest) newest = day;
      if (day !== null && messages.length < DAYS_ASKED) messages.push(entry);
      listCount += 1;
    }
  }
  if (index.at(below(root, CANVASES)) !== undefined) listCount += 1;
  const from = newest === '' ? `the archive ${archive.name}` : `the export of ${newest}`;
  const teamId = await teamOf(archive, index, root, messages);
  return { from, teamId, conversations, listCount, lists: () => listsOf(archive, index, root) };
}

async function* listsOf(archive: Archive, index: EntryIndex, root: string): AsyncGenerator<FoundList> {
  const known = index.notes();
  // What cannot be read was told when they were counted.
  for await (const conversation of conversationsOf(archive, index, root, () => {})) {
    const { folder, ...told } = conversation;
    known.set(told.channelId, JSON.stringify(told));
    const roots: Roots = new LRUCache({ max: ROOTS });
    for (const entry of daysOf(index, conversation))
      yield {
        path: entry.path,
        files: (teamId) => filesOfDay(archive, entry, { ...conversation, roots }, teamId),
      };
  }
  const canvases = index.at(below(root, CANVASES));
  if (canvases !== undefined)
    yield { path: canvases.path, files: (teamId) => filesOfCanvases(archive, canvases, known, teamId) };
}

/** All canvases of the workspace, each as a file. Most of them are in a channel or a message, too. */
const CANVASES = 'canvases.json';

/** So many days are asked which workspace they are from, if the list of people does not say it. */
const DAYS_ASKED = 20;

/**
 * All conversations of an export in this folder of the archive, those that its lists name first, then folders with
 * messages that no list names.
 */
async function* conversationsOf(
  archive: Archive,
  index: EntryIndex,
  root: string,
  onUnreadable: (entry: ArchiveEntry, error: unknown) => void,
): AsyncGenerator<ExportedConversation> {
  const seen = index.notes();
  for (const { name, kind } of LISTS) {
    const entry = index.at(below(root, name));
    if (entry === undefined) continue;
    try {
      for await (const told of objectsIn(archive, entry)) {
        const one = conversationOf(told, kind, index, root);
        if (one !== undefined && seen.isFirst(one.folder)) yield one;
      }
    } catch (error) {
      onUnreadable(entry, error);
    }
  }
  for (const name of index.foldersIn(root)) {
    const folder = below(root, name);
    if (hasDays(index, folder) && seen.isFirst(folder)) yield unlisted(name, folder);
  }
}

function conversationOf(
  told: Record<string, unknown>,
  listed: ChannelKind,
  index: EntryIndex,
  root: string,
): ExportedConversation | undefined {
  const id = idOf(told.id);
  const name = textOf(told.name);
  if (id === null) return undefined;
  // Its people see what is in a direct message, so nothing else may pass for one.
  const kind = listed === 'im' && !id.startsWith('D') ? 'private' : listed;
  // Slack names the folder like the channel, and a direct message's like its id; other tools use the id.
  const folder = [name, id].find((one) => one !== null && hasDays(index, below(root, one))) ?? name ?? id;
  const members = Array.isArray(told.members) ? told.members : [];
  return {
    ...{ channelId: id, kind, name: kind === 'im' ? null : name, isArchived: told.is_archived === true },
    createdAt: msOf(told.created),
    people: kind === 'im' ? members.flatMap((one) => idOf(one) ?? []).slice(0, 2) : [],
    folder: below(root, folder),
  };
}

function unlisted(name: string, folder: string): ExportedConversation {
  const isId = /^[CGD][A-Z0-9]{7,}$/.test(name);
  return { ...nowhere(name), ...(isId ? { channelId: name } : {}), folder };
}

const DAY = /^\d{4}-\d{2}-\d{2}\.json$/;
/** Canvases that belong to a channel, beside its days. */
const OWN_CANVASES = /^canvas(es)?_in_the_conversation\.json$/;

function hasDays(index: EntryIndex, folder: string): boolean {
  for (const { path } of index.filesIn(folder)) if (isRead(path)) return true;
  return false;
}

function isRead(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return DAY.test(name) || OWN_CANVASES.test(name);
}

/** The day of a day's file as `2023-05-01`; null for any other file. */
function dayOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return DAY.test(name) ? name.slice(0, 10) : null;
}

/** The lists of messages of a conversation, oldest first. */
function* daysOf(index: EntryIndex, { folder }: ExportedConversation): Generator<ArchiveEntry> {
  for (const entry of index.filesIn(folder)) if (isRead(entry.path)) yield entry;
}

/** All files that a day's messages show, in their order. Throws as {@link objectsIn} does. */
async function* filesOfDay(
  archive: Archive,
  entry: ArchiveEntry,
  { folder, roots, ...conversation }: ExportedConversation & { roots: Roots },
  teamId: string,
): AsyncGenerator<Found> {
  const { channelId, kind } = conversation;
  const isMessages = dayOf(entry.path) !== null;
  for await (const told of objectsIn(archive, entry)) {
    const found = isMessages
      ? filesOfMessage(
          teamId,
          { id: channelId, kind },
          told as SlackMessage,
          rootOf(told as SlackMessage, roots),
        )
      : canvasOf(teamId, conversation, told as SlackFile);
    for (const sighting of found) yield { sighting, conversation };
  }
}

/** So many first messages of threads are remembered for their replies, which may come days later. */
const ROOTS = 500;
type Roots = LRUCache<string, SlackMessage>;

/** The first message of a reply's thread. Slack gives it with the reply only where that was also sent to the channel. */
function rootOf({ ts, thread_ts, ...message }: SlackMessage, roots: Roots): SlackMessage | undefined {
  if (typeof ts !== 'string' || typeof thread_ts !== 'string') return undefined;
  if (ts !== thread_ts) return message.root ?? roots.get(thread_ts);
  const { user, text, subtype, edited } = message;
  roots.set(ts, { ts, user, text, subtype, edited } as SlackMessage);
  return undefined;
}

/** A canvas is in no message. */
function canvasOf(teamId: string, { channelId, kind }: Conversation, object: SlackFile): Sighting[] {
  const read = readFileObject(teamId, object);
  if (read === undefined) return [];
  const { uploaderId, createdAt } = read.file;
  const share = { channelId, channelKind: kind, ts: null, threadTs: null, userId: uploaderId, silent: true };
  return [{ ...read, share: { ...share, sharedAt: createdAt ?? 0 } }];
}

/** The canvases that no channel's list and no message showed, with the channels that they themselves name. */
async function* filesOfCanvases(
  archive: Archive,
  entry: ArchiveEntry,
  known: Notes,
  teamId: string,
): AsyncGenerator<Found> {
  for await (const told of objectsIn(archive, entry)) {
    const { channels, groups, ims } = told;
    const ids = [channels, groups, ims].flatMap((list) =>
      Array.isArray(list) ? list.flatMap((one) => idOf(one) ?? []) : [],
    );
    const places = ids.flatMap((id) => {
      const note = known.get(id);
      return note === undefined ? [] : [JSON.parse(note) as Conversation];
    });
    for (const conversation of places.length > 0 ? places : [unknownPlace('canvases')])
      for (const sighting of canvasOf(teamId, conversation, told as SlackFile))
        yield { sighting, conversation, isElsewhere: true };
  }
}
