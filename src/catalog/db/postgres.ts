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

/** Connections per process. Work is short; all share the server's own limit (100 by default). */
const CONNECTIONS = 8;
const CONNECT_MS = 10_000;

/**
 * Connections to the PostgreSQL at this address, and how to describe their errors. `unhurried` lets each statement
 * take as long as it takes. Throws {@link CatalogError} when the address is not one.
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
  // A broken idle connection is replaced at the next query, which reports if that fails too.
  pool.on('error', () => {});
  // A connection that breaks between two statements of a transaction only emits an event; without a listener, that
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

/** PostgreSQL as the vault uses it; `describe` makes a sentence of the error when no connection can be made. */
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

/** Kysely's own lock for migrations waits for an hour, whatever the connection's limits; the vault has its own lock. */
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

/** PostgreSQL's type number of `bigint`. `pg` gives it as text; all of ours are safe integers. */
const INT8 = 20;

function postgresParser(oid: number, format?: 'text' | 'binary') {
  if (oid === INT8 && format !== 'binary') return Number;
  return pg.types.getTypeParser(oid, format as 'text');
}
