import type { Compilable, CompiledQuery, DatabaseConnection, RawBuilder } from 'kysely';
import type { Scope } from './schema.ts';

/**
 * A statement that runs for every file. Kysely builds and compiles a query at each run, which takes longer than
 * SQLite takes to execute a small one. A prepared statement is built once, with places for the values; afterwards
 * only the values are put into their places. It returns its rows.
 */
export type Prepared<V, R> = (scope: Scope, values: V) => Promise<R[]>;

/** Where a value goes; Kysely treats it as the value itself. */
class Place {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Prepares the statement that `build` makes, once for each kind of database and each set of names among the values. A
 * name without a value does not count, as everywhere in Kysely: such a column keeps its value. The values given to
 * `build` are only placeholders: it may pass them to Kysely, but must not read them or compute with them.
 */
export function prepared<V extends object, R>(
  build: (scope: Scope, values: V) => Compilable<R> | RawBuilder<R>,
): Prepared<V, R> {
  const known = new Map<string, CompiledQuery<R>>();

  function make(scope: Scope, names: readonly string[]): CompiledQuery<R> {
    const places = Object.fromEntries(names.map((name) => [name, new Place(name)])) as V;
    return (build(scope, places) as RawBuilder<R>).compile(scope.db);
  }

  return async (scope, values) => {
    const names = Object.keys(values).filter((name) => values[name as keyof V] !== undefined);
    const shape = `${scope.kind} ${names.join(' ')}`;
    let query = known.get(shape);
    if (!query) {
      query = make(scope, names);
      known.set(shape, query);
    }
    const parameters = query.parameters.map((one) =>
      one instanceof Place ? values[one.name as keyof V] : one,
    );
    const connection = scope.kind === 'sqlite' ? await connectionOf(scope) : null;
    if (connection === null) return (await scope.db.executeQuery<R>({ ...query, parameters })).rows;
    const { rows } = await connection.executeQuery<object>({ ...query, parameters });
    return rows.map(inCamelCase) as R[];
  };
}

/** The connections of transactions: each has one until it ends. */
const CONNECTIONS = new WeakMap<Scope['db'], DatabaseConnection>();

/**
 * The connection of a transaction; null outside of one. Kysely's own way there goes through ten promises for each statement, which takes as long as
 * SQLite does for a small one; so it is gone once in a transaction.
 */
async function connectionOf({ db }: Scope): Promise<DatabaseConnection | null> {
  if (!db.isTransaction) return null;
  const known = CONNECTIONS.get(db);
  if (known !== undefined) return known;
  const connection = await db.getExecutor().provideConnection(async (one) => one);
  CONNECTIONS.set(db, connection);
  return connection;
}

const NAMES = new Map<string, string>();

/** The row as Kysely's plugin gives it (CamelCasePlugin). The names are those of the catalog's columns, so there are few. */
function inCamelCase(row: object): object {
  const named: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row)) {
    let name = NAMES.get(column);
    if (name === undefined) {
      name = column.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
      NAMES.set(column, name);
    }
    named[name] = value;
  }
  return named;
}
