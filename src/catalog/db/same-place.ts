import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CatalogError } from './errors.ts';

/** The database and its log. What is not in the log's file is lost when the process ends. */
const FILES = ['vault.db', 'vault.db-wal'];

/**
 * Remembers which files an open SQLite catalog has. The function that it returns throws {@link CatalogError}
 * `catalog_gone` when another file, or none, is in the place of one: SQLite goes on in files that have no name any more,
 * and all that it writes there is gone when the process ends.
 */
export function watchPlace(dataDir: string): () => Promise<void> {
  const known = FILES.map((name) => {
    const path = join(dataDir, name);
    return { path, name, is: idOf(statSync(path, { bigint: true, throwIfNoEntry: false })) };
  }).filter(({ is }) => is !== null);
  return async () => {
    for (const { path, name, is } of known) {
      const now = await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
        throw error;
      });
      if (idOf(now) === is) continue;
      const what = now === undefined ? 'is gone' : 'was replaced by another file';
      throw new CatalogError(
        'catalog_gone',
        `The catalog ${name} in VAULT_DATA_DIR=${dataDir} ${what} while the bot runs. Stop the bot at once, put the folder back or a backup in its place, and start it again; what was written since is only in the bucket's journal.`,
      );
    }
  };
}

/** What a file is, whatever it is called. */
function idOf(found: { dev: bigint; ino: bigint } | undefined): string | null {
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}
