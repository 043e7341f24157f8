/**
 * What the vault sets for its connections to PostgreSQL. A pooler (PgBouncer in transaction mode, and those of most
 * hosted servers) lends each transaction another connection of the server. What is set for a session there stays with a
 * connection that others use next. So with a pooler, everything is set within each transaction, for this one alone.
 * Source: pgbouncer.org/features.html, "SQL feature map for pooling modes".
 */
import { CompiledQuery, type DatabaseConnection } from 'kysely';
import type pg from 'pg';

/** The server's settings, by name. */
export type Settings = Readonly<Record<string, string | number>>;

/** How connections reach the server; known after the first one. */
export interface Route {
  hasPooler: boolean;
}

/**
 * Sets up a new connection, for its whole life if it leads straight to the server. The server tells a client the number
 * of its process; a pooler makes numbers up, because the process changes.
 * Source: PgBouncer's src/client.c, "welcome_client": eight random bytes.
 */
export async function greet(client: pg.ClientBase, settings: Settings, route: Route): Promise<void> {
  const { processID } = client as pg.ClientBase & { processID: number | null };
  const set = Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', false)`);
  // In one statement, so that nothing is set where it would stay.
  const { rows } = await client.query<{ direct: boolean }>(
    `select pid = ${Number(processID ?? 0)} as direct, case when pid = ${Number(processID ?? 0)} then concat(${set.join(', ')}) end
      from (select pg_backend_pid() as pid) own`,
  );
  if (rows[0]?.direct !== true) route.hasPooler = true;
}

/** What each transaction of the vault begins and ends with, besides `begin` and `commit`. */
export interface Frame {
  settings: Settings;
  route: Route;
  /** A statement that throws if the transaction must not be kept; undefined as long as any may be. */
  lastCheck(): string | undefined;
}

/**
 * Makes each transaction of this connection begin with the vault's settings where that is needed, and end with the last
 * check, at no cost of further round trips. A statement outside of a transaction gets one of its own.
 */
export function frameTransactions(connection: DatabaseConnection, frame: Frame): void {
  const execute = connection.executeQuery.bind(connection);
  const run = (text: string) => execute(CompiledQuery.raw(text));
  const begin = () =>
    ['begin', ...Object.entries(frame.settings).map(([name, value]) => `set local ${name} = ${value}`)].join(
      '; ',
    );
  let isOpen = false;

  async function alone<R>(query: CompiledQuery) {
    await run(begin());
    try {
      const result = await execute<R>(query);
      await run('commit');
      return result;
    } catch (error) {
      // A connection that cannot even do this is broken, and the pool gives it up.
      await run('rollback').catch(() => undefined);
      throw error;
    }
  }

  connection.executeQuery = async <R>(query: CompiledQuery) => {
    const { hasPooler } = frame.route;
    switch (query.sql) {
      case 'begin': {
        const result = await execute<R>(hasPooler ? { ...query, sql: begin() } : query);
        isOpen = true;
        return result;
      }
      case 'commit': {
        const check = frame.lastCheck();
        const result = await execute<R>(check === undefined ? query : { ...query, sql: `${check}; commit` });
        isOpen = false;
        return result;
      }
      case 'rollback':
        isOpen = false;
        return execute<R>(query);
      default:
        return isOpen || !hasPooler ? execute<R>(query) : alone<R>(query);
    }
  };
}
