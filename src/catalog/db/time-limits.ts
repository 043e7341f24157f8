/**
 * How long PostgreSQL may keep the vault waiting. Everybody who can connect to its database can take its advisory
 * locks, and everybody who owns its tables can lock these; no such wait is for ever. Source:
 * postgresql.org/docs/current/runtime-config-client.html ("lock_timeout", "statement_timeout").
 */
import type { CompiledQuery, DatabaseConnection } from 'kysely';
import { CatalogError } from './errors.ts';
import type { Settings } from './session.ts';
import { type Blockers, LOCK_MS, type WaitedFor } from './who-holds.ts';

/** For one statement: the bot works only in small steps. People's questions have less time, see search/budget.ts. */
const STATEMENT_MS = 60_000;

/** A bot that stands still within a transaction loses its locks after this time. */
const IDLE_MS = 60_000;

/** PostgreSQL's codes for a lock that was waited for too long, and for a statement that was ended. */
const LOCKED = '55P03';
const ENDED = '57014';

/** What the server is told about them. `unhurried` lets each statement take as long as it takes. */
export function limits({ unhurried }: { unhurried: boolean }): Settings {
  return {
    lock_timeout: LOCK_MS,
    statement_timeout: unhurried ? 0 : STATEMENT_MS,
    idle_in_transaction_session_timeout: IDLE_MS,
  };
}

/** From now on, a statement that reaches a limit throws a {@link CatalogError}; `describe` says other errors. */
export function nameLimits(
  connection: DatabaseConnection,
  { blockers, describe }: { blockers: Blockers; describe: (error: unknown) => unknown },
): void {
  const execute = connection.executeQuery.bind(connection);
  connection.executeQuery = async <R>(query: CompiledQuery) => {
    try {
      return await execute<R>(query);
    } catch (error) {
      throw describe(await asLimit(error, query, blockers));
    }
  };
}

/** True for a statement that was ended because its time was up. */
export function isEnded(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === ENDED || code === 'catalog_slow';
}

async function asLimit(error: unknown, query: CompiledQuery, blockers: Blockers): Promise<unknown> {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === LOCKED) {
    const held = await blockers.sentence(waitedFor(query));
    return new CatalogError('catalog_blocked', held, { cause: error });
  }
  if (code === ENDED) {
    return new CatalogError(
      'catalog_slow',
      'PostgreSQL ended a statement of the vault because it took too long or somebody cancelled it. Nothing is lost; it is tried again. If this stays, look at what else keeps the server busy.',
      { cause: error },
    );
  }
  return error;
}

/** Only the statement that takes an advisory lock waits for it; see `lockExclusive`. */
function waitedFor({ sql, parameters }: CompiledQuery): WaitedFor {
  if (!sql.includes('pg_advisory')) return { kind: 'table' };
  const [name] = parameters;
  if (typeof name === 'string') return { kind: 'named', name };
  return { kind: 'numbered', key: /pg_advisory_xact_lock\((\d+)\)/.exec(sql)?.[1] ?? '0' };
}
