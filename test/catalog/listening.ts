import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SqliteDialect } from 'kysely';
import { kyselyDatabase } from '../../src/catalog/db/node-sqlite.ts';
import { type Catalog, openCatalogOver } from '../../src/catalog/db/open.ts';
import { temporaryFolder } from './databases.ts';

/** A catalog in a SQLite of its own that tells of every query, with what it is asked for. */
export async function listeningCatalog(
  heard: (sql: string, parameters: readonly unknown[]) => void,
): Promise<{ catalog: Catalog; database: DatabaseSync; close(): Promise<void> }> {
  const folder = temporaryFolder();
  const database = new DatabaseSync(join(folder.path, 'vault.db'));
  const kysely = kyselyDatabase(database);
  const listening = {
    ...kysely,
    prepare(sql: string) {
      const statement = kysely.prepare(sql);
      return {
        ...statement,
        all: (parameters: readonly never[]) => {
          heard(sql, parameters);
          return statement.all(parameters);
        },
      };
    },
  };
  const catalog = await openCatalogOver('sqlite', new SqliteDialect({ database: listening }));
  const close = async () => {
    await catalog.close();
    folder.remove();
  };
  return { catalog, database, close };
}
