import type { Compilable, CompiledQuery, RawBuilder } from 'kysely';
import type { Scope } from './schema.ts';

/**
 * A statement that is run for every file. Kysely builds and compiles a query each time that it runs, which takes
 * longer than SQLite takes to execute a small one. Such a one is built once, with places for the values; afterwards
 * only the values are put into their places. It answers its rows.
 */
export type Prepared<V, R> = (scope: Scope, values: V) => Promise<R[]>;

/** Where a value goes; Kysely takes it for the value itself. */
class Place {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Prepares the statement that `build` makes, anew for each kind of database and each set of names among the values.
 * A name without a value is none, as everywhere in Kysely: such a column keeps what it has. `build` does not get the
 * values themselves, but something in their place. It may pass that on to Kysely; it cannot read it or compute with it.
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
    return (await scope.db.executeQuery<R>({ ...query, parameters })).rows;
  };
}
