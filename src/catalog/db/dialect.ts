import { type RawBuilder, sql } from 'kysely';
import type { DatabaseKind, Scope } from './schema.ts';
import type { Settings } from './session.ts';

/**
 * All differences between SQLite and PostgreSQL, except how they are opened (open.ts). Insert-or-ignore is not one of
 * them: `on conflict do nothing` is the same in both.
 */

/**
 * How PostgreSQL plans the vault's queries. Every query here has an index to use. But until PostgreSQL has counted a
 * young table, it believes that the table is tiny, and reads all of it for every row of another. And each query ends
 * sooner than it could be compiled or given to parallel workers.
 */
export const PLANNING: Settings = { enable_seqscan: 'off', jit: 'off', max_parallel_workers_per_gather: 0 };

/** The end of a claiming select: rows that another process is claiming are skipped, not waited for. */
export function skipLocked(kind: DatabaseKind): RawBuilder<unknown> {
  return kind === 'postgres' ? sql`for update skip locked` : sql``;
}

/**
 * The limit of a small statement that runs all the time. If a limit is a plain parameter, SQLite uses its value to
 * plan, and so compiles the statement again at each run. That takes ten times as long as finding a row. A large
 * statement may need that plan.
 */
export function limitTo(rows: number): RawBuilder<unknown> {
  return sql`limit cast(${rows} as integer)`;
}

/** A table expression `ids(id)` with the given strings, as one parameter, however many they are. */
export function idTable(kind: DatabaseKind, ids: readonly string[]): RawBuilder<{ id: string }> {
  return jsonTable(kind, JSON.stringify(ids));
}

/** The same for a JSON array of strings, which may be a value of a prepared statement. */
export function jsonTable(kind: DatabaseKind, json: string): RawBuilder<{ id: string }> {
  return kind === 'postgres'
    ? sql`(select value collate "C" as id from jsonb_array_elements_text(${json}::jsonb))`
    : sql`(select value as id from json_each(${json}))`;
}

/**
 * A table expression with the columns `a`, `b`, … from a JSON array of arrays, as one parameter however many rows there are.
 * Numbers are to be cast.
 */
export function rowTable(kind: DatabaseKind, json: string, columns: number): RawBuilder<unknown> {
  const names = [...'abcdefghij'].slice(0, columns);
  const collation = kind === 'postgres' ? ' collate "C"' : '';
  const cells = sql.raw(names.map((name, i) => `(value->>${i})${collation} as ${name}`).join(', '));
  const from = kind === 'postgres' ? sql`jsonb_array_elements(${json}::jsonb)` : sql`json_each(${json})`;
  return sql`(select ${cells} from ${from})`;
}

/** The condition that a column is one of these strings. It uses no index: each row found is compared with them. */
export function isAmong(kind: DatabaseKind, column: string, ids: readonly string[]): RawBuilder<boolean> {
  const plain = sql`${sql.ref(column)} || ''`;
  return kind === 'postgres'
    ? sql`${plain} = any(${ids}::text[])`
    : sql`${plain} in (select value from json_each(${JSON.stringify(ids)}))`;
}

/** The condition that a text with words between single spaces has one of these words. */
export function hasWord(kind: DatabaseKind, column: string, words: readonly string[]): RawBuilder<boolean> {
  if (kind === 'postgres') return sql`string_to_array(${sql.ref(column)}, ' ') && ${words}::text[]`;
  const each = words.map((word) => sql`instr(' ' || ${sql.ref(column)} || ' ', ${` ${word} `}) > 0`);
  return sql`(${sql.join([sql`1 = 0`, ...each], sql` or `)})`;
}

/** Transactions that name the same thing run one after the other, until they end. SQLite's transactions always do. */
export async function lockExclusive(scope: Scope, name: string): Promise<void> {
  if (scope.kind === 'sqlite') return;
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(scope.db);
}

/**
 * Transactions that call this for the same name run side by side, but never beside one that called {@link
 * lockExclusive} for it. SQLite's transactions never run side by side.
 */
