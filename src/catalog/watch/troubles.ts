import { sql } from 'kysely';
import { lockExclusive } from '../dialect.ts';
import { touchHomes } from '../home.ts';
import { addNotice } from '../notices.ts';
import type { Catalog, Scope } from '../tables/schema.ts';
import { inTransaction } from '../transaction.ts';
import { type Chore, choreDone } from './chores.ts';
import type { FindingCounts } from './findings.ts';

/** Something that is wrong and that an admin can mend. Each has a topic; there is one open trouble of a topic. */
export type Trouble =
  | { kind: 'failing'; code: string; text: string | null; files: number }
  | { kind: 'scope'; scope: string }
  | { kind: 'removed'; channelId: string }
  /** A channel was lost, and another one may be the same under a new id: a person has to say. */
  | { kind: 'renewed'; from: string; to: string; name: string | null }
  | { kind: 'verify'; counts: FindingCounts };

/** A trouble with its history. */
export interface TroubleRow {
  id: number;
  trouble: Trouble;
  raisedAt: number;
  clearedAt: number | null;
}

/** What makes two troubles the same. */
export function topicOf(trouble: Trouble): string {
  switch (trouble.kind) {
    case 'failing':
      return `failing ${trouble.code}`;
    case 'scope':
      return `scope ${trouble.scope}`;
    case 'removed':
      return `removed ${trouble.channelId}`;
    case 'renewed':
      return `renewed ${trouble.from} ${trouble.to}`;
    case 'verify':
      return 'verify';
  }
}

/** Opens a trouble, or brings an open one up to date. Admins are told of it in time; see `tellTroubles`. */
export async function raiseTrouble(
  catalog: Catalog,
  teamId: string,
  trouble: Trouble,
  now: number,
): Promise<void> {
  const topic = topicOf(trouble);
  const detail = JSON.stringify(trouble);
  const { rows } = await sql<{ raisedAt: number }>`
    insert into trouble (team_id, topic, detail, raised_at) values (${teamId}, ${topic}, ${detail}, ${now})
    on conflict (team_id, topic) where cleared_at is null do update set detail = excluded.detail
    returning raised_at`.execute(catalog.db);
  if (rows[0]?.raisedAt === now) await touchHomes(catalog, teamId, now);
}

/** Closes a trouble, if it is open. One that nobody was told of yet is forgotten. */
export async function clearTrouble(
  catalog: Catalog,
  teamId: string,
  topic: string,
  now: number,
): Promise<void> {
  const open = sql`team_id = ${teamId} and topic = ${topic} and cleared_at is null`;
  await sql`delete from trouble where ${open} and round is null`.execute(catalog.db);
  await sql`update trouble set cleared_at = ${now} where ${open}`.execute(catalog.db);
  await touchHomes(catalog, teamId, now);
}

/** Forgets troubles of a kind that are older than `before` (ms): nobody minds them any more. */
export async function forgetTroubles(
  catalog: Catalog,
  teamId: string,
  kind: Trouble['kind'],
  before: number,
): Promise<void> {
  await sql`delete from trouble where team_id = ${teamId} and cleared_at is null
    and topic like ${`${kind} %`} and raised_at < ${before}`.execute(catalog.db);
}

/** What is wrong now, oldest first. */
export async function openTroubles(
  scope: Scope,
  teamId: string,
): Promise<Array<TroubleRow & { told: boolean }>> {
  const rows = await scope.db
    .selectFrom('trouble')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('clearedAt', 'is', null)
    .orderBy('raisedAt')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...toTrouble(row), told: row.round !== null }));
}

