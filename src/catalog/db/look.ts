import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { NO_HOST, parsePostgresUrl } from '../../postgres-url.ts';
import type { ScanMode } from '../scan/model.ts';
import { knowsSchema, SCHEMA } from './migrate.ts';
import { describeSqliteError } from './open-errors.ts';
import { postgresAddress } from './postgres-address.ts';
import { describePostgresError } from './postgres-errors.ts';
import { APPLICATION } from './who-holds.ts';

/** What can be known of a catalog's database without changing anything in it. */
export interface DatabaseFacts {
  kind: 'sqlite' | 'postgres';
  /** As the database says it; null for a SQLite catalog that is not there yet. */
  version: string | null;
  /** The schema of its tables against this version's; `none`: there are no tables yet. */
  schema: 'none' | 'same' | 'older' | 'newer';
  /** The workspace that it is about, and when the newest file that it knows was shared (ms). */
  teamId?: string;
  lastShareAt?: number;
  /** What the bots that run now do about malware, each way once. */
  scanModes?: ScanMode[];
  /** Only for PostgreSQL. */
  server?: ServerFacts;
}

export interface ServerFacts {
  /** 130000 for version 13. */
  number: number;
  isReadOnly: boolean;
  /** May create tables, and owns those that are there. */
  mayCreate: boolean;
  ownsTables: boolean;
  /** The extension pg_trgm. */
  search: 'there' | 'creatable' | 'for the superuser' | 'unavailable';
  tls: 'verified' | 'unverified' | 'off';
  /** Over a Unix socket, or on this machine. */
  isLocal: boolean;
  pooler: 'none' | 'transaction' | 'statement';
}

const PATIENCE_MS = 8_000;

/** Asks for all of it. Beside a running bot, without its lock. Throws {@link CatalogError}. */
export async function lookAtDatabase(o: { databaseUrl?: string; dataDir: string }): Promise<DatabaseFacts> {
  return o.databaseUrl === undefined ? lookAtSqlite(o.dataDir) : lookAtPostgres(o.databaseUrl);
}

type Ask = (text: string) => Promise<Array<Record<string, unknown>>>;

async function lookAtSqlite(dataDir: string): Promise<DatabaseFacts> {
  const path = join(dataDir, 'vault.db');
  if (!existsSync(path)) return { kind: 'sqlite', version: null, schema: 'none' };
  let database: DatabaseSync | undefined;
  try {
    // Without a log nobody has it open. Then nothing is made beside it, which would belong to whoever runs this.
    const url = pathToFileURL(path);
    if (!existsSync(`${path}-wal`)) url.search = 'immutable=1';
    database = new DatabaseSync(url, { readOnly: true, timeout: 2_000 });
    const opened = database;
    const ask: Ask = async (text) => opened.prepare(text).all();
    const [row] = await ask('select sqlite_version() as version');
    const tables = await ask("select name from sqlite_master where type = 'table'");
    const about = await contentOf(ask, new Set(tables.map(({ name }) => String(name))));
    return { kind: 'sqlite', version: String(row?.version), ...about };
  } catch (error) {
    throw describeSqliteError(error, dataDir);
  } finally {
    database?.close();
  }
}

async function contentOf(
  ask: Ask,
  tables: ReadonlySet<string>,
): Promise<Pick<DatabaseFacts, 'schema' | 'teamId' | 'lastShareAt'>> {
  const first = async (table: string, text: string) => (tables.has(table) ? (await ask(text))[0] : undefined);
  const migration = await first('kysely_migration', 'select max(name) as name from kysely_migration');
  const workspace = await first('workspace', 'select team_id from workspace limit 1');
  // A backfill writes down old files last.
  const share = await first(
    'share',
    'select max(shared_at) as shared_at from (select shared_at from share order by id desc limit 1000) as newest',
  );
  return {
    schema: schemaIs(migration?.name),
    ...(workspace === undefined ? {} : { teamId: String(workspace.team_id) }),
    ...(share === undefined || share.shared_at === null ? {} : { lastShareAt: Number(share.shared_at) }),
  };
}

