import { tryWrite } from '../catalog/alerts/bots.ts';
import { databaseWord } from '../catalog/db/error-word.ts';
import type { Catalog } from '../catalog/db/open.ts';
import { freeSpace } from '../free-space.ts';

/** With less than this free, SQLite's log has no room to grow. */
const FULL_BYTES = 1024 * 1024;

/**
 * How it stands with the catalog: its files are where they were, the disk has room, the last delivery could be written,
 * and so can a row now. Throws an error with a code when one of these is not so.
 */
export async function checkDatabase(o: {
  catalog: Catalog;
  /** Of this process. */
  owner: string;
  /** Where SQLite keeps the catalog. */
  dataDir: string;
  /** Why the last delivery was refused; undefined when it was not. */
  refused(): string | undefined;
}): Promise<string> {
  const { catalog, owner, dataDir, refused } = o;
  await inOneWord(catalog.ping());
  if (catalog.kind === 'sqlite' && (await freeSpace(dataDir)) < FULL_BYTES)
    throw Object.assign(new Error('the disk is full'), { code: 'disk_full' });
  await inOneWord(tryWrite(catalog, owner));
  const code = refused();
  if (code !== undefined) throw Object.assign(new Error('the last delivery was refused'), { code });
  return catalog.kind;
}

/** What it throws has the same word for the same trouble, whatever the database is. */
async function inOneWord(asked: Promise<unknown>): Promise<void> {
  try {
    await asked;
  } catch (error) {
    const { message } = error as Error;
    throw Object.assign(new Error(message, { cause: error }), { code: databaseWord(error) });
  }
}
