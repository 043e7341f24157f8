import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SqliteDialect } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kyselyDatabase } from '../../../src/catalog/db/node-sqlite.ts';
import { type Catalog, openCatalogOver } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import { findTrashed } from '../../../src/catalog/search/trashed.ts';
import { lastTrashed, trashedLike } from '../../../src/catalog/search/trashed-like.ts';
import { temporaryFolder } from '../databases.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

/** On SQLite, a statement holds the whole process up, so the trash is looked at in steps: so many names are read in each at most. */
let catalog: Catalog;
let database: DatabaseSync;
let names = 0;
let most = 0;
let remove: () => void;

const CHANNELS = Array.from({ length: 45 }, (_, i) => `CM${i}`);
const FILES = 201;

beforeAll(async () => {
  const folder = temporaryFolder();
  remove = folder.remove;
  database = new DatabaseSync(join(folder.path, 'vault.db'));
  // SQLite asks this for each name. What is asked here has no placeholders within.
  database.function('like', { deterministic: true }, (pattern, text, _escape) => {
    names += 1;
    return String(text).includes(String(pattern).replace(/^%|%$/g, '')) ? 1 : 0;
  });
  const kysely = kyselyDatabase(database);
  const counting = {
    ...kysely,
    prepare(sql: string) {
      const statement = kysely.prepare(sql);
      return {
        ...statement,
        all: (parameters: never) => {
          names = 0;
          const rows = statement.all(parameters);
          most = Math.max(most, names);
          return rows;
        },
      };
    },
  };
  catalog = await openCatalogOver('sqlite', new SqliteDialect({ database: counting }));
  const trashed = async (fileId: string, channelId: string, now: number, name = 'qx.pdf') => {
    await recordShares(catalog, TEAM, [found(fileId, channelId, T0, { name })], T0);
    await storeFile(catalog, fileId);
    const deleted = { actorId: 'U1', channelId, purgeAt: T0 * 2, now };
    await trashFile(catalog, { ref: { teamId: TEAM, fileId }, ...deleted });
  };
  for (let i = 0; i < FILES; i++) await trashed(`F${i}`, 'C1', T0 + i);
  await trashed('FRARE', 'C1', T0 - 1, 'zebra.pdf');
  for (const [i, channelId] of CHANNELS.entries()) await trashed(`FM${i}`, channelId, T0 + i);
});
afterAll(async () => {
  await catalog.close();
  remove();
});

const namesInOneGo = async (work: () => Promise<unknown>) => {
  most = 0;
  await work();
  return most;
};

it('many files of one channel are not looked at in one go', async () => {
  const viewer = { teamId: TEAM, channelIds: ['C1'] };
  for (const where of [undefined, 'name'] as const) {
    const filter = { text: 'nowhere', ...(where && { where }) };
    const o = { viewer, filter, limit: 10, contents: true, said: true };
    for (const look of [lastTrashed, trashedLike]) {
      const inOneGo = await namesInOneGo(() => look(catalog, o));
      expect(inOneGo).toBeGreaterThan(50);
      expect(inOneGo).toBeLessThan(150);
    }
  }
});

it('nor are those of many channels', async () => {
  const viewer = { teamId: TEAM, channelIds: CHANNELS };
  let ids: string[] = [];
  const inOneGo = await namesInOneGo(async () => {
    const o = { viewer, filter: { text: 'qx' }, limit: 3, budget: new Budget() };
    ids = (await findTrashed(catalog, o)).map(({ fileId }) => fileId);
  });
  expect(ids).toEqual(['FM44', 'FM43', 'FM42']);
  expect(inOneGo).toBe(20);
});

it('of very many, only those are looked at that the index knows, if these are few', async () => {
  const columns = database.prepare(`select name from pragma_table_info('file') where name <> 'id'`).all();
  const into = columns.map(({ name }) => String(name));
  const from = into.map((name) => (name === 'file_id' ? `'FX' || n.value` : name));
  database.exec(`insert into file (${into.join(', ')}) select ${from.join(', ')}
    from file, (select value from json_each('[${Array.from({ length: 1_000 }, (_, i) => i).join()}]')) n
    where file_id = 'F0'`);
  const viewer = { teamId: TEAM, channelIds: ['C1'] };
  for (const text of ['zebra', 'frare']) {
    let ids: string[] = [];
    const inOneGo = await namesInOneGo(async () => {
      const o = { viewer, filter: { text }, limit: 9, contents: true, said: true };
      ids = (await trashedLike(catalog, o)).fileIds;
    });
    expect(ids).toEqual(['FRARE']);
    expect(inOneGo).toBeLessThan(5);
  }
});
