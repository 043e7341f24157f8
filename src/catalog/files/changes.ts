import { type RawBuilder, type Selectable, sql } from 'kysely';
import { HOUR_MS } from '../../time.ts';
import { prepared } from '../db/prepared.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import type { FileChangeTable } from '../db/schema-versions.ts';
import { inTransaction } from '../db/transaction.ts';
import type { FileRef } from '../model.ts';
import { type Claim, claimDue, nextDue } from '../queue/due.ts';
import { isLater } from './edited.ts';

/** By default, a changed file is looked at when nobody has changed it for this long, in ms… */
export const QUIET_MS = 10 * 60_000;
/** …and at the latest this long after the first change, while people go on changing it. */
export const BUSY_MS = HOUR_MS;

/** A file that Slack said was changed, as a claim gives it. */
export type FileChange = Selectable<FileChangeTable>;

/** Files in these states may have a later version. What is in the trash is looked at when it is restored. */
const MAY_CHANGE = sql<boolean>`state in ('pending', 'storing', 'failed', 'stored')`;

const int = (value: number | RawBuilder<number>) => sql<number>`cast(${value} as bigint)`;

/** The earlier of two moments. */
const earlier = (a: RawBuilder<number>, b: RawBuilder<number>) =>
  sql<number>`(case when ${a} < ${b} then ${a} else ${b} end)`;

/** During a look, and while a failed look waits, a change does not set the next moment. */
const IS_FREE = sql<boolean>`(file_change.lease_owner is null and file_change.attempts = 0)`;

const change = prepared(
  (_: Scope, { teamId, fileId, now, dueAt }: FileRef & { now: number; dueAt: number }) => sql<{
    version: number;
  }>`
    insert into file_change (team_id, file_id, first_at, last_at, due_at)
    select team_id, file_id, ${int(now)}, ${int(now)}, ${int(dueAt)} from file
    where team_id = ${teamId} and file_id = ${fileId} and ${MAY_CHANGE}
    on conflict (team_id, file_id) do update set last_at = excluded.last_at, version = file_change.version + 1,
      due_at = case when not ${IS_FREE} then file_change.due_at else
        ${earlier(sql`excluded.due_at`, sql`file_change.first_at + ${sql.lit(BUSY_MS)}`)} end
    returning version`,
);

/**
 * Slack said that a file was changed. Written as one small row for each file, however often it is changed. Null when
 * the vault does not have such a file, or not any more; else whether it is the `first` change that waits, or one
 * `more`.
 */
export async function noteChange(
  catalog: Catalog,
  ref: FileRef,
  now: number,
  quietMs: number = QUIET_MS,
): Promise<'first' | 'more' | null> {
  const { teamId, fileId } = ref;
  const dueAt = now + quietMs;
  const [row] = await inTransaction(catalog, (scope) => change(scope, { teamId, fileId, now, dueAt }));
  if (row === undefined) return null;
  return row.version === 1 ? 'first' : 'more';
}

const look = prepared(
  (_: Scope, o: FileRef & { now: number; dueAt: number }) => sql`
    insert into file_change (team_id, file_id, first_at, last_at, due_at)
    values (${o.teamId}, ${o.fileId}, ${int(o.now)}, ${int(o.now)}, ${int(o.dueAt)})
    on conflict (team_id, file_id) do update set version = file_change.version + 1,
      due_at = case when not ${IS_FREE} then file_change.due_at else
        ${earlier(sql`excluded.due_at`, sql`file_change.due_at`)} end`,
);

/** Makes a file of the catalog due for a look at `dueAt` (ms), in the caller's transaction: it may have changed. */
export async function wantLook(
  scope: Scope,
  { teamId, fileId }: FileRef,
  { now, dueAt }: { now: number; dueAt: number },
): Promise<void> {
  await look(scope, { teamId, fileId, now, dueAt });
}

/** Claims changed files that have been quiet for long enough, or have waited long enough. */
export function claimDueChanges(catalog: Catalog, claim: Claim): Promise<FileChange[]> {
  return claimDue<FileChange>(catalog, 'change', claim);
}

/** When the next changed file is to be looked at (ms), or null. */
export function nextChangeDueAt(catalog: Catalog): Promise<number | null> {
  return nextDue(catalog, 'change');
}

