import { sql } from 'kysely';
import { lockExclusive } from '../db/dialect.ts';
import { lockFile } from '../db/lock-file.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { updateDerived } from '../derived/update.ts';
import type { FileRef } from '../model.ts';
import { touchHomes } from '../notices/homes.ts';
import { changeFile } from './change.ts';
import { partsOf } from './lookup.ts';
import { insertEnded, isSlacks, removalLock, settle, shareRecords } from './share-rows.ts';

/** A message that is gone, or (`fileId`) a file that was taken out of it. */
export interface RemovedShare {
  fileId?: string;
  channelId: string;
  ts: string;
  /** Files that Slack itself deleted before: they were not taken back. */
  except?: ReadonlySet<string>;
  /** Nobody knows which files the message held; if it is told of later, it is gone. */
  isUnseen?: boolean;
}

/**
 * A message was deleted, or a file taken out of it: `at` (Slack's clock) is when; `now` is when the vault hears of
 * it. Nothing is erased: deleting in Slack does not delete from the vault. But the share no longer opens the file to
 * the people of its channel. It may be told before the message itself, and repeatedly.
 */
export async function removeShare(
  catalog: Catalog,
  teamId: string,
  which: RemovedShare,
  now: number,
  at: number = now,
): Promise<void> {
  const { channelId, ts, except } = which;
  await inTransaction(catalog, async (scope) => {
    const known = await filesAt(scope, teamId, which);
    const named = which.fileId === undefined ? known : [which.fileId];
    for (const fileId of [...new Set(named)].sort().filter((id) => except?.has(id) !== true)) {
      const ref = { teamId, fileId };
      await lockExclusive(scope, removalLock(ref));
      const taken = { channelId, ts, at, heardAt: now };
      const isNew = await remember(scope, { ...ref, ...taken });
      if ((await lockFile(scope, ref)) === undefined) continue;
      await takeFrom(scope, ref, taken, isNew);
      await settleFile(scope, ref, channelId, now);
    }
    if (which.isUnseen === true)
      await remember(scope, { teamId, channelId, ts, fileId: '', at, heardAt: now });
  });
}

/** A file left a channel (`file_unshared`): Slack does not say which message it left. */
export async function unshareFile(
  catalog: Catalog,
  { teamId, fileId, channelId }: FileRef & { channelId: string },
  now: number,
  at: number = now,
): Promise<void> {
  await inTransaction(catalog, async (scope) => {
    const ref = { teamId, fileId };
    await lockExclusive(scope, removalLock(ref));
    await remember(scope, { ...ref, channelId, ts: '', at, heardAt: now });
    await settleFile(scope, ref, channelId, now);
  });
}

async function filesAt(
  { db }: Scope,
  teamId: string,
  { fileId, channelId, ts }: RemovedShare,
): Promise<string[]> {
  let query = db
    .selectFrom('share')
    // With a column that no index has, SQLite looks the message up; else it would read an index of all shares.
    .select(['fileId', 'removedAt'])
    .where('teamId', '=', teamId)
    .where('channelId', '=', channelId)
    .where('ts', '=', ts);
  if (fileId !== undefined) query = query.where('fileId', '=', fileId);
  return (await query.execute()).map((row) => row.fileId);
}

interface Taken {
  channelId: string;
  ts: string;
  at: number;
  heardAt: number;
}

/** Notes the removal at the share. That the file was in a message is known even if the message was never told of. */
async function takeFrom(
  scope: Scope,
  ref: FileRef,
  { channelId, ts, at, heardAt }: Taken,
  isNew: boolean,
): Promise<void> {
  const shares = (await shareRecords(scope, ref)).filter((share) => share.channelId === channelId);
  const share = shares.find((one) => one.ts === ts);
  if (share !== undefined) {
    // Of two things told for the same moment, the one told last is the later one.
    const shownAt = share.shownAt === at && isNew ? at - 1 : share.shownAt;
    const takenAt = Math.max(share.takenAt ?? at, at);
    await scope.db.updateTable('share').set({ takenAt, shownAt }).where('id', '=', share.id).execute();
    return;
  }
  const placeholder = shares.find((one) => one.ts === '' && one.silent === 0 && isSlacks(one));
  if (placeholder) await scope.db.deleteFrom('share').where('id', '=', placeholder.id).execute();
  await insertEnded(scope, { ...ref, channelId }, { ts, at, heardAt });
}

/** False when it was told before. */
async function remember({ db }: Scope, removal: Taken & FileRef): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await db
    .insertInto('unshared')
    .values(removal)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows > 0n;
}

/** Applies what is known of a file's shares in a channel to the file, and to its attachments with it. */
async function settleFile(scope: Scope, ref: FileRef, channelId: string, now: number): Promise<void> {
  const file = await lockFile(scope, ref);
  if (file === undefined || !(await settle(scope, { ...ref, channelId }))) return;
  await updateDerived(scope, file, file, await shareRecords(scope, ref));
  await followMail(scope, ref);
  await touchHomes(scope, ref.teamId, now, { soon: true });
}

/**
 * Updates the next files that have removed shares: their places in lists and sums were made by another rule, or by an
 * older version. Returns where to continue; null at the end.
 */
export async function relistRemoved(
  catalog: Catalog,
  after: FileRef,
  limit: number,
): Promise<FileRef | null> {
  const { rows } = await sql<FileRef>`select distinct team_id, file_id from share
    where removed_at is not null and (team_id, file_id) > (${after.teamId}, ${after.fileId})
    order by team_id, file_id limit ${limit}`.execute(catalog.db);
  for (const { teamId, fileId } of rows) await changeFile(catalog, { teamId, fileId }, () => ({}));
  const last = rows.at(-1);
  return last === undefined || rows.length < limit ? null : last;
}

/**
 * An e-mail's attachments are shown and gone where the mail is. Shares made in the vault say for themselves what is open:
 * an attachment may be given to somebody without its mail.
 */
export async function followMail(scope: Scope, mail: FileRef): Promise<void> {
  for (const fileId of await partsOf(scope, mail))
    await beWithMail(scope, { teamId: mail.teamId, fileId }, mail);
}

/** Brings one attachment in line with its mail. */
export async function beWithMail(scope: Scope, ref: FileRef, mail: FileRef): Promise<void> {
  const file = await lockFile(scope, ref);
  if (file === undefined) return;
  const places = new Map(
    (await shareRecords(scope, mail))
      .filter(isSlacks)
      .map((share) => [`${share.channelId} ${share.ts}`, share]),
  );
  let changed = false;
  for (const share of (await shareRecords(scope, ref)).filter(isSlacks)) {
    const its = places.get(`${share.channelId} ${share.ts}`);
    if (its === undefined) continue;
    const { shownAt, takenAt, heardAt, removedAt } = its;
    if (shownAt === share.shownAt && takenAt === share.takenAt && removedAt === share.removedAt) continue;
    await scope.db
      .updateTable('share')
      .set({ shownAt, takenAt, heardAt, removedAt })
      .where('id', '=', share.id)
      .execute();
    changed = true;
  }
  if (changed) await updateDerived(scope, file, file, await shareRecords(scope, ref));
}
