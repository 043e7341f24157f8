import {
  type DatabaseConnection,
  type Dialect,
  PostgresAdapter,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
} from 'kysely';
import pg from 'pg';
import { PLANNING } from './dialect.ts';
import { postgresAddress } from './postgres-address.ts';
import { describePostgresError, isConnectionFailure } from './postgres-errors.ts';
import { asSchemaChange, createSchemaGuard, type SchemaGuard } from './schema-guard.ts';
import { frameTransactions, greet, type Route } from './session.ts';
import { limits, nameLimits } from './time-limits.ts';
import { APPLICATION, createBlockers } from './who-holds.ts';

/** Connections per process. Work is short; all share the server's own limit (100 by default). */
const CONNECTIONS = 8;
const CONNECT_MS = 10_000;

/**
 * Connections to the PostgreSQL at this address, and how to describe their errors. `unhurried` lets each statement
 * take as long as it takes; `guard` is asked before each transaction is kept. Throws {@link CatalogError} when the
 * address is not one.
 */
export function postgresPool(
  databaseUrl: string,
  { unhurried = false, guard = createSchemaGuard() }: { unhurried?: boolean; guard?: SchemaGuard } = {},
): { dialect: Dialect; describe: (error: unknown) => unknown } {
  const address = postgresAddress(databaseUrl);
  const settings = { ...PLANNING, ...limits({ unhurried }) };
  const route: Route = { hasPooler: false };
  const pool = new pg.Pool({
    connectionString: address.connectionString,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: APPLICATION,
    types: { getTypeParser: postgresParser },
    onConnect: (client) => greet(client, settings, route),
  });
  // A broken idle connection is replaced at the next query, which reports if that fails too.
  pool.on('error', () => {});
  // A connection that breaks between two statements of a transaction only emits an event; without a listener, that
  // would end the process. The next statement reports it.
  pool.on('connect', (client) => client.on('error', () => {}));
  const blockers = createBlockers(address.connectionString);
  const describe: Describe = (error) => describePostgresError(error, address);
  const describeRun: Describe = (error) =>
    isConnectionFailure(error) ? describe(error) : asSchemaChange(error);
  const onCreateConnection = async (connection: DatabaseConnection) => {
    frameTransactions(connection, { settings, route, lastCheck: guard.lastCheck });
    nameLimits(connection, { blockers, describe: describeRun });
  };
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

/** PostgreSQL's type number of `bigint`. `pg` gives it as text; all of ours are safe integers. */
const INT8 = 20;

function postgresParser(oid: number, format?: 'text' | 'binary') {
  if (oid === INT8 && format !== 'binary') return Number;
  return pg.types.getTypeParser(oid, format as 'text');
}
