import pg from 'pg';

/** The name of the vault's connections. */
export const APPLICATION = 'ria-vault';

/** How long one lock is waited for. The vault's own transactions take only a small part of that. */
export const LOCK_MS = 5_000;

/** What a statement could not get: a lock of the vault, by its name or number, or a table or some of its rows. */
export type WaitedFor =
  | { kind: 'named'; name: string }
  | { kind: 'numbered'; key: string }
  | { kind: 'table' };

/** Finds out who holds what the vault waits for. */
export interface Blockers {
  /** A sentence or two: what is held, by whom, and what to do. Never throws. */
  sentence(what: WaitedFor): Promise<string>;
}

/** A PostgreSQL session that holds something. */
interface Holder {
  pid: number | null;
  role: string | null;
  application: string | null;
  isOurs: boolean;
  relation: string | null;
}

const ASK_MS = 2_000;
/** Many statements may wait for the same lock: who holds it is asked once a second. */
const KEPT_MS = 1_000;
/** At most this many holders are named. */
const NAMED = 3;

/**
 * Asks over a separate connection: the others may all be waiting. Everybody may read the names in `pg_stat_activity`;
 * only what others run is hidden. Source: postgresql.org/docs/current/monitoring-stats.html, "pg_stat_activity".
 */
export function createBlockers(databaseUrl: string): Blockers {
  const asked = new Map<string, Promise<string>>();
  return {
    sentence(what) {
      const key = JSON.stringify(what);
      const known = asked.get(key);
      if (known) return known;
      const answer = holders(databaseUrl, what).then(
        (found) => sentenceOf(what, found),
        () => sentenceOf(what, []),
      );
      asked.set(key, answer);
      answer.then(() => setTimeout(() => asked.delete(key), KEPT_MS).unref());
      return answer;
    },
  };
}

async function holders(databaseUrl: string, what: WaitedFor): Promise<Holder[]> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: APPLICATION,
    connectionTimeoutMillis: ASK_MS,
    query_timeout: ASK_MS,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<Holder>(...question(what));
    return rows;
  } finally {
    await client.end().catch(() => {});
  }
}

/** How `pg_locks` shows a key of 64 bits: postgresql.org/docs/current/view-pg-locks.html. */
const KEY = '((l.classid::bigint << 32) | l.objid::bigint)';
/** Left out: the locks of readers, and the row locks of those who only wait for a row themselves. */
const TABLE = `(l.locktype = 'relation' and l.mode <> 'AccessShareLock'
    or l.locktype = 'tuple' and l.mode not in ('AccessShareLock', 'ExclusiveLock'))
  and c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace`;

function question(what: WaitedFor): [string, string[]] {
  const held = {
    named: `l.locktype = 'advisory' and l.objsubid = 1 and ${KEY} = hashtextextended($1, 0)`,
    numbered: `l.locktype = 'advisory' and l.objsubid = 1 and ${KEY} = $1::bigint`,
    table: TABLE,
  }[what.kind];
  const values = what.kind === 'named' ? [what.name] : what.kind === 'numbered' ? [what.key] : [];
  const text = `select l.pid, a.usename as role, a.application_name as application,
      coalesce(a.usename = current_user and a.application_name = '${APPLICATION}', false) as "isOurs",
      min(c.relname) as relation
    from pg_locks l left join pg_stat_activity a on a.pid = l.pid left join pg_class c on c.oid = l.relation
    where l.granted and l.pid is distinct from pg_backend_pid()
      and l.database = (select oid from pg_database where datname = current_database()) and ${held}
    group by 1, 2, 3, 4 order by 4, 1 limit ${NAMED}`;
  return [text, values];
}

function sentenceOf(what: WaitedFor, found: Holder[]): string {
  const strangers = found.filter(({ isOurs }) => !isOurs);
  const by = (strangers.length > 0 ? strangers : found).map(holderInWords).join(' and ');
  const held = `${heldInWords(what, found)} has been held for over ${LOCK_MS / 1_000} seconds${by && ` by ${by}`}`;
  const remedy = strangers.length > 0 ? endThem(strangers) : '';
  return `In the PostgreSQL of DATABASE_URL, ${held}. Nothing is lost, and the vault goes on by itself when it is free.${remedy}`;
}

function endThem(strangers: Holder[]): string {
  const calls = strangers.flatMap(({ pid }) =>
    pid === null ? [] : [`select pg_terminate_backend(${pid});`],
  );
  const now = calls.length > 0 ? ` To free it now: ${calls.join(' ')}` : '';
  return `${now} So that nobody else can take it, give the vault a database of its own: docs/postgresql.md says how.`;
}

function heldInWords(what: WaitedFor, found: Holder[]): string {
  if (what.kind === 'named') return `the vault's lock ${quoted(what.name)}`;
  if (what.kind === 'numbered') return `the vault's lock for changing its tables (${what.key})`;
  const relation = found.find(({ isOurs, relation }) => !isOurs && relation)?.relation;
  return relation ? `the table ${quoted(relation)}` : 'a table of the vault, or some of its rows,';
}

function holderInWords({ pid, role, application, isOurs }: Holder): string {
  const process = pid === null ? 'a prepared transaction' : `process ${pid}`;
  if (isOurs) return `another process of the vault (${process})`;
  const called = application ? `, ${quoted(application)}` : '';
  return `${role === null ? 'somebody' : `the role ${quoted(role)}`} (${process}${called})`;
}

/** The holder of a lock chose these names: they are shown on one line and shortened. */
function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 60));
}