/** True while a change of this file waits for a look, or is being looked at. */
export async function isToBeLookedAt({ db }: Scope, { teamId, fileId }: FileRef): Promise<boolean> {
  const row = await db
    .selectFrom('fileChange')
    .select('id')
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Makes the lease of a running look end later. False when somebody else has it now. */
export async function renewChange(
  { db }: Scope,
  { id }: Pick<FileChange, 'id'>,
  owner: string,
  leaseUntil: number,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('fileChange')
    .set({ dueAt: leaseUntil })
    .where('id', '=', id)
    .where('leaseOwner', '=', owner)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * The file was looked at, as it was at `lookedAt`. A change that came during the look keeps it due, like a first
 * change at that moment; with `again` (ms) it is looked at once more in any case. False when the lease was lost.
 */
export async function changeAnswered(
  { db }: Scope,
  row: FileChange,
  owner: string,
  o: { lookedAt: number; again?: number | undefined; quietMs?: number | undefined },
): Promise<boolean> {
  if (o.again === undefined) {
    const { numDeletedRows } = await db
      .deleteFrom('fileChange')
      .where('id', '=', row.id)
      .where('leaseOwner', '=', owner)
      .where('version', '=', row.version)
      .executeTakeFirst();
    if (numDeletedRows > 0n) return true;
  }
  const quiet = earlier(sql`last_at + ${sql.lit(o.quietMs ?? QUIET_MS)}`, int(o.lookedAt + BUSY_MS));
  const { numUpdatedRows } = await db
    .updateTable('fileChange')
    .set({ leaseOwner: null, attempts: 0, firstAt: o.lookedAt, dueAt: o.again ?? quiet })
    .where('id', '=', row.id)
    .where('leaseOwner', '=', owner)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The stored bytes of a file are those of the edit at `updatedAt` (ms): earlier edits need no look. */
export async function markUpToDate(
  { db }: Scope,
  { teamId, fileId }: FileRef,
  updatedAt: number | null,
): Promise<void> {
  if (updatedAt === null) return;
  await db
    .updateTable('file')
    .set({ updatedAt })
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .where('updatedAt', 'is distinct from', updatedAt)
    .execute();
}

/** Nothing to look at any more: the file is gone, or the vault does not keep it. */
export async function forgetChange({ db }: Scope, row: FileChange, owner: string): Promise<void> {
  await db.deleteFrom('fileChange').where('id', '=', row.id).where('leaseOwner', '=', owner).execute();
}

/** The file could not be looked at, or is not there yet: again at `dueAt` (ms). The attempt stays counted. */
export async function deferChange(
  { db }: Scope,
  row: FileChange,
  owner: string,
  dueAt: number,
): Promise<void> {
  await db
    .updateTable('fileChange')
    .set({ leaseOwner: null, dueAt })
    .where('id', '=', row.id)
    .where('leaseOwner', '=', owner)
    .execute();
}

/** What Slack's list says of a file now. */
export interface ListedNow {
  fileId: string;
  name: string | null;
  title: string | null;
  updatedAt: number | null;
}

/**
 * Compares files as Slack lists them now with what is stored of them; files that differ are looked at. Returns how
 * many. Files that the vault does not have are skipped.
 */
export async function noteMissedChanges(
  catalog: Catalog,
  teamId: string,
  listed: ListedNow[],
  now: number,
): Promise<number> {
  if (listed.length === 0) return 0;
  const known = await catalog.db
    .selectFrom('file')
    .select(['fileId', 'name', 'title', 'updatedAt', 'storedAt'])
    .where('teamId', '=', teamId)
    .where('state', '=', 'stored')
    .where(
      'fileId',
      'in',
      listed.map(({ fileId }) => fileId),
    )
    .execute();
  const byId = new Map(listed.map((file) => [file.fileId, file]));
  const changed = known.filter((file) => {
    const told = byId.get(file.fileId) as ListedNow;
    const renamed = (told.name ?? file.name) !== file.name || (told.title ?? file.title) !== file.title;
    return renamed || isLater(file, told.updatedAt);
  });
  if (changed.length > 0) {
    await inTransaction(catalog, async (scope) => {
      for (const { fileId } of changed) await wantLook(scope, { teamId, fileId }, { now, dueAt: now });
    });
  }
  return changed.length;
}
