import { DatabaseSync } from 'node:sqlite';
import type { Archive, ArchiveEntry, ArchiveProblem } from './archive.ts';

/**
 * All files of an archive, found by their path, their folder or the file id in their name. It stands in a database file that
 * nobody else sees and that nothing outlives (see catalog/db/scratch.ts), so ten million names need no memory.
 */
export interface EntryIndex {
  /** How many files there are. */
  count: number;
  at(path: string): ArchiveEntry | undefined;
  /** The names of the files right inside a folder (`''`: the top), in order. */
  filesIn(folder: string): Iterable<ArchiveEntry>;
  /** The names of the folders right inside a folder, in order. */
  foldersIn(folder: string): Iterable<string>;
  /** Files of this name in any folder, those least deep first; at most {@link MOST_NAMED}. */
  named(name: string): ArchiveEntry[];
  hasFile(fileId: string): boolean;
  /** Files whose path says that they hold the bytes of this Slack file. */
  ofFile(fileId: string): ArchiveEntry[];
  /** A new list of notes by name. It needs no memory either. */
  notes(): Notes;
  close(): void;
}

export interface Notes {
  /** True the first time for each name. */
  isFirst(name: string): boolean;
  has(name: string): boolean;
  get(name: string): string | undefined;
  set(name: string, note: string): void;
}

/** Nobody's archive has more files of one such name, or with the bytes of one file. */
const MOST_NAMED = 1_000;

/** In KiB. The rest stands on the disk. */
const CACHE_KIB = 16_384;
const BATCH = 5_000;

const TABLES = `
  create table entry (
    path text primary key, folder text not null, name text not null, depth integer not null,
    file_id text, bytes integer not null, written_at integer, place text not null) without rowid;
  create table folder (path text primary key, parent text not null) without rowid`;
/** Made when all is there: so filling stays quick. */
const INDEXES = `
  create index by_folder on entry (folder, name);
  create index by_name on entry (name, depth);
  create index by_file on entry (file_id) where file_id is not null;
  create index folders_in on folder (parent, path)`;

/** Reads the list of an archive to its end. What cannot be used is told to `onProblem`. */
export async function indexEntries(
  archive: Archive,
  onProblem: (problem: ArchiveProblem) => void,
): Promise<EntryIndex> {
  const db = new DatabaseSync('');
  db.exec(
    `pragma cache_size = -${CACHE_KIB}; pragma synchronous = off; pragma journal_mode = off; ${TABLES}`,
  );
  const add = db.prepare('insert or ignore into entry values (?, ?, ?, ?, ?, ?, ?, ?)');
  const addFolder = db.prepare('insert or ignore into folder values (?, ?)');
  let count = 0;
  let lists = 0;
  let last = '';
  db.exec('begin');
  for await (const entry of archive.entries(onProblem)) {
    const { path, bytes, writtenAt, place } = entry;
    const { folder, name } = partsOf(path);
    add.run(path, folder, name, path.split('/').length, fileIdIn(path), bytes, writtenAt, place);
    // Files of one folder mostly come one after the other.
    if (folder !== last) for (const each of foldersTo(folder)) addFolder.run(each, partsOf(each).folder);
    last = folder;
    count += 1;
    if (count % BATCH === 0) db.exec('commit; begin');
  }
  db.exec('commit');
  db.exec(INDEXES);
  // Never ended: nothing of it is to be kept.
  db.exec('begin');
  const all = (where: string) =>
    db.prepare(`select path, bytes, written_at, place from entry where ${where}`);
  const [at, named, ofFile] = [
    all('path = ?'),
    all(`name = ? order by depth, path limit ${MOST_NAMED}`),
    all(`file_id = ? order by depth, path limit ${MOST_NAMED}`),
  ];
  const hasFile = db.prepare('select 1 from entry where file_id = ? limit 1');
  const entryOf = (row: unknown) => {
    const { path, bytes, written_at, place } = row as Row;
    return { path, bytes, writtenAt: written_at, place };
  };
  return {
    count,
    at(path) {
      const row = at.get(path);
      return row && entryOf(row);
    },
    *filesIn(folder) {
      // A statement for each walk: two of them may be under way.
      for (const row of all('folder = ? order by name').iterate(folder)) yield entryOf(row);
    },
    *foldersIn(folder) {
      const rows = db.prepare('select path from folder where parent = ? order by path').iterate(folder);
      for (const row of rows) yield partsOf(row.path as string).name;
    },
    named: (name) => named.all(name).map(entryOf),
    hasFile: (fileId) => hasFile.get(fileId) !== undefined,
    ofFile: (fileId) => ofFile.all(fileId).map(entryOf),
    notes() {
      lists += 1;
      const table = `notes_${lists}`;
      db.exec(`create table ${table} (name text primary key, note text) without rowid`);
      const [mark, read, write] = [
        db.prepare(`insert or ignore into ${table} values (?, null)`),
        db.prepare(`select note from ${table} where name = ?`),
        db.prepare(`insert or replace into ${table} values (?, ?)`),
      ];
      return {
        isFirst: (name) => mark.run(name).changes > 0,
        has: (name) => read.get(name) !== undefined,
        get: (name) => (read.get(name)?.note as string | null | undefined) ?? undefined,
        set: (name, note) => void write.run(name, note),
      };
    },
    close: () => db.close(),
  };
}

interface Row {
  path: string;
  bytes: number;
  written_at: number | null;
  place: string;
}

function partsOf(path: string): { folder: string; name: string } {
  const slash = path.lastIndexOf('/');
  return { folder: path.slice(0, Math.max(0, slash)), name: path.slice(slash + 1) };
}

/** A folder and all folders above it, without the top. */
function foldersTo(folder: string): string[] {
  if (folder === '') return [];
  const parts = folder.split('/');
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

/**
 * Where tools put a file's bytes: `__uploads/F…/name` (slack-advanced-exporter, and slackdump's default),
 * `<channel>/attachments/F…-name` (slackdump's "standard") and `<channel>/F…-name` (slackdump's dump).
 * Source: slackdump's own help pages for `export` and `dump`.
 */
const UPLOADS = /(?:^|\/)__uploads\/(F[A-Z0-9]{2,30})\/[^/]+$/;
const ATTACHMENT = /(?:^|\/)(F[A-Z0-9]{6,30})-[^/]+$/;
/**
 * An export of one person has its files in `files/`. Nobody describes their names; where one has a file's id, it counts. A word in
 * capitals is none: Slack's ids have a digit but for very few.
 */
const OF_A_PERSON = /(?:^|\/)files\/(?:.*[^A-Za-z0-9])?(F(?=[A-Z]*[0-9])[A-Z0-9]{8,30})(?![A-Za-z0-9])/;
const IN_FILES = /(?:^|\/)files\/(?!(?:.*\/)?attachments\/)/;

/** The id of the Slack file whose bytes this path says that it holds; null if it says none. */
export function fileIdIn(path: string): string | null {
  const [, uploaded] = UPLOADS.exec(path) ?? [];
  return uploaded ?? (IN_FILES.test(path) ? OF_A_PERSON : ATTACHMENT).exec(path)?.[1] ?? null;
}

/** The path of something in a folder; `''` is the top. */
export function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
