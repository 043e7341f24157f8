import { sql } from 'kysely';
import { HOUR_MS } from '../../time.ts';
import { prepared } from '../db/prepared.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { type Claim, claimDue, nextDue } from '../queue/due.ts';

/** People who opened their App Home within this time see its changes. */
const WATCHING_MS = HOUR_MS;

/** Changes within this time are shown together. */
const COALESCE_MS = 500;
/**
 * The longer ago somebody opened their home, the longer changes gather: for that time divided by this. Most people
 * look only for a moment; otherwise each stored file would be one `views.publish` for everybody of the last hour.
 */
const COALESCE_DIVISOR = 10;

/** When a home that changes now is to be published. */
function gatheredAt(now: number) {
  const at = sql<number>`cast(${now} as bigint)`;
  const part = sql<number>`(${at} - opened_at) / ${sql.lit(COALESCE_DIVISOR)}`;
  return sql<number>`${at} + case when ${part} > ${sql.lit(COALESCE_MS)} then ${part} else ${sql.lit(COALESCE_MS)} end`;
}

/** Somebody opened the App Home: it is due now, and shows changes from now on. */
export async function openedHome(
  catalog: Catalog,
  { teamId, userId, now }: { teamId: string; userId: string; now: number },
): Promise<void> {
  await catalog.db
    .insertInto('home')
    .values({ teamId, userId, openedAt: now, dueAt: now, leaseOwner: null })
    .onConflict((conflict) =>
      conflict.columns(['teamId', 'userId']).doUpdateSet({
        openedAt: now,
        version: sql`home.version + 1`,
        dueAt: sql`case when home.lease_owner is null then ${now} else home.due_at end`,
      }),
    )
    .execute();
}

const watchedHomes = prepared(
  ({ kind }: Scope, { teamId, since, by }: { teamId: string; since: number; by: number }) => sql<{
    id: number;
  }>`
    select id from home where team_id = ${teamId} and opened_at > ${since}
      and (due_at is null or due_at > ${by} or lease_owner is not null) order by id
    ${kind === 'postgres' ? sql`for update` : sql``}`,
);

/**
 * Something changed: homes that were opened within the hour become due, unless they are already. `soon` is for what
 * nobody should still see: it does not wait.
 */
export async function touchHomes(
  scope: Scope,
  teamId: string,
  now: number,
  { soon = false }: { soon?: boolean } = {},
): Promise<void> {
  const by = soon ? now + COALESCE_MS : Number.MAX_SAFE_INTEGER;
  const rows = await watchedHomes(scope, { teamId, since: now - WATCHING_MS, by });
  if (rows.length === 0) return;
  await scope.db
    .updateTable('home')
    .set({
      version: sql`version + 1`,
      dueAt: sql`case when lease_owner is null then ${soon ? sql`cast(${by} as bigint)` : gatheredAt(now)} else due_at end`,
    })
    .where(
      'id',
      'in',
      rows.map((row) => row.id),
    )
    .execute();
}

/**
 * All homes ever published become due: those of one person whose rights may have changed, or of all people when a
 * channel's did. What Slack still shows must not name what they may not see any more.
 */
export async function renewHomes(
  { db }: Scope,
  { teamId, userId, now }: { teamId: string; userId?: string; now: number },
): Promise<void> {
  await db
    .updateTable('home')
    .set({
      version: sql`version + 1`,
      dueAt: sql`case when lease_owner is null then cast(${now} as bigint) else due_at end`,
    })
    .where('teamId', '=', teamId)
    .$if(userId !== undefined, (query) => query.where('userId', '=', userId as string))
    .execute();
}

export interface HomeRef {
  teamId: string;
  userId: string;
}

/** A home to publish, with the number of attempts, and since when it is refused for an unknown reason (ms). */
export interface DueHome extends HomeRef {
  attempts: number;
  failedAt: number | null;
}

/** Claims App Homes to publish. */
export async function claimDueHomes(catalog: Catalog, claim: Claim): Promise<DueHome[]> {
  const rows = await claimDue<DueHome & { id: number }>(catalog, 'home', claim);
  return rows.map(({ teamId, userId, attempts, failedAt }) => ({ teamId, userId, attempts, failedAt }));
}

/** The home was published. It stays due if something changed since it was claimed. */
export async function homePublished(
  catalog: Catalog,
  { teamId, userId, owner, now }: HomeRef & { owner: string; now: number },
): Promise<void> {
  await catalog.db
    .updateTable('home')
    .set({
      leaseOwner: null,
      attempts: 0,
      failedAt: null,
      dueAt: sql`case when version <> claimed_version then ${gatheredAt(now)} end`,
    })
    .where('teamId', '=', teamId)
    .where('userId', '=', userId)
    .where('leaseOwner', '=', owner)
    .execute();
}

/**
 * The home could not be published: again at `dueAt`, or not (null) until it is opened or something changes.
 * `failedAt` (ms): since when it is refused for an unknown reason.
 */
export async function deferHome(
  catalog: Catalog,
  o: HomeRef & { owner: string; dueAt: number | null; failedAt?: number | null },
): Promise<void> {
  const { teamId, userId, owner, dueAt, failedAt = null } = o;
  const over = dueAt === null ? { attempts: 0, failedAt: null } : { failedAt };
  await catalog.db
    .updateTable('home')
    .set({ leaseOwner: null, dueAt, ...over })
    .where('teamId', '=', teamId)
    .where('userId', '=', userId)
    .where('leaseOwner', '=', owner)
    .execute();
}

/** When the next App Home is to be published (ms), or null. */
export function nextHomeDueAt(catalog: Catalog): Promise<number | null> {
  return nextDue(catalog, 'home');
}