/** Troubles by their ids, in the order given; those that were forgotten are left out. */
export async function troublesById(scope: Scope, ids: number[]): Promise<TroubleRow[]> {
  if (ids.length === 0) return [];
  const rows = await scope.db.selectFrom('trouble').selectAll().where('id', 'in', ids).execute();
  const found = new Map(rows.map((row) => [row.id, toTrouble(row)]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

function toTrouble(row: {
  id: number;
  detail: string;
  raisedAt: number;
  clearedAt: number | null;
}): TroubleRow {
  const { id, raisedAt, clearedAt } = row;
  return { id, trouble: JSON.parse(row.detail), raisedAt, clearedAt };
}

/** What has been told so far; kept in the memo of the chore that tells. */
export interface Told {
  /** Counts the messages. */
  round: number;
  /** When the last message was begun (ms). */
  at: number;
  /** Direct conversations with those who were told. */
  channelIds: string[];
  /** Troubles in that message that were still open when it was last looked at. */
  open: number[];
}

export const NOTHING_TOLD: Told = { round: 0, at: 0, channelIds: [], open: [] };

/** Admins get one message about trouble in this time; what else comes up is added to it by editing. */
const QUIET_MS = 60 * 60_000;

/** True when `tellTroubles` would begin a new message, and so needs to know whom to send it to. */
export function beginsMessage(open: Array<{ told: boolean }>, told: Told, now: number): boolean {
  return open.some((trouble) => !trouble.told) && now - told.at >= QUIET_MS;
}

/**
 * Tells admins what is new, in one transaction with what is remembered of it, so that nothing is told twice or
 * forgotten. A new trouble begins a message, at most one an hour, and is added to that of the last hour by editing
 * otherwise, as long as that one is not over; what was mended is marked in it, and when all of it is, a last message
 * says so.
 */
export async function tellTroubles(
  catalog: Catalog,
  o: {
    teamId: string;
    owner: string;
    chore: Pick<Chore, 'name' | 'memo'>;
    told: Told;
    /** Direct conversations to begin a message in. */
    channelIds: string[];
    dueAt: number;
    now: number;
  },
): Promise<void> {
  const { teamId, owner, chore, dueAt, now } = o;
  await inTransaction(catalog, async (scope) => {
    await lockExclusive(scope, `troubles ${teamId}`);
    const open = await openTroubles(scope, teamId);
    let told = o.told;
    const add = (kind: 'trouble' | 'mended', id: number, topic: string) =>
      notify(scope, teamId, told, { kind, id, topic, now });

    const isNew = beginsMessage(open, told, now);
    // After the all-clear nobody looks at that message again: what comes up then waits for the next.
    const isOver = told.open.length === 0;
    if (isNew) {
      told = { round: told.round + 1, at: now, channelIds: o.channelIds, open: [] };
      for (const { id } of open) await add('trouble', id, `trouble ${told.round}`);
    } else if (!isOver) {
      for (const { id, told: known } of open) if (!known) await add('trouble', id, `trouble ${told.round}`);
      const still = new Set(open.map(({ id }) => id));
      const mended = await troublesById(
        scope,
        told.open.filter((id) => !still.has(id)),
      );
      for (const { id } of mended) await add('mended', id, `trouble ${told.round}`);
      if (open.length === 0)
        for (const { id } of mended) await add('mended', id, `trouble ${told.round} over`);
    }
    const isTold = isNew || !isOver;
    if (isTold) await markTold(scope, teamId, told.round);
    const memo = { ...chore.memo, told: { ...told, open: isTold ? open.map(({ id }) => id) : [] } };
    if (!(await choreDone(scope, chore.name, owner, { memo, dueAt })))
      throw new Error('another process has taken this chore over');
  });
}

async function markTold(scope: Scope, teamId: string, round: number): Promise<void> {
  await scope.db
    .updateTable('trouble')
    .set({ round })
    .where('teamId', '=', teamId)
    .where('clearedAt', 'is', null)
    .where('round', 'is', null)
    .execute();
}

async function notify(
  scope: Scope,
  teamId: string,
  told: Told,
  { kind, id, topic, now }: { kind: 'trouble' | 'mended'; id: number; topic: string; now: number },
): Promise<void> {
  const notice = { kind, alertId: id, actorId: null };
  for (const channelId of told.channelIds) {
    const place = {
      channelId,
      threadTs: null,
      manner: 'message',
      kind: 'trouble',
      topic,
      dueAt: now,
    } as const;
    await addNotice(scope, { teamId, place, notice, now });
  }
}
