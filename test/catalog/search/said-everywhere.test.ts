import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SqliteDialect } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kyselyDatabase } from '../../../src/catalog/db/node-sqlite.ts';
import { type Catalog, openCatalogOver } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { temporaryFolder } from '../databases.ts';
import { sampleFile, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

/** On SQLite, to put many channels together takes most of the time of a search by what was said. */
let catalog: Catalog;
let remove: () => void;
/** What SQLite's index was asked. */
const asked: string[] = [];
const CHANNELS = Array.from({ length: 66 }, (_, i) => `C${i}`);

beforeAll(async () => {
  const folder = temporaryFolder();
  remove = folder.remove;
  const database = new DatabaseSync(join(folder.path, 'vault.db'));
  const kysely = kyselyDatabase(database);
  const listening = {
    ...kysely,
    prepare(sql: string) {
      const statement = kysely.prepare(sql);
      if (!sql.includes('from said_words\n') || !sql.includes('order by rowid')) return statement;
      return {
        ...statement,
        all: (parameters: readonly never[]) => {
          asked.push(String(parameters[0]));
          return statement.all(parameters);
        },
      };
    },
  };
  catalog = await openCatalogOver('sqlite', new SqliteDialect({ database: listening }));
  for (const [i, channelId] of CHANNELS.entries()) {
    const said = { author: 'U2', text: 'about the zebra', at: T0 };
    const file = sampleFile(`F${i}`, { uploaderId: 'U2' });
    await recordShares(catalog, TEAM, [{ file, share: sampleShare(channelId, T0 + i, { said }) }], T0);
    await storeFile(catalog, `F${i}`);
  }
}, 60_000);
afterAll(async () => {
  await catalog?.close();
  remove();
});

async function found(channelIds: string[]) {
  asked.length = 0;
  const viewer = { teamId: TEAM, channelIds, ownUserId: 'U1' };
  const { files } = await findFiles(catalog, { viewer, filter: { text: 'zebra' }, limit: 99, said: true });
  return new Set(files.map(({ fileId }) => fileId));
}

it('who sees every channel is asked of all messages, and nobody else is', async () => {
  expect((await found(CHANNELS)).size).toBe(66);
  expect(asked.length).toBeGreaterThan(0);
  for (const question of asked) expect(question).not.toContain(' OR ');
  const some = await found(CHANNELS.slice(0, 65));
  expect([some.size, some.has('F65')]).toEqual([65, false]);
  expect(asked.length).toBeGreaterThan(0);
  for (const question of asked) expect(question).toContain(' OR ');
});
