import { sql } from 'kysely';
import { lockExclusive } from '../db/dialect.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { touchHomes } from '../notices/homes.ts';
import { addNotice } from '../notices/notices.ts';
import type { DrillSummary } from './drills.ts';
import type { FindingCounts } from './findings.ts';
import { type PeriodicJob, periodicJobDone } from './periodic-jobs.ts';

/** Something that is wrong and that an admin can fix. Each has a topic; a topic has one open alert. */
export type Alert =
  | { kind: 'failing'; code: string; text: string | null; files: number }
  | { kind: 'scope'; scope: string }
  | { kind: 'removed'; channelId: string }
  /** Files are shared in a public channel that the bot is not in; `mayJoin`: the app has the scope to join it. */
  | { kind: 'unsaved'; channelId: string; mayJoin?: boolean }
  /** A channel was lost, and another one may be the same under a new id: a person has to decide. */
  | { kind: 'renewed'; from: string; to: string; name: string | null }
  | { kind: 'verify'; counts: FindingCounts }
  | { kind: 'drill'; counts: DrillSummary['counts'] }
  /** Malware was found, on this day. */
  | { kind: 'infected'; signature: string; day: string; files: number }
  /** The malware scanner does not work as it should; `since` in ms. */
  | { kind: 'scanner'; problem: 'away' | 'old' | 'limits' | 'mixed'; since: number | null };

/** An alert with its history. */
export interface AlertRow {
  id: number;
  alert: Alert;
  raisedAt: number;
  clearedAt: number | null;
}

/** Alerts with the same topic are the same. */
export function topicOf(alert: Alert): string {
  switch (alert.kind) {
    case 'failing':
      return `failing ${alert.code}`;
    case 'scope':
      return `scope ${alert.scope}`;
    case 'removed':
      return `removed ${alert.channelId}`;
    case 'unsaved':
      return `unsaved ${alert.channelId}`;
    case 'renewed':
      return `renewed ${alert.from} ${alert.to}`;
    case 'verify':
    case 'drill':
      return alert.kind;
    case 'infected':
      return `infected ${alert.day} ${alert.signature}`;
    case 'scanner':
      return `scanner ${alert.problem}`;
  }
}

/** Opens an alert, or brings an open one up to date. Admins are told of it later; see `tellAlerts`. */
export async function raiseAlert(catalog: Catalog, teamId: string, alert: Alert, now: number): Promise<void> {
  const topic = topicOf(alert);
  const detail = JSON.stringify(alert);
  const { rows } = await sql<{ raisedAt: number }>`
    insert into trouble (team_id, topic, detail, raised_at) values (${teamId}, ${topic}, ${detail}, ${now})
    on conflict (team_id, topic) where cleared_at is null do update set detail = excluded.detail
    returning raised_at`.execute(catalog.db);
  if (rows[0]?.raisedAt === now) await touchHomes(catalog, teamId, now);
}

/** Closes an alert, if it is open. An alert that nobody was told of yet is forgotten. */
export async function clearAlert(
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

/** Forgets alerts of a kind that are older than `before` (ms): nobody cares about them any more. */
export async function forgetAlerts(
  catalog: Catalog,
  teamId: string,
  kind: Alert['kind'],
  before: number,
): Promise<void> {
  await sql`delete from trouble where team_id = ${teamId} and cleared_at is null
    and topic like ${`${kind} %`} and raised_at < ${before}`.execute(catalog.db);
}

/** What is wrong now, oldest first. */
export async function openAlerts(scope: Scope, teamId: string): Promise<Array<AlertRow & { told: boolean }>> {
  const rows = await scope.db
    .selectFrom('trouble')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('clearedAt', 'is', null)
    .orderBy('raisedAt')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...toAlert(row), told: row.round !== null }));
}

/** Alerts by their ids, in the order given; forgotten ones are left out. */
export async function alertsById(scope: Scope, ids: number[]): Promise<AlertRow[]> {
  if (ids.length === 0) return [];
  const rows = await scope.db.selectFrom('trouble').selectAll().where('id', 'in', ids).execute();
  const found = new Map(rows.map((row) => [row.id, toAlert(row)]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

function toAlert(row: { id: number; detail: string; raisedAt: number; clearedAt: number | null }): AlertRow {
  const { id, raisedAt, clearedAt } = row;
  return { id, alert: JSON.parse(row.detail), raisedAt, clearedAt };
}

/** What has been told so far; kept in the memo of the periodic job that tells. */
export interface Told {
  /** Counts the messages. */
  round: number;
  /** When the last message was begun (ms). */
  at: number;
  /** Direct conversations with the people who were told. */
  channelIds: string[];
  /** Alerts in that message that were still open at the last look. */
  open: number[];
}

export const NOTHING_TOLD: Told = { round: 0, at: 0, channelIds: [], open: [] };

/** Admins get one message about trouble in this time; further trouble is added to it by editing. */
const QUIET_MS = 60 * 60_000;

/** True when `tellAlerts` would begin a new message, and so needs to know who gets it. */
export function beginsMessage(open: Array<{ told: boolean }>, told: Told, now: number): boolean {
  return open.some((alert) => !alert.told) && now - told.at >= QUIET_MS;
}

/**
 * Tells admins what is new. The same transaction remembers what was told, so that nothing is told twice or forgotten.
 * A new alert begins a message, at most one an hour. Otherwise it is added to that of the last hour by editing, as
 * long as that one is not over. Solved trouble is marked in it, and when all of it is solved, a last message says so.
 */
export async function tellAlerts(
  catalog: Catalog,
  o: {
    teamId: string;
    owner: string;
    periodicJob: Pick<PeriodicJob, 'name' | 'memo'>;
    told: Told;
    /** Direct conversations to begin a message in. */
    channelIds: string[];
    dueAt: number;
    now: number;
  },
): Promise<void> {
  const { teamId, owner, periodicJob, dueAt, now } = o;
  await inTransaction(catalog, async (scope) => {
    await lockExclusive(scope, `troubles ${teamId}`);
    const open = await openAlerts(scope, teamId);
    let told = o.told;
    const add = (kind: 'trouble' | 'mended', id: number, topic: string) =>
      notify(scope, teamId, told, { kind, id, topic, now });

    const isNew = beginsMessage(open, told, now);
    // After the all-clear nobody looks at that message again: new trouble then waits for the next.
    const isOver = told.open.length === 0;
    if (isNew) {
      told = { round: told.round + 1, at: now, channelIds: o.channelIds, open: [] };
      for (const { id } of open) await add('trouble', id, `trouble ${told.round}`);
    } else if (!isOver) {
      for (const { id, told: known } of open) if (!known) await add('trouble', id, `trouble ${told.round}`);
      const still = new Set(open.map(({ id }) => id));
      const mended = await alertsById(
        scope,
        told.open.filter((id) => !still.has(id)),
      );
      for (const { id } of mended) await add('mended', id, `trouble ${told.round}`);
      if (open.length === 0)
        for (const { id } of mended) await add('mended', id, `trouble ${told.round} over`);
    }
    const isTold = isNew || !isOver;
    if (isTold) await markTold(scope, teamId, told.round);
    const memo = { ...periodicJob.memo, told: { ...told, open: isTold ? open.map(({ id }) => id) : [] } };
    if (!(await periodicJobDone(scope, periodicJob.name, owner, { memo, dueAt })))
      throw new Error('another process has taken this periodic job over');
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
