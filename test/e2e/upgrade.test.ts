import { mkdirSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { openCatalogToRead } from '../../src/catalog/db/open.ts';
import { makeOldCatalog, OLD } from '../catalog/migrations/old-catalog.ts';
import { noPostgres, type PostgresServer, startPostgres } from '../helpers/postgres.ts';
import { startVault, type TestVault, until } from '../helpers/vault.ts';

let vault: TestVault | undefined;
let server: PostgresServer | undefined;
afterEach(async () => {
  await vault?.close();
  await server?.close();
});

const places = ['SQLite', ...(noPostgres() ? [] : ['PostgreSQL'])];

it.each(places)('a bot starts on a catalog of version 0.2.0 on %s, and goes on with it', async (place) => {
  server = place === 'PostgreSQL' ? await startPostgres() : undefined;
  const databaseUrl = await server?.createDatabase();
  vault = await startVault(databaseUrl === undefined ? {} : { env: { DATABASE_URL: databaseUrl } });
  const { slack, dataDir } = vault;
  mkdirSync(dataDir);
  const at = { dataDir, ...(databaseUrl === undefined ? {} : { databaseUrl }) };
  await makeOldCatalog(databaseUrl === undefined ? { dataDir } : { databaseUrl }, slack.workspace.teamId);
  const bot = await vault.startBot({ VAULT_VERIFY_HOURS: '0' });
  const step = { from: OLD, msg: expect.stringContaining('changing the tables') };
  expect(bot.log).toContainEqual(expect.objectContaining(step));
  await slack.as('anna').share('general', { name: 'new.txt', content: 'new' });
  const catalog = await openCatalogToRead(at);
  try {
    const files = () =>
      catalog.db.selectFrom('file').select(['fileId', 'name', 'state']).orderBy('id').execute();
    await until('the new file', async () =>
      (await files()).some(({ name, state }) => name === 'new.txt' && state === 'stored'),
    );
    const old = (await files()).filter(({ fileId }) => /^F\d{1,2}$/.test(fileId));
    expect(old.map(({ state }) => state)).toEqual([
      ...['stored', 'stored', 'stored', 'stored', 'skipped', 'stored', 'trashed', 'stored', 'skipped'],
      ...['stored', 'purged', 'failed'],
    ]);
  } finally {
    await catalog.close();
  }
  expect(await bot.stop()).toBe(0);
});
