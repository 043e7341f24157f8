import { tmpdir } from 'node:os';

/**
 * The folder for what is there for a while only: a catalog to try, a document while it is read. SQLite's own variable, else beside
 * a SQLite catalog, where there is room for one, else the system's temporary folder.
 */
export function scratchFolder(kind: 'sqlite' | 'postgres', dataDir: string): string {
  return process.env.SQLITE_TMPDIR || (kind === 'sqlite' ? dataDir : tmpdir());
}
