import { createWriteStream, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import type { Archive, ArchiveEntry } from './archive.ts';
import type { EntryIndex } from './entry-index.ts';
import { ImportError } from './errors.ts';

export type Row = Record<string, unknown>;

/** An SQLite database in an archive. Its errors are `ImportError`s. */
export interface DatabaseCopy {
  /** One row; undefined also where the database is damaged. */
  get(query: string): Row | undefined;
  /**
   * All rows in the order of the row ids, one after the other. Where the database is damaged, the walk goes on from its other
   * end, and then throws: all rows but those at the damage have come.
   */
  each(query: (order: 'asc' | 'desc') => string, ...values: string[]): Generator<Row>;
}

/** A tool that still writes changes the files while they are copied. So often they are copied again. */
const TRIES = 5;

/** The folder of a copy. The process that made it stands in its name. */
const FOLDER = /^ria-vault-import-(\d+)-[^-]+$/;

/**
 * Opens a copy: SQLite writes beside the files that it opens. What an unfinished or running tool left in a log beside the database
 * is part of it (sqlite.org/tempfiles.html). The copy holds messages, so nothing of it outlives this process: its files are
 * removed as soon as they are open, and what an import that was killed before that has left, the next one removes. Throws
 * `ImportError`.
 */
export async function openCopy(
  archive: Archive,
  index: EntryIndex,
  entry: ArchiveEntry,
): Promise<DatabaseCopy> {
  removeLeftCopies(tmpdir());
  const folder = mkdtempSync(join(tmpdir(), `ria-vault-import-${process.pid}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const path = join(folder, 'copy.sqlite');
  const beside = ['-wal', '-journal'].flatMap((end) => {
    const from = index.at(`${entry.path}${end}`);
    return from === undefined ? [] : [{ from, to: `${path}${end}` }];
  });
  try {
    await copyAtRest(archive, [{ from: entry, to: path }, ...beside]);
    return reading(opened(path, entry), entry);
  } finally {
    try {
      remove();
    } catch {
      // A system that keeps open files: they go when the process ends.
    }
  }
}

function opened(path: string, entry: ArchiveEntry): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path);
    checkTables(db);
    return db;
  } catch (cause) {
    db?.close();
    throw broken(entry, cause);
  }
}

/** A view could compute without end for each row, or give out what is no message. */
function checkTables(db: DatabaseSync): void {
  const isPlain = `type = 'table' and sql not like 'create virtual %'`;
  const { messages, others } = db
    .prepare(
      `select count(*) filter (where ${isPlain} and upper(name) = 'MESSAGE') as messages,
        count(*) filter (where not (${isPlain})) as others
        from sqlite_master where upper(name) in ('MESSAGE', 'CHANNEL', 'WORKSPACE')`,
    )
    .get() as { messages: number; others: number };
  if (messages !== 1 || others > 0)
    throw new Error('It lacks the table MESSAGE, or one of its tables is none.');
  db.prepare('select 1 from MESSAGE').get();
}

/** Removes the copies of imports that run no more. */
export function removeLeftCopies(parent: string): void {
  for (const name of readdirSync(parent)) {
    const [, pid] = FOLDER.exec(name) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // Somebody else's.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function copyAtRest(
  archive: Archive,
  files: ReadonlyArray<{ from: ArchiveEntry; to: string }>,
): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries++) {
    for (const { from, to } of files) await copy(archive, from, to);
    const atRest = await Promise.all(files.map(({ from }) => archive.isAsListed(from)));
    if (atRest.every(Boolean)) return;
    for (const { from } of files) Object.assign(from, await archive.again(from));
  }
  throw new ImportError(
    'damaged_entry',
    `${files[0]?.from.path} is being written to. Wait until slackdump has ended, and begin the import again.`,
  );
}

async function copy(archive: Archive, from: ArchiveEntry, to: string): Promise<void> {
  await pipeline(await archive.open(from), createWriteStream(to)).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOSPC') throw broken(from, cause);
    throw new ImportError(
      'no_room',
      `There is no room for a copy of ${from.path} (${from.bytes} bytes) in ${tmpdir()}: name another folder in the variable TMPDIR.`,
      { cause },
    );
  });
}

function reading(db: DatabaseSync, entry: ArchiveEntry): DatabaseCopy {
  return {
    get(query) {
      try {
        return db.prepare(query).get();
      } catch {
        // Whoever reads all rows is told.
        return undefined;
      }
    },
    *each(query, ...values) {
      let last = Number.MIN_SAFE_INTEGER;
      let damage: unknown;
      const walk = function* (order: 'asc' | 'desc', isNew: (id: number) => boolean): Generator<Row> {
        const rows = db.prepare(query(order)).iterate(...values);
        for (;;) {
          const next = rows.next();
          if (next.done || !isNew(Number(next.value.rowid))) return;
          yield next.value;
        }
      };
      try {
        for (const row of walk('asc', () => true)) {
          last = Number(row.rowid);
          yield row;
        }
        return;
      } catch (cause) {
        damage = cause;
      }
      try {
        yield* walk('desc', (id) => id > last);
      } catch {
        // What is wrong was met before, from the other side.
      }
      throw broken(entry, damage);
    },
  };
}

function broken({ path }: Pick<ArchiveEntry, 'path'>, cause: unknown): ImportError {
  return new ImportError(
    'damaged_entry',
    `${path} cannot be read as an archive of slackdump: it is damaged, or of a version that is not known here.`,
    { cause },
  );
}