export async function lockShared(scope: Scope, name: string): Promise<void> {
  if (scope.kind === 'sqlite') return;
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${name}, 0))`.execute(scope.db);
}

/** True for an error after which the same transaction can simply be run again. */
export function isTransient(kind: DatabaseKind, error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return kind === 'postgres' && (code === '40P01' || code === '40001'); // deadlock, serialization failure
}

/** The shortest text that the search index can find. For shorter text, names are read. */
export const SHORTEST_INDEXED_TEXT = 3;

/** The ids of a table expression, if there are fewer than `most`; otherwise undefined, and it stops there. */
export async function idsUpTo(
  { db }: Scope,
  ids: RawBuilder<{ id: number }>,
  most: number,
): Promise<number[] | undefined> {
  const { rows } = await sql<{ id: number }>`select id from ${ids} m limit ${most}`.execute(db);
  return rows.length < most ? rows.map(({ id }) => id) : undefined;
}

/**
 * How many ids the search index is likely to give. PostgreSQL's index gives nothing before it has all ids, so it is better not to ask
 * it for many; the planner knows from a sample of the names how many have a word. 0 on SQLite, whose index can stop.
 */
export async function likelyMany({ db, kind }: Scope, ids: RawBuilder<{ id: number }>): Promise<number> {
  if (kind === 'sqlite') return 0;
  const { rows } = await sql<Record<string, string>>`explain select id from ${ids} m`.execute(db);
  const [plan = ''] = Object.values(rows[0] ?? {});
  return Number(/ rows=(\d+) /.exec(plan)?.[1] ?? 0);
}

/** A table expression `ids(id)` with the given numbers, as one parameter, however many they are. */
export function numberTable(kind: DatabaseKind, ids: readonly number[]): RawBuilder<{ id: number }> {
  return kind === 'postgres'
    ? sql`(select unnest(${ids}::bigint[]) as id)`
    : sql`(select value as id from json_each(${JSON.stringify(ids)}))`;
}

/**
 * Joins the rows of a table that meet the conditions, looked up by an index for every row of the tables before. When
 * PostgreSQL expects many such rows, it would read a whole table once instead; `offset 0` keeps it from taking the
 * query apart.
 */
export function lookUp(
  kind: DatabaseKind,
  name: 'channel_file' | 'file' | 'listing',
  as: string,
  conditions: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const [table, alias] = [sql.table(name), sql.table(as)];
  return kind === 'postgres'
    ? sql`cross join lateral (select * from ${table} ${alias} where ${conditions} offset 0) ${alias}`
    : sql`cross join ${table} ${alias} on ${conditions}`;
}

/** Joins the files whose ids (`id`) a query picks for every row of the tables before; the query may have a limit. */
export function lookUpFew(kind: DatabaseKind, as: string, ids: RawBuilder<unknown>): RawBuilder<unknown> {
  const alias = sql.table(as);
  return kind === 'postgres'
    ? sql`cross join lateral (${ids}) ${alias}`
    : sql`cross join file ${alias} on ${alias}.id in (${ids})`;
}

/**
 * The files that a query picks for every row of a table `s`, as `as`. The query gives the columns that it is asked for of files `l`
 * and has a limit; what meets no condition is left out. More than `most` of one row are of no use.
 */
export function fewOfEach(
  kind: DatabaseKind,
  as: string,
  each: RawBuilder<unknown>,
  query: (columns: RawBuilder<unknown>) => RawBuilder<unknown>,
  { meets, order, most }: { meets: RawBuilder<unknown>; order: RawBuilder<unknown>; most: number },
): RawBuilder<unknown> {
  const alias = sql.table(as);
  // PostgreSQL would look each of them up again by its id.
  return kind === 'postgres'
    ? sql`${each} s cross join lateral (
        select * from (${query(sql`l.*`)}) ${alias} where ${meets} order by ${order} limit ${most}) ${alias}`
    : sql`(select * from file ${alias} where ${alias}.id in (
        select t.id from ${each} s cross join file t on t.id in (${query(sql`l.id`)})) and ${meets}) ${alias}`;
}

/** The condition that a query finds something, looked up for each row like {@link lookUp}. */
export function finds(kind: DatabaseKind, query: RawBuilder<unknown>): RawBuilder<boolean> {
  return kind === 'postgres' ? sql`exists (${query} offset 0)` : sql`exists (${query})`;
}

/** A LIKE pattern (escape `\`) for text that contains the given one. */
export function likePattern(folded: string): string {
  return `%${folded.replace(/[\\%_]/g, '\\$&')}%`;
}

/** The first or the second line of a text with a line break after each. */
export function lineOf(kind: DatabaseKind, column: string, line: 1 | 2): RawBuilder<string> {
  const text = sql.ref(column);
  if (kind === 'postgres') return sql`split_part(${text}, chr(10), ${sql.lit(line)})`;
  const first = sql`instr(${text}, char(10))`;
  return line === 1
    ? sql`substr(${text}, 1, ${first} - 1)`
    : sql`substr(${text}, ${first} + 1, length(${text}) - ${first} - 1)`;
}

/** Goes between the columns and the values of an insert that brings its own ids. */
export function withOwnIds(kind: DatabaseKind): RawBuilder<unknown> {
  return kind === 'postgres' ? sql`overriding system value` : sql``;
}

/** A table's next ids continue after its largest one. SQLite does this by itself. */
export async function goOnAfterLargestId({ db, kind }: Scope, table: string): Promise<void> {
  if (kind === 'sqlite') return;
  await sql`select setval(pg_get_serial_sequence(${table}, 'id'),
    greatest((select max(id) from ${sql.table(table)}), 1))`.execute(db);
}
