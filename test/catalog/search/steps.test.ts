import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { listeningCatalog } from '../listening.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

/** On SQLite, a long read holds the whole process up, so the search index is read in steps. */
let catalog: Catalog;
let steps = 0;
let close: () => Promise<void>;

beforeAll(async () => {
  const opened = await listeningCatalog((sql) => {
    if (sql.includes('file_text match')) steps += 1;
  });
  ({ catalog, close } = opened);
  const { database } = opened;
  await recordShares(catalog, TEAM, [found('F1', 'C1', T0, { name: 'zebra.pdf' })], T0);
  await storeFile(catalog, 'F1');
  await recordShares(catalog, TEAM, [found('F0', 'C1', T0, { name: 'other.pdf' })], T0);
  // The next file gets the number after the greatest, as if it came after a million others.
  database.exec(`update file set id = 999999 where file_id = 'F0'`);
  await recordShares(catalog, TEAM, [found('F2', 'C1', T0 + 1, { name: 'last zebra.pdf' })], T0);
  await storeFile(catalog, 'F2');
});
afterAll(() => close());

it('a rare word among a million files is found in one step', async () => {
  const viewer = { teamId: TEAM, channelIds: ['C1'], ownUserId: 'U1' };
  const pace = { few: 10, step: 1 };
  const { files } = await findFiles(catalog, { viewer, filter: { text: 'pdf zebra' }, limit: 5, pace });
  expect(files.map(({ fileId }) => fileId)).toEqual(['F2', 'F1']);
  expect(steps).toBe(1);
});

it('numbers are bound as integers, else FTS5 keeps to no limit for its rows', async () => {
  const { rows } =
    await sql`select typeof(${5}) as whole, typeof(${-5}) as negative, typeof(${0.5}) as broken`.execute(
      catalog.db,
    );
  expect(rows).toEqual([{ whole: 'integer', negative: 'integer', broken: 'real' }]);
});
