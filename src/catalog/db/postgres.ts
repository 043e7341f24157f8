import {
  type DatabaseConnection,
  type Dialect,
  PostgresAdapter,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
} from 'kysely';
import pg from 'pg';
import { setUpPostgres } from './dialect.ts';
import { CatalogError } from './errors.ts';
import { describePostgresError } from './open-errors.ts';
import { limitTimes } from './time-limits.ts';
import { APPLICATION, createBlockers } from './who-holds.ts';

/** Connections per process. Work is short; the server's own limit (100 by default) is shared by all. */
const CONNECTIONS = 8;
const CONNECT_MS = 10_000;

/**
 * Connections to the PostgreSQL at this address, and what is to be said of their errors. `unhurried` lets each statement
 * take as long as it takes. Throws {@link CatalogError} when it is no address.
 */
export function postgresPool(
  databaseUrl: string,
  { unhurried = false }: { unhurried?: boolean } = {},
): { dialect: Dialect; describe: (error: unknown) => unknown } {
  const url = parseUrl(databaseUrl);
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: APPLICATION,
    types: { getTypeParser: postgresParser },
  });
  // An idle connection that breaks is replaced at the next query, which reports if that fails too.
  pool.on('error', () => {});
  // One that breaks in the middle of a transaction, between two statements, says so to itself alone; unheard, that
  // would end the process. The next statement reports it.
  pool.on('connect', (client) => client.on('error', () => {}));
  const blockers = createBlockers(databaseUrl);
  const onCreateConnection = async (connection: DatabaseConnection) => {
    await setUpPostgres(connection);
    await limitTimes(connection, { unhurried, blockers });
  };
  const describe: Describe = (error) => describePostgresError(error, url);
  return { dialect: new VaultDialect({ pool, onCreateConnection }, describe), describe };
}

type Describe = (error: unknown) => unknown;

/** PostgreSQL as the vault uses it; `describe` makes a sentence of it when there is no connection to be had. */
class VaultDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;
  readonly #describe: Describe;

  constructor(config: PostgresDialectConfig, describe: Describe) {
    super(config);
    this.#config = config;
    this.#describe = describe;
  }

  override createAdapter(): PostgresAdapter {
    return new OwnLockAdapter();
  }

  override createDriver(): PostgresDriver {
    return new TellingDriver(this.#config, this.#describe);
  }
}

class TellingDriver extends PostgresDriver {
  readonly #describe: Describe;

  constructor(config: PostgresDialectConfig, describe: Describe) {
    super(config);
    this.#describe = describe;
  }

  override async acquireConnection(
    ...args: Parameters<PostgresDriver['acquireConnection']>
  ): Promise<DatabaseConnection> {
    try {
      return await super.acquireConnection(...args);
    } catch (error) {
      throw this.#describe(error);
    }
  }
}

/** Kysely's own lock for migrations waits for an hour, whatever the connection says; the vault has one of its own. */
class OwnLockAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

function parseUrl(databaseUrl: string): URL {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined;
  if (url && /^postgres(ql)?:$/.test(url.protocol)) return url;
  throw new CatalogError(
    'catalog_bad_url',
    'DATABASE_URL is not a PostgreSQL address. Write it as postgres://user:password@host:5432/database, with special characters percent-encoded, or unset it to use SQLite.',
  );
}

/** PostgreSQL's type number of `bigint`, which `pg` gives as text; all of ours are safe integers. */
const INT8 = 20;

function postgresParser(oid: number, format?: 'text' | 'binary') {
  if (oid === INT8 && format !== 'binary') return Number;
  return pg.types.getTypeParser(oid, format as 'text');
}
