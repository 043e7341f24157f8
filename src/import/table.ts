import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { SharedFile } from '../catalog/model.ts';
import { typeOfName, writtenEnding } from '../file-names.ts';
import type { Archive, ArchiveEntry, ArchiveProblem } from './archive.ts';
import { chunksOf } from './entry-chunks.ts';
import type { EntryIndex } from './entry-index.ts';
import { ImportError } from './errors.ts';
import type { KnownNames } from './known-names.ts';
import { placeholderFileId, placeholderId } from './placeholder-id.ts';
import { type Conversation, type Found, type ImportSource, nowhere } from './source.ts';

/** A table of files in a plain folder, for what other tools left. */
export const TABLE = 'files.csv';

const COLUMNS = ['file', 'channel', 'person', 'time'] as const;
/** Finds ids for names, and is told of those that nobody knows. */
interface Names extends KnownNames {
  onProblem(problem: ArchiveProblem): void;
}

type Line = Partial<Record<(typeof COLUMNS)[number], string>>;

/**
 * Files in a folder, with a table that says where they were shared, by whom and when. The columns, in any order, with a first
 * line that names them: `file` (its path, from the table's folder), `channel` (a name or an id), `person` (an id, a user name or an e-mail address)
 * and `time` (ISO 8601, or seconds since 1970 as in Slack's `ts`).
 */
export async function tableOfFiles(
  archive: Archive,
  index: EntryIndex,
  entry: ArchiveEntry,
  names: Names,
): Promise<ImportSource> {
  return {
    ...{ from: `the archive ${archive.name}`, teamId: null, conversations: 1, listCount: 1 },
    async *lists() {
      yield { path: entry.path, files: (teamId) => filesIn(archive, index, entry, names, teamId) };
    },
  };
}

async function* filesIn(
  archive: Archive,
  index: EntryIndex,
  entry: ArchiveEntry,
  names: Names,
  teamId: string,
): AsyncGenerator<Found> {
  const folder = entry.path.slice(0, -TABLE.length);
  const lines = parse({
    columns: (titles: string[]) => titles.map((title) => title.trim().toLowerCase()),
    bom: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
  });
  const body = Readable.from(chunksOf(archive, entry));
  // `pipe` does not hand on an error: the table would end without a word, or the process.
  body.on('error', (error) => lines.destroy(error));
  body.pipe(lines);
  let number = 1;
  for await (const line of readable(lines, entry)) {
    number += 1;
    const where = `${entry.path}, line ${number}`;
    const { file = '', channel = '', person = '', time = '' } = line;
    const at = momentIn(time);
    const isPlaced = file !== '' && channel !== '';
    if (!isPlaced || at === null) {
      const what = isPlaced
        ? `"${time}" is no time such as 2023-05-01T09:30:00Z`
        : 'it names no file or no channel';
      names.onProblem({
        path: `${where}: ${what}. Every line needs ${COLUMNS.join(', ')}.`,
        code: 'bad_table',
      });
      continue;
    }
    const path = `${folder}${file.replace(/^\.?\//, '')}`;
    const found = index.at(path);
    const conversation = await conversationOf(channel, where, names);
    const uploaderId = await idOfPerson(person, where, names);
    yield {
      ...{ conversation, path },
      sighting: {
        file: fileOf(teamId, { path: file, conversation, at, uploaderId, bytes: found?.bytes ?? null }),
        share: {
          ...{ channelId: conversation.channelId, channelKind: conversation.kind, ts: null, threadTs: null },
          ...{ userId: uploaderId, sharedAt: at, silent: true },
        },
        ...(found === undefined ? { skip: 'not_found' as const } : {}),
      },
    };
  }
}

/** The lines; what is no table ends in an `ImportError` that says where. */
async function* readable(lines: AsyncIterable<Line>, { path }: ArchiveEntry): AsyncGenerator<Line> {
  try {
    yield* lines;
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new ImportError('bad_table', `${path} is no table: ${cause.message}`, { cause });
  }
}

function fileOf(
  teamId: string,
  o: {
    path: string;
    conversation: Conversation;
    at: number;
    uploaderId: string | null;
    bytes: number | null;
  },
): SharedFile {
  const name = o.path.slice(o.path.lastIndexOf('/') + 1);
  return {
    teamId,
    // The same line is the same file, however often the table is imported.
    fileId: placeholderFileId(`${o.conversation.channelId} ${o.at} ${o.path}`),
    ...{
      name,
      title: name,
      mimetype: typeOfName(name),
      filetype: writtenEnding(name) ?? null,
      mode: 'hosted',
    },
    ...{
      size: o.bytes,
      uploaderId: o.uploaderId,
      createdAt: o.at,
      url: null,
      externalUrl: null,
      permalink: null,
    },
    complete: true,
  };
}

async function conversationOf(
  told: string,
  where: string,
  { channelNamed, onProblem }: Names,
): Promise<Conversation> {
  const name = told.replace(/^#/, '');
  if (/^[CGD][A-Z0-9]{7,}$/.test(name)) return { ...nowhere(name), channelId: name, name: null };
  const channelId = await channelNamed(name);
  if (channelId !== null) return { ...nowhere(name), channelId };
  onProblem({ path: `${where}: the vault knows no single channel called ${name}`, code: 'unknown_channel' });
  return nowhere(name);
}

async function idOfPerson(
  told: string,
  where: string,
  { personNamed, onProblem }: Names,
): Promise<string | null> {
  const name = told.replace(/^@/, '');
  if (name === '' || /^[UW][A-Z0-9]{6,}$/.test(name)) return name || null;
  const id = await personNamed(name);
  if (id !== null) return id;
  onProblem({
    path: `${where}: nobody has the user name or e-mail address ${name}, or several do`,
    code: 'unknown_person',
  });
  return placeholderId(name);
}

/** The moment in ms; null if it is none. A time without a zone is in UTC. */
function momentIn(text: string): number | null {
  if (/^\d{9,11}(\.\d{1,6})?$/.test(text)) return Math.round(Number(text) * 1_000);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  const hasZone = /(?:z|[+-]\d{2}:?\d{2})$/i.test(text.slice(10));
  const at = Date.parse(
    hasZone || text.length === 10 ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`,
  );
  return Number.isNaN(at) ? null : at;
}
