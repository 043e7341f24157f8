import { type RawBuilder, sql } from 'kysely';
import {
  AWAITS_CAPTURE,
  AWAITS_PURGE,
  AWAITS_SCAN,
  HAS_NEWS,
  IS_DUE_SOMETIME,
  WAS_SCANNED,
} from '../db/conditions.ts';
import { limitTo, skipLocked } from '../db/dialect.ts';
import type { DueColumns } from '../db/due-columns.ts';
import { prepared } from '../db/prepared.ts';
import type { Catalog, DatabaseKind, FileRecord, Schema, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';

/** How a worker asks for work. */
export interface Claim {
  /** The worker's name, unique to the process. */
  owner: string;
  /** At most this many rows. */
  limit: number;
  /** How long the rows belong to the worker, unless it renews. */
  leaseMs: number;
  now: number;
}

/** The tables whose rows are work to do, by their names in the database. */
type DueTable = { [T in keyof Schema]: Schema[T] extends DueColumns ? SnakeCase<T> : never }[keyof Schema];
type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : '';

/** By default, handing back a dead holder's lease changes only the lease. */
const HANDED_BACK = { change: sql`, lease_owner = null`, condition: sql`` };

/** One kind of work on the rows of a table. */
interface KindOfWork {
  table: DueTable;
  /** Which rows of the table it is about. */
  condition: RawBuilder<boolean>;
  /** What claiming a row changes besides its lease. */
  change: RawBuilder<unknown>;
  /** What changes in a row when its holder has died, and which rows that applies to. */
  handedBack: { change: RawBuilder<unknown>; condition: RawBuilder<unknown> };
}

/** All kinds of work. Each has one job in src/jobs. */
export const WORK = {
  capture: {
    ...onTable('file'),
    condition: AWAITS_CAPTURE,
    change: sql`, state = 'storing'`,
    handedBack: {
      change: sql`, lease_owner = null, state = 'pending'`,
      condition: sql`and state = 'storing'`,
    },
  },
  purge: {
    ...onTable('file'),
    condition: AWAITS_PURGE,
    // It keeps its holder's name, because some bytes may be gone already.
    handedBack: { change: sql``, condition: sql`and state = 'trashed'` },
  },
  post: onTable('post'),
  home: { ...onTable('home'), change: sql`, claimed_version = version` },
  sweep: onTable('sweep'),
  backfill: onTable('backfill'),
  channelJoin: onTable('channel_join'),
  periodicJob: onTable('chore'),
  hold: onTable('hold'),
  objectHold: onTable('object_hold'),
  exportJob: onTable('export_job'),
  change: onTable('file_change'),
  oldVersion: onTable('file_version'),
  auditLog: onTable('audit_feed'),
  scan: { ...onTable('scan'), condition: AWAITS_SCAN },
  rescan: { ...onTable('scan'), condition: WAS_SCANNED },
  reading: onTable('reading'),
  journal: { ...onTable('journal'), condition: HAS_NEWS, change: sql`, number = number + 1` },
} satisfies Record<string, KindOfWork>;

function onTable(table: DueTable): KindOfWork {
  return { table, condition: IS_DUE_SOMETIME, change: sql``, handedBack: HANDED_BACK };
}

export type Work = keyof typeof WORK;

/**
 * Claims rows that are due, oldest due first. Each row counts one more attempt and belongs to the claimer until its
 * lease ends; then it is due again. No two claims ever get the same row, from any process.
 */
export async function claimDue<Row extends { id: number }>(
  catalog: Catalog,
  work: Work,
  claim: Claim,
): Promise<Row[]> {
  if (claim.limit < 1) return [];
  return inTransaction(catalog, async (scope) =>
    lease<Row>(scope, work, claim, await dueRows(scope, work, claim)),
  );
}

/**
 * The ids of rows that are due, oldest due first; only those of one channel if it is named. Where the database has
 * row locks, the rows are locked until the transaction ends, and rows that another one is claiming are skipped.
 */
export async function dueRows(
  scope: Scope,
  work: Work,
  { now, limit }: Pick<Claim, 'now' | 'limit'>,
  channelId?: string,
): Promise<number[]> {
  const { due, dueIn } = STATEMENTS[work];
  const rows = await (channelId === undefined
    ? due(scope, { now, limit })
    : dueIn(scope, { now, limit, channelId }));
  return rows.map(({ id }) => id);
}

/** Gives the claimer rows that are due and locked. Returns them in the order given. */
export async function lease<Row extends { id: number }>(
  scope: Scope,
  work: Work,
  { owner, leaseMs, now }: Pick<Claim, 'owner' | 'leaseMs' | 'now'>,
  ids: readonly number[],
): Promise<Row[]> {
  if (ids.length === 0) return [];
  const values = { until: now + leaseMs, owner, ...ids };
  const rows = (await STATEMENTS[work].lease(scope, values)) as Row[];
  return rows.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
}

/** When the next row of this work is due, or its lease ends; null when there is none. */
export async function nextDue(scope: Scope, work: Work): Promise<number | null> {
  const [row] = await STATEMENTS[work].next(scope, {});
  return row?.dueAt ?? null;
}

const STATEMENTS = Object.fromEntries(
  Object.keys(WORK).map((work) => [work, statementsOf(work as Work)]),
) as Record<Work, ReturnType<typeof statementsOf>>;

function statementsOf(work: Work) {
  const { table: name, condition, change } = WORK[work];
  const table = sql.table(name);
  const due = (kind: DatabaseKind, { now, limit }: Due, further: RawBuilder<unknown>) => sql<{ id: number }>`
    select id from ${table} where due_at <= ${now} and ${condition} ${further}
    order by due_at ${limitTo(limit)} ${skipLocked(kind)}`;
  return {
    due: prepared(({ kind }: Scope, values: Due) => due(kind, values, sql``)),
    dueIn: prepared(({ kind }: Scope, { channelId, ...values }: Due & { channelId: string }) =>
      due(kind, values, sql`and channel_id = ${channelId}`),
    ),
    lease: prepared(
      (_: Scope, { until, owner, ...ids }: { until: number; owner: string; [place: number]: number }) => sql`
        update ${table} set due_at = ${until}, lease_owner = ${owner}, attempts = attempts + 1 ${change}
        where id in (${sql.join(Object.values(ids))}) returning *`,
    ),
    next: prepared(
      (_: Scope, __: object) => sql<{ dueAt: number }>`
        select due_at from ${table} where ${condition} and due_at is not null order by due_at limit 1`,
    ),
  };
}

interface Due {
  now: number;
  limit: number;
}

/**
 * Hands back every lease when a database for one process only is opened: the holders are dead. The attempts stay
 * counted.
 */
export async function releaseEverything({ db }: Scope): Promise<void> {
  await db.transaction().execute(async (trx) => {
    for (const { table, handedBack } of Object.values(WORK))
      await sql`update ${sql.table(table)} set due_at = 0 ${handedBack.change}
        where lease_owner is not null ${handedBack.condition}`.execute(trx);
  });
}

/**
 * Hands back every lease of this process, which ends because another version has changed the catalog. Each kind of work by
 * itself, outside of any transaction: that version may have changed its table. Returns the kinds that could not be.
 */
export async function releaseOwned({ db }: Scope, owner: string): Promise<Work[]> {
  const left: Work[] = [];
  for (const [work, { table, handedBack }] of Object.entries(WORK)) {
    const { change, condition } = handedBack;
    await sql`update ${sql.table(table)} set due_at = 0 ${change} where lease_owner = ${owner} ${condition}`
      .execute(db)
      .catch(() => left.push(work as Work));
  }
  return left;
}

/** The values of a file's columns when its capture is over, for any reason. */
export const NO_LEASE = { dueAt: null, leaseOwner: null } as const;

/** True while `owner` holds the capture of this file (even after the lease ran out, if nobody else took it). */
export function isLeasedBy(file: FileRecord | undefined, owner: string): file is FileRecord {
  return file?.state === 'storing' && file.leaseOwner === owner;
}
