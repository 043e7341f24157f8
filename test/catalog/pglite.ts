/**
 * PGlite for tests. Starting and migrating a server costs seconds of processor time. So a migrated one is kept as a
 * file for all runs, a process starts as few servers as it needs at once, and each is emptied between tests.
 */
import { createHash, randomUUID } from 'node:crypto';
import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { PGliteDialect } from 'kysely';
import { setUpPostgres } from '../../src/catalog/db/dialect.ts';
import { type Catalog, openCatalogOver } from '../../src/catalog/db/open.ts';

const root = resolve(import.meta.dirname, '../..');
const extensions = { pg_trgm };
interface Server {
  pglite: PGlite;
  /** What its tables looked like before the first test. */
  shape: string;
}
/** Servers that no test of this process uses at the moment. */
const idle: Server[] = [];

/** An empty catalog in a server that nobody else uses meanwhile. */
export async function freshPglite(): Promise<Catalog> {
  const server = idle.pop() ?? (await startServer());
  const catalog = await openOver(server.pglite);
  return {
    ...catalog,
    close: async () => {
      await catalog.close();
      await server.pglite.exec('discard all');
      // Nothing is used again after a test that changed the tables themselves.
      if ((await shapeOf(server.pglite)) !== server.shape) return server.pglite.close();
      await empty(server.pglite);
      idle.push(server);
    },
  };
}

/** The server outlives the catalog. */
function openOver(pglite: PGlite): Promise<Catalog> {
  const dialect = new PGliteDialect({
    pglite: {
      query: (query, parameters, options) => pglite.query(query, parameters, options),
      transaction: (run) => pglite.transaction((transaction) => run(transaction)),
      ...{ ready: true, waitReady: Promise.resolve(), closed: false },
      close: async () => {},
    },
    onCreateConnection: setUpPostgres,
  });
  return openCatalogOver('postgres', dialect);
}

async function startServer(): Promise<Server> {
  const image = imagePath();
  const known = await readFile(image).catch(() => undefined);
  const pglite = await PGlite.create({ extensions, ...(known && { loadDataDir: new Blob([known]) }) });
  if (known === undefined) {
    await (await openOver(pglite)).close();
    await keepFirstRows(pglite);
    await writeImage(image, await pglite.dumpDataDir('none'));
  }
  await empty(pglite);
  return { pglite, shape: await shapeOf(pglite) };
}

/** The image of this PGlite with these migrations. Its name covers everything that the catalog is made of. */
function imagePath(): string {
  const sources = ['node_modules/@electric-sql/pglite/package.json', 'test/catalog/pglite.ts'];
  const hash = createHash('sha256');
  for (const path of [...sources, ...globSync('src/catalog/**/*.ts', { cwd: root }).sort()])
    hash.update(readFileSync(join(root, path)));
  const folder = join(root, 'node_modules/.cache/ria-vault-tests');
  mkdirSync(folder, { recursive: true });
  return join(folder, `pglite-${hash.digest('hex').slice(0, 16)}.tar`);
}

/** Complete or not at all: several processes may do this at once. Images of older sources go. */
async function writeImage(path: string, content: Blob): Promise<void> {
  const own = `${path}.${process.pid}`;
  await writeFile(own, new Uint8Array(await content.arrayBuffer()));
  await rename(own, path);
  const others = (await readdir(dirname(path))).filter((name) => name.endsWith('.tar'));
  for (const name of others)
    if (name !== basename(path)) await rm(join(dirname(path), name), { force: true });
}

/** Saves the few rows that the migrations make. */
async function keepFirstRows(pglite: PGlite): Promise<void> {
  const copies = (await tables(pglite)).map(
    ({ name }) => `create table fresh.${name} as table public.${name}`,
  );
  await pglite.exec(['create schema fresh', ...copies].join(';'));
}

/** Makes every table as the migrations left it, with a history of its own for the journal. */
async function empty(pglite: PGlite): Promise<void> {
  // A table that nothing was written to has no bytes. Truncating all tables takes ten times as long.
  const names = (await tables(pglite)).filter(({ bytes }) => bytes > 0).map(({ name }) => name);
  const refill = names.map(
    (name) => `insert into public.${name} overriding system value select * from fresh.${name}`,
  );
  const statements = [
    // Without triggers: the journal does not record this.
    ...['begin', 'set local session_replication_role = replica'],
    ...(names.length > 0 ? [`truncate ${names.join()} restart identity`] : []),
    ...[...refill, `update journal set history = '${randomUUID()}'`, 'commit'],
  ];
  await pglite.exec(statements.join(';'));
}

async function tables(pglite: PGlite): Promise<Array<{ name: string; bytes: number }>> {
  const { rows } = await pglite.query<{ name: string; bytes: number }>(
    `select quote_ident(relname) as name, pg_relation_size(oid)::int as bytes from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not like 'kysely%'`,
  );
  return rows;
}

/** Every column, index, constraint and trigger, as one text. */
async function shapeOf(pglite: PGlite): Promise<string> {
  const { rows } = await pglite.query<{ shape: string }>(`
    select string_agg(line, ' ' order by line) as shape from (
      select concat_ws(':', relname, relkind, attname, atttypid, attnotnull) as line
        from pg_class left join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
        where relnamespace = 'public'::regnamespace
      union all select concat_ws(':', conrelid, conname) from pg_constraint where connamespace = 'public'::regnamespace
      union all select concat_ws(':', tgrelid, tgname) from pg_trigger
    ) as lines`);
  return rows[0]?.shape ?? '';
}
