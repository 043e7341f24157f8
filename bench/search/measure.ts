import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalog, openCatalog } from '../../src/catalog/db/open.ts';
import type { PostgresServer } from '../../test/helpers/postgres.ts';
import { type Timing, timeAll } from '../answers/measure.ts';
import { makeWorld } from '../answers/world.ts';
import { loadedCatalog } from '../catalog-file.ts';
import { loadPostgres } from '../load-postgres.ts';
import { fileAt, indexOf, stepOf } from '../sample.ts';
import { searchesOf } from './asks.ts';
import { fillPostgres } from './fill-postgres.ts';
import { type Filled, fillSqlite } from './fill-sqlite.ts';
import { documentOf } from './rows.ts';

/** All searches over one database of so many documents. */
export interface Searched extends Filled {
  database: 'SQLite' | 'PostgreSQL';
  files: number;
  /** So many of them have texts. */
  documents: number;
  timings: Timing[];
}

type Options = { runs?: number; say?: (line: string) => void };

/** Fills a SQLite catalog with so many files and documents, and times every search over it. */
export async function searchSqlite(files: number, o: Options = {}): Promise<Searched> {
  const { say = () => {} } = o;
  const dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-bench-search-'));
  try {
    cpSync(await loadedCatalog(files, stepOf(files), say), dataDir, { recursive: true });
    const filled = fillSqlite(dataDir, files, stepOf(files), say);
    const timings = await timed(await openCatalog({ dataDir }), files, o);
    return { database: 'SQLite', files, documents: files, ...filled, timings };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The same over a new database of this server, which is dropped afterwards. With `every`, only every so many files have texts. */
export async function searchPostgres(
  server: PostgresServer,
  files: number,
  o: Options & { every?: number } = {},
): Promise<Searched> {
  const { say = () => {}, every = 1 } = o;
  const databaseUrl = await server.createDatabase();
  try {
    await loadPostgres(databaseUrl, files, stepOf(files), say);
    const filled = await fillPostgres(databaseUrl, files, stepOf(files), say, every);
    const timings = await timed(await openCatalog({ databaseUrl, dataDir: '' }), files, o);
    return { database: 'PostgreSQL', files, documents: Math.floor(files / every), ...filled, timings };
  } finally {
    await server.query(`drop database ${new URL(databaseUrl).pathname.slice(1)}`);
  }
}

async function timed(catalog: Catalog, files: number, o: Options): Promise<Timing[]> {
  const world = await makeWorld(catalog, fileAt(files, stepOf(files)).at, {
    ...{ text: 'all', document: (fileId) => documentOf(indexOf(fileId)) },
  });
  try {
    return await timeAll(world, searchesOf(world), o);
  } finally {
    world.close();
    await catalog.close();
  }
}
