import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { openCatalog } from '../../src/catalog/db/open.ts';
import { type PostgresServer, startPostgres } from '../../test/helpers/postgres.ts';
import { loadedCatalog } from '../catalog-file.ts';
import { loadPostgres } from '../load-postgres.ts';
import { stepOf } from '../sample.ts';
import { measureAnswers, type Timing } from './measure.ts';

/** All answers over one database of one size. */
export interface Measured {
  database: 'SQLite' | 'PostgreSQL';
  files: number;
  /** Almost zero if another part of the run has already loaded it. */
  loadSeconds: number;
  mebibytes: number;
  timings: Timing[];
}

type Options = { runs?: number; say?: (line: string) => void };

/** Loads a SQLite catalog of so many files, and times every answer over a copy of it, which is removed afterwards. */
export async function measureSqlite(files: number, o: Options = {}): Promise<Measured> {
  const { say = () => {} } = o;
  const began = performance.now();
  const loaded = await loadedCatalog(files, stepOf(files), say);
  const loadSeconds = (performance.now() - began) / 1_000;
  const dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-bench-answers-'));
  try {
    cpSync(loaded, dataDir, { recursive: true });
    const mebibytes = statSync(join(dataDir, 'vault.db')).size / 2 ** 20;
    tell(say, 'SQLite', files, loadSeconds, mebibytes);
    const catalog = await openCatalog({ dataDir });
    try {
      const timings = await measureAnswers(catalog, files, o);
      return { database: 'SQLite', files, loadSeconds, mebibytes, timings };
    } finally {
      await catalog.close();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The same over a new database of this server, which is dropped afterwards. */
export async function measurePostgres(
  server: PostgresServer,
  files: number,
  o: Options = {},
): Promise<Measured> {
  const { say = () => {} } = o;
  const databaseUrl = await server.createDatabase();
  try {
    const began = performance.now();
    await loadPostgres(databaseUrl, files, stepOf(files), say);
    const loadSeconds = (performance.now() - began) / 1_000;
    const catalog = await openCatalog({ databaseUrl, dataDir: '' });
    try {
      const { rows } = await sql<{ bytes: number }>`
        select pg_database_size(current_database()) as bytes`.execute(catalog.db);
      const mebibytes = (rows[0]?.bytes ?? 0) / 2 ** 20;
      tell(say, 'PostgreSQL', files, loadSeconds, mebibytes);
      const timings = await measureAnswers(catalog, files, o);
      return { database: 'PostgreSQL', files, loadSeconds, mebibytes, timings };
    } finally {
      await catalog.close();
    }
  } finally {
    await server.query(`drop database ${new URL(databaseUrl).pathname.slice(1)}`);
  }
}

function tell(
  say: (line: string) => void,
  database: string,
  files: number,
  seconds: number,
  mebibytes: number,
): void {
  const size = `${files.toLocaleString('en-US')} files`;
  say(`${database}: ${size} loaded in ${seconds.toFixed(0)} s, ${mebibytes.toFixed(0)} MiB`);
}

/**
 * Changed settings of a server that has the machine for itself: a quarter of its memory, as the manual
 * advises, and no log to replicate from, so that a load does not write everything twice.
 */
function settings(): string[] {
  const quarter = Math.floor(totalmem() / 4 / 2 ** 20);
  return [
    ...[`shared_buffers = '${quarter}MB'`, `effective_cache_size = '${2 * quarter}MB'`],
    ...[`max_wal_size = '8GB'`, 'random_page_cost = 1.1', `wal_level = 'minimal'`, 'max_wal_senders = 0'],
  ];
}

/** Starts a PostgreSQL server without protection from power cuts. It ends with `close`, or with this process. */
export async function startServer(): Promise<PostgresServer> {
  const server = await startPostgres();
  const end = () => void server.close().finally(() => process.exit(1));
  const ends = ['SIGINT', 'SIGTERM', 'disconnect'] as const;
  for (const event of ends) process.once(event, end);
  const close = async () => {
    for (const event of ends) process.off(event, end);
    await server.close();
  };
  try {
    for (const setting of settings()) await server.query(`alter system set ${setting}`);
    await server.stop('fast');
    await server.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { ...server, close };
}
