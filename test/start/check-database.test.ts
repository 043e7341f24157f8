// @slow: asks a database 1,500 times.
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { checkDatabase } from '../../src/start/check-database.ts';
import { databases, openNewCatalog } from '../catalog/databases.ts';

const look = (catalog: Catalog, more: { dataDir?: string; refused?: string; owner?: string } = {}) =>
  checkDatabase({
    ...{ catalog, owner: more.owner ?? 'a bot', dataDir: more.dataDir ?? tmpdir() },
    refused: () => more.refused,
  });

describe.each(databases)('on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await fresh();
  });
  afterEach(() => catalog.close());

  it('writes one row, the same each time, of which the journal hears nothing', async () => {
    for (let i = 0; i < 50; i++) expect(await look(catalog)).toBe(catalog.kind);
    const count = async (table: string) =>
      (await sql.raw<{ n: number }>(`select count(*) as n from ${table}`).execute(catalog.db)).rows[0]?.n;
    expect(await count('bot')).toBe(1);
    expect(await count('journal_dirty')).toBe(0);
  });

  it('the last delivery that was refused counts, although a row can be written', async () => {
    await expect(look(catalog, { refused: '53100' })).rejects.toMatchObject({ code: '53100' });
    expect(await look(catalog)).toBe(catalog.kind);
  });

  it('several bots ask at the same time', async () => {
    const owners = Array.from({ length: 20 }, (_, i) => `bot ${i}`);
    expect(new Set(await Promise.all(owners.map((owner) => look(catalog, { owner }))))).toEqual(
      new Set([catalog.kind]),
    );
  });

  it('a database that refuses to write is down', async () => {
    if (catalog.kind === 'postgres') {
      const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(catalog.db);
      const id = sql.id(rows[0]?.name ?? '');
      // For new connections; those that are open are ended, as a fail-over does.
      await sql`alter database ${id} set default_transaction_read_only = on`.execute(catalog.db);
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
        catalog.db,
      );
      await sql`set default_transaction_read_only = on`.execute(catalog.db);
      await expect(look(catalog)).rejects.toMatchObject({
        code: 'catalog_read_only',
      });
    } else {
      await sql`pragma query_only = on`.execute(catalog.db);
      await expect(look(catalog)).rejects.toMatchObject({ code: 'catalog_read_only' });
      await sql`pragma query_only = off`.execute(catalog.db);
      expect(await look(catalog)).toBe('sqlite');
    }
  });
});

describe('the folder of SQLite', () => {
  let dir: string;
  let dataDir: string;
  let catalog: Catalog;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'ria-vault-place-'));
    dataDir = join(dir, 'data');
    catalog = await openNewCatalog(dataDir);
  });
  afterEach(async () => {
    await catalog.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const pages = async () =>
    (await sql<{ pageCount: number }>`pragma page_count`.execute(catalog.db)).rows[0]?.pageCount;

  it('is well as it is', async () => {
    expect(await look(catalog, { dataDir })).toBe('sqlite');
  });

  it.each<[string, () => void | Promise<void>]>([
    ['removed', () => rmSync(dataDir, { recursive: true })],
    ['moved away', () => renameSync(dataDir, join(dir, 'elsewhere'))],
    ['emptied', () => rmSync(join(dataDir, 'vault.db'))],
    ['without its log', () => rmSync(join(dataDir, 'vault.db-wal'))],
    [
      'replaced by another catalog',
      async () => {
        renameSync(dataDir, join(dir, 'elsewhere'));
        mkdirSync(dataDir);
        await (await openNewCatalog(dataDir)).close();
      },
    ],
  ])('is down when it was %s while the bot runs', async (_, harm) => {
    await harm();
    await expect(look(catalog, { dataDir })).rejects.toMatchObject({ code: 'catalog_gone' });
  });

  it('its log does not grow by being asked', async () => {
    for (let i = 0; i < 10; i++) await look(catalog, { dataDir });
    const before = await pages();
    for (let i = 0; i < 1_500; i++) await look(catalog, { dataDir });
    // SQLite starts its log anew every 1,000 pages (sqlite.org/wal.html, "Automatic Checkpoint").
    expect(statSync(join(dataDir, 'vault.db-wal')).size).toBeLessThan(1_100 * 4_200);
    expect(await pages()).toBe(before);
  });

  it('a disk that is full is down, and well again when there is room', async () => {
    await sql.raw(`pragma max_page_count = ${await pages()}`).execute(catalog.db);
    const fill = () =>
      sql`insert into seen_request (digest, at) values (${'x'.repeat(500) + Math.random()}, 1)`.execute(
        catalog.db,
      );
    let code: unknown;
    for (let i = 0; i < 500 && code === undefined; i++)
      await fill().catch(({ errcode }) => {
        code = errcode;
      });
    expect(code).toBe(13);
    await expect(look(catalog, { dataDir, refused: 'ERR_SQLITE_ERROR' })).rejects.toMatchObject({
      code: 'ERR_SQLITE_ERROR',
    });
    await sql.raw('pragma max_page_count = 1000000').execute(catalog.db);
    await fill();
    expect(await look(catalog, { dataDir })).toBe('sqlite');
  });

  it('somebody else’s lock is named after two seconds, and holds up nothing else meanwhile', async () => {
    const other = new DatabaseSync(join(dataDir, 'vault.db'));
    other.exec('begin immediate');
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 20);
    await expect(look(catalog, { dataDir })).rejects.toMatchObject({ code: 'catalog_locked' });
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(20);
    other.exec('rollback');
    other.close();
    expect(await look(catalog, { dataDir })).toBe('sqlite');
  });
});
