import type { Catalog } from '../catalog/db/schema.ts';
import { makeTextIndexes, missingTextIndexes } from '../catalog/search/text-index.ts';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';

/**
 * Makes the indexes for searches by text that PostgreSQL lacks, in the background, as far as it can be done; and says
 * what it takes if it cannot. Each start tries again.
 */
export async function indexTexts({ catalog, log }: { catalog: Catalog; log: Log }): Promise<void> {
  try {
    if ((await missingTextIndexes(catalog)).length === 0) return;
    const made = await makeTextIndexes(catalog);
    if (made.length > 0) log.info({ made }, 'indexes for searches were made');
  } catch (error) {
    log.warn(
      { code: errorCode(error), err: error },
      'searches are slow, because the database lacks pg_trgm: as its superuser, run "create extension pg_trgm;" there, then start the bot again',
    );
  }
}
