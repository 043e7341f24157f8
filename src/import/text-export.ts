import type { SharedFile } from '../catalog/model.ts';
import { typeOfName, writtenEnding } from '../file-names.ts';
import type { Archive, ArchiveEntry, ArchiveProblem } from './archive.ts';
import { below, type EntryIndex, type Notes } from './entry-index.ts';
import type { KnownNames } from './known-names.ts';
import { type Found, type ImportSource, unknownPlace } from './source.ts';
import { formOf, sharesInText } from './text-conversation.ts';
import { type Ids, idsOf, nameOf } from './text-file-ids.ts';

/**
 * An export of one person as TXT: the folders `channels` and `dms` with texts, and `files` with what the person sent.
 * Source: slack.com/help/articles/220556107 ("How to read Slack data exports"), and public importers, which find
 * `slack-export-<team>-<time>/channels/<name>/<name>.txt`. Nobody describes the names in `files`: so a file is found by its
 * id, where its name has it, or by the name that a text tells; and what no text tells comes in all the same.
 */
const TEXTS = ['channels', 'dms'];
const FILES = 'files';

/** The folder with such an export; undefined when there is none. */
export function textExportIn(index: EntryIndex): string | undefined {
  const isOne = (root: string) => textsIn(index, root).next().done !== true;
  if (isOne('')) return '';
  for (const folder of index.foldersIn('')) if (isOne(folder)) return folder;
  return undefined;
}

function* textsIn(index: EntryIndex, root: string): Generator<ArchiveEntry> {
  for (const kind of TEXTS) {
    const folder = below(root, kind);
    yield* textsRightIn(index, folder);
    for (const name of index.foldersIn(folder)) yield* textsRightIn(index, below(folder, name));
  }
}

function* textsRightIn(index: EntryIndex, folder: string): Generator<ArchiveEntry> {
  for (const entry of index.filesIn(folder)) if (entry.path.endsWith('.txt')) yield entry;
}

/** Finds ids for names, and is told of what is wrong. */
interface Names extends KnownNames {
  onProblem(problem: ArchiveProblem): void;
}

export async function textExport(
  archive: Archive,
  index: EntryIndex,
  root: string,
  names: Names,
): Promise<ImportSource> {
  let count = 0;
  for (const _ of textsIn(index, root)) count += 1;
  const files = below(root, FILES);
  const { onProblem } = names;
  const ids = idsOf({ archive, index, folder: files, onProblem });
  const exporter = await exporterOf(archive, index, root, onProblem);
  return {
    from: `the archive ${archive.name}`,
    teamId: /slack-export-(T[A-Z0-9]{6,})/.exec(`${archive.name}/${root}`)?.[1] ?? null,
    ...{ conversations: count, listCount: count + 1 },
    async *lists() {
      const asked = index.notes();
      for (const entry of textsIn(index, root))
        yield {
          path: entry.path,
          files: (teamId) => sharedIn(archive, entry, { ids, names, teamId, exporter, asked }),
        };
      yield { path: files, files: (teamId) => untold(index, files, teamId, ids) };
    },
  };
}

/**
 * Whose export it is: the one user name in the heads of all direct messages. Null if there is none, or more than one; and if later
 * lines of messages are not indented in any of the texts, because then nobody can tell the exporter's lines from others'.
 */
async function exporterOf(
  archive: Archive,
  index: EntryIndex,
  root: string,
  onProblem: Names['onProblem'],
): Promise<string | null> {
  let common: Set<string> | undefined;
  let isOpen = false;
  for (const entry of textsIn(index, root)) {
    const form = await formOf(archive, entry);
    if (form.isOpen) onProblem({ path: entry.path, code: 'open_text' });
    isOpen ||= form.isOpen;
    const people = new Set(form.people);
    if (people.size > 0) common = common?.intersection(people) ?? people;
  }
  const [only = null, ...more] = common ?? [];
  return more.length === 0 && !isOpen ? only : null;
}

interface Shared {
  ids: Ids;
  names: KnownNames;
  teamId: string;
  exporter: string | null;
  /** Ids of files that are not in the archive, and were told before. */
  asked: Notes;
}

/**
 * Everybody in a conversation can write a message that reads like a line about a shared file. So only a line of the exporter places a
 * file, only one that is in the archive, and nobody else becomes its uploader. Of any other file, its id alone is taken: the bot
 * asks Slack where it was shared.
 */
async function* sharedIn(
  archive: Archive,
  entry: ArchiveEntry,
  { ids, names, teamId, exporter, asked }: Shared,
): AsyncGenerator<Found> {
  for await (const { share, conversation } of sharesInText(archive, entry, names)) {
    const { at, person, file } = share;
    const found = 'id' in file ? await ids.placeOf(file.id) : ids.placeNamed(file.name);
    if (found === undefined) {
      if ('id' in file && !ids.isInside(file.id) && asked.isFirst(file.id)) yield toAsk(teamId, file.id, at);
      continue;
    }
    if (person !== exporter) continue;
    const userId = await names.personNamed(person);
    const { channelId, kind } = conversation;
    yield {
      ...{ conversation, path: found.path },
      sighting: {
        file: fileOf(teamId, found, await ids.of(found), { at, uploaderId: userId }),
        share: { channelId, channelKind: kind, ts: null, threadTs: null, userId, sharedAt: at },
      },
    };
  }
}

/** A file that only its id tells of. */
function toAsk(teamId: string, fileId: string, at: number): Found {
  const conversation = unknownPlace(FILES);
  return {
    ...{ conversation, isElsewhere: true },
    sighting: {
      file: fileOf(teamId, undefined, fileId, { at, uploaderId: null }),
      share: {
        ...{ channelId: conversation.channelId, channelKind: conversation.kind, ts: null, threadTs: null },
        ...{ userId: null, sharedAt: at },
      },
    },
  };
}

/** What lies in `files`, and in its folders, and no text told of. Nobody knows where it was shared. */
async function* untold(index: EntryIndex, folder: string, teamId: string, ids: Ids): AsyncGenerator<Found> {
  const conversation = unknownPlace(FILES);
  for (const entry of index.filesIn(folder)) {
    const at = entry.writtenAt ?? 0;
    yield {
      ...{ conversation, path: entry.path, isElsewhere: true },
      sighting: {
        file: fileOf(teamId, entry, await ids.of(entry), { at, uploaderId: null }),
        share: {
          ...{ channelId: conversation.channelId, channelKind: conversation.kind, ts: null, threadTs: null },
          ...{ userId: null, sharedAt: at },
        },
      },
    };
  }
  for (const name of index.foldersIn(folder)) yield* untold(index, below(folder, name), teamId, ids);
}

/** A file as its place in the archive tells it; one that is not there is known by its id alone, and the bot asks Slack for it. */
function fileOf(
  teamId: string,
  entry: ArchiveEntry | undefined,
  fileId: string,
  { at, uploaderId }: { at: number; uploaderId: string | null },
): SharedFile {
  const name = entry === undefined ? null : nameOf(entry.path, fileId);
  return {
    ...{ teamId, fileId, name, title: name, uploaderId, mode: entry === undefined ? null : 'hosted' },
    mimetype: name === null ? null : typeOfName(name),
    filetype: name === null ? null : (writtenEnding(name) ?? null),
    ...{ size: entry?.bytes ?? null, createdAt: entry === undefined ? null : at },
    ...{ url: null, externalUrl: null, permalink: null, complete: entry !== undefined },
  };
}
