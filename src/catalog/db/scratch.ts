import { DatabaseSync } from 'node:sqlite';
import { SqliteDialect } from 'kysely';
import { kyselyDatabase } from './node-sqlite.ts';
import { openCatalogOver } from './open.ts';
import type { Catalog } from './schema.ts';

/** In KiB. What does not fit is written to the file, so memory does not grow with the catalog. */
const CACHE_KIB = 32_768;

/**
 * An empty catalog that nobody else sees and that nothing outlives. SQLite gives a database without a name a file that
 * has none either: it is unlinked as it is made, so the kernel frees it when the process ends, in whatever way. It is in
 * the folder that the variable SQLITE_TMPDIR names when the process starts, else in the system's temporary one
 * (sqlite.org/tempfiles.html, "Temporary File Storage Locations"; sqlite.org/inmemorydb.html, "Temporary Databases").
 * Nothing of it has to last, so nothing waits for the disk.
 */
export function openScratch(): Promise<Catalog> {
  const database = new DatabaseSync('');
  database.exec(`pragma cache_size = -${CACHE_KIB}; pragma synchronous = off; pragma temp_store = file`);
  return openCatalogOver('sqlite', new SqliteDialect({ database: kyselyDatabase(database) }));
}