function schemaIs(name: unknown): DatabaseFacts['schema'] {
  if (typeof name !== 'string') return 'none';
  if (name === SCHEMA) return 'same';
  return knowsSchema(name) ? 'older' : 'newer';
}

/** One question for what concerns the server and the role. */
const ABOUT = `
  select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
    pg_is_in_recovery() or current_setting('transaction_read_only')::bool as is_read_only, pg_backend_pid() as pid,
    coalesce(has_schema_privilege(current_schema(), 'create'), false) as may_create,
    not exists (select 1 from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace
      and relname in ('file', 'share', 'kysely_migration') and not pg_has_role(relowner, 'usage')) as owns_tables,
    exists (select 1 from pg_extension where extname = 'pg_trgm') as has_trgm,
    exists (select 1 from pg_available_extensions where name = 'pg_trgm') as knows_trgm,
    has_database_privilege(current_database(), 'create') as may_extend`;

/** As `scanModes` in alerts/bots.ts. */
const SCAN_MODES = `select distinct scan_mode as mode from bot where scan_mode is not null
  and seen_at >= extract(epoch from clock_timestamp()) * 1000 - 10000 order by 1`;

async function lookAtPostgres(databaseUrl: string): Promise<DatabaseFacts> {
  const address = postgresAddress(databaseUrl);
  const client = new pg.Client({
    ...{ connectionString: address.connectionString, connectionTimeoutMillis: PATIENCE_MS },
    ...{ application_name: APPLICATION, query_timeout: PATIENCE_MS },
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const ask: Ask = async (text) => (await client.query(text)).rows;
    const [about = {}] = await ask(ABOUT);
    const { processID } = client as pg.Client & { processID?: number | null };
    const isDirect = about.pid === processID;
    const tables = await ask(
      "select relname as name from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace",
    );
    const content = await contentOf(ask, new Set(tables.map(({ name }) => String(name))));
    const modes = content.schema === 'same' ? await ask(SCAN_MODES) : [];
    return {
      ...{ kind: 'postgres', version: String(about.version), ...content },
      scanModes: modes.map(({ mode }) => String(mode) as ScanMode),
      server: {
        ...{ number: Number(about.number), isReadOnly: about.is_read_only === true },
        ...{ mayCreate: about.may_create === true, ownsTables: about.owns_tables === true },
        ...{ search: searchOf(about), ...wayOf(databaseUrl, isEncrypted(client)) },
        pooler: isDirect ? 'none' : await poolerOf(ask),
      },
    };
  } catch (error) {
    throw describePostgresError(error, address);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Whether our own way has TLS: behind a pooler, the server knows only of the pooler's. */
function isEncrypted(client: pg.Client): boolean {
  const { connection } = client as pg.Client & { connection?: { stream?: { encrypted?: boolean } } };
  return connection?.stream?.encrypted === true;
}

/** Since version 13 a role that may create in its database may create this extension itself (it is "trusted"). */
function searchOf(about: Record<string, unknown>): ServerFacts['search'] {
  if (about.has_trgm === true) return 'there';
  if (about.knows_trgm !== true) return 'unavailable';
  return about.may_extend === true ? 'creatable' : 'for the superuser';
}

function wayOf(databaseUrl: string, isTls: boolean): Pick<ServerFacts, 'tls' | 'isLocal'> {
  const url = parsePostgresUrl(databaseUrl);
  const host = url?.searchParams.get('host') ?? decodeURIComponent(url?.hostname ?? '');
  const isLocal = host === '' || host === NO_HOST || /^(\/|localhost$|127\.|\[?::1\]?$)/.test(host);
  if (!isTls) return { tls: 'off', isLocal };
  return { tls: url?.searchParams.get('sslmode') === 'no-verify' ? 'unverified' : 'verified', isLocal };
}

/** With `pool_mode = statement`, a pooler lets no transaction begin. */
async function poolerOf(ask: Ask): Promise<ServerFacts['pooler']> {
  try {
    await ask('begin');
    await ask('rollback');
    return 'transaction';
  } catch {
    return 'statement';
  }
}
