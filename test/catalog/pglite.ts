/** PGlite for tests. Setting a server up costs seconds of processor time, so it is done once and kept. */
import { readFileSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { PGliteDialect } from 'kysely';
import { setUpPostgres } from '../../src/catalog/dialect.ts';
import { type Catalog, openCatalogOver } from '../../src/catalog/open.ts';

const root = resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(
  readFileSync(join(root, 'node_modules/@electric-sql/pglite/package.json'), 'utf8'),
);
const extensions = { pg_trgm };
/** The folder of a server that was just set up, for all test files and for the next run. */
const image = join(tmpdir(), `ria-vault-pglite-${version}.tar`);
interface Server {
  pglite: PGlite;
  /** What its tables looked like before the first test. */
  shape: string;
  /** Makes every table as the migrations left it. */
  empty: string;
}
/** Servers that no test uses at the moment. */
const idle: Server[] = [];

/** An empty catalog in a server that nobody else uses meanwhile. */
export async function freshPglite(): Promise<Catalog> {
  const server = idle.pop();
  const pglite = server?.pglite ?? (await startPglite());
  const catalog = await openOver(pglite);
  const { shape, empty } = server ?? (await look(pglite));
  return {
    ...catalog,
    close: async () => {
      await catalog.close();
      await pglite.exec('discard all');
      // Of a test that changed the tables themselves, nothing is used again.
      if ((await shapeOf(pglite)) !== shape) return pglite.close();
      await pglite.exec(empty);
      idle.push({ pglite, shape, empty });
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

/** Takes down what the migrations have made, with the few rows that they put in. */
async function look(pglite: PGlite): Promise<Omit<Server, 'pglite'>> {
  const { rows } = await pglite.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename not like 'kysely%'`,
  );
  const tables = rows.map(({ name }) => name);
  await pglite.exec(
    `create schema fresh; ${tables.map((name) => `create table fresh.${name} as table public.${name}`).join(';')}`,
  );
  const refill = tables.map(
    (name) => `insert into public.${name} overriding system value select * from fresh.${name}`,
  );
  return {
    shape: await shapeOf(pglite),
    empty: [`truncate ${tables.join()} restart identity`, ...refill].join(';'),
  };
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

async function startPglite(): Promise<PGlite> {
  const known = await readFile(image).catch(() => undefined);
  if (known !== undefined) return PGlite.create({ extensions, loadDataDir: new Blob([known]) });
  const pglite = await PGlite.create({ extensions });
  const folder = await pglite.dumpDataDir('none');
  // Complete or not at all: several test files may do this at once.
  const own = `${image}.${process.pid}`;
  await writeFile(own, new Uint8Array(await folder.arrayBuffer()));
  await rename(own, image);
  return pglite;
}
