/** A PostgreSQL whose user may not create the extension pg_trgm, as at some hosting companies. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCatalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { makeTextIndexes, missingTextIndexes } from '../../../src/catalog/search/text-index.ts';
import { indexTexts } from '../../../src/jobs/index-texts.ts';
import { createLog } from '../../../src/log.ts';
import { noPostgres, type PostgresServer, startPostgres } from '../../helpers/postgres.ts';
import { databases } from '../databases.ts';
import { found, listChannel, storeFile, T0, TEAM } from '../samples.ts';

const TEST_MS = 60_000;

test.each(databases)('a new catalog on $name lacks no index for searches', async ({ fresh }) => {
  const catalog = await fresh();
  expect(await missingTextIndexes(catalog)).toEqual([]);
  expect(await makeTextIndexes(catalog)).toEqual([]);
  await catalog.close();
});

describe.skipIf(noPostgres())('without the right to create pg_trgm', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    await server.query('create role poor login');
  }, TEST_MS);
  afterAll(() => server.close());

  test.each(['public', 'extensions'])(
    'searches work, slowly, and it is said; once it is there in the schema %s, the next start makes the indexes',
    async (schema) => {
      const url = new URL(await server.createDatabase());
      const database = url.pathname.slice(1);
      const asOwner = (text: string) => server.query(text, database);
      await asOwner('grant usage, create on schema public to poor');
      url.username = 'poor';
      const catalog = await openCatalog({ databaseUrl: url.href, dataDir: '' });
      expect(await missingTextIndexes(catalog)).toEqual(['file_text', 'find_word_pieces']);
      await recordShares(catalog, TEAM, [found('F1', 'C1', T0, { name: 'budget.xlsx' })], T0);
      await storeFile(catalog, 'F1');

      const lines: string[] = [];
      const log = createLog('info', { write: (line) => void lines.push(line) });
      await indexTexts({ catalog, log });
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain('create extension pg_trgm');
      const search = async () =>
        (await listChannel(catalog, { teamId: TEAM, channelId: 'C1', filter: { text: 'budg' }, limit: 5 }))
          .files;
      expect(await search()).toHaveLength(1);

      await asOwner(
        `create schema if not exists ${schema}; grant usage on schema ${schema} to poor; create extension pg_trgm schema ${schema}`,
      );
      await indexTexts({ catalog, log });
      expect(lines[1]).toContain('file_text');
      expect(await missingTextIndexes(catalog)).toEqual([]);
      expect(await search()).toHaveLength(1);
      const { rows } = await sql`select indexdef from pg_indexes where indexname = 'file_text'`.execute(
        catalog.db,
      );
      expect(JSON.stringify(rows)).toContain('gin_trgm_ops');
      await catalog.close();
    },
    TEST_MS,
  );
});
