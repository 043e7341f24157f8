import type { Insertable } from 'kysely';
import { lockFile } from '../db/lock-file.ts';
import { prepared } from '../db/prepared.ts';
import type { Catalog, FileRecord, Schema, Scope, ShareRecord } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { updateDerived } from '../derived/update.ts';
import type { ConfirmMode, FileRef, FileState, SharedFile, Sighting } from '../model.ts';
import { type Telling, tellAll, tellingOfSkipped } from '../notices/telling.ts';
import { writeChanges } from './change.ts';
import { QUIET_MS, wantLook } from './changes.ts';
import { hasChanged } from './edited.ts';
import {
  describe,
  firstStanding,
  mergeDescription,
  mergeFacts,
  mergeUpdated,
  nextStanding,
} from './merge.ts';
import { compare, insertShare, shareRecords } from './share-rows.ts';
import { beWithMail, followMail } from './unshare.ts';

/** A sighting to be written down. */
export interface NewSighting extends Sighting {
  /** When to fetch it, if not at once (ms). */
  dueAt?: number;
  /** The backfill that found it. */
  backfillId?: number;
}

export interface RecordedFile {
  fileId: string;
  isNew: boolean;
  state: FileState;
}

/**
 * Records that files were shared, all in one transaction. Deliveries may repeat, come late and come in any order: the
 * same ones always end in the same state. A new file becomes due; a known one takes what it lacked; a stub or a
 * tombstone never overwrites anything good. Returns what happened to each, in the order given.
 */
export async function recordShares(
  catalog: Catalog,
  teamId: string,
  found: NewSighting[],
  now: number,
  confirm: ConfirmMode = 'off',
): Promise<RecordedFile[]> {
  return inTransaction(catalog, (scope) => recordSharesIn(scope, teamId, found, now, confirm));
}

/**
 * The same in the caller's transaction. Files that are not kept are told there, unless `confirm`, or the channel's
 * own setting for it, is off. A stored file that was edited since is looked at after `quietMs`.
 */
export async function recordSharesIn(
  scope: Scope,
  teamId: string,
  found: NewSighting[],
  now: number,
  confirm: ConfirmMode = 'off',
  quietMs: number = QUIET_MS,
): Promise<RecordedFile[]> {
  // Always in the same order, so that two processes with the same message do not block each other.
  const order = found.map((item, index) => ({ item, index }));
  order.sort((a, b) => compare(a.item.file.fileId, b.item.file.fileId) || a.index - b.index);
  const results: RecordedFile[] = [];
  const tellings: Telling[] = [];
  for (const { item, index } of order) {
    const { recorded, telling } = await recordShare(scope, teamId, item, { now, confirm, quietMs });
    results[index] = recorded;
    if (telling !== undefined) tellings.push(telling);
  }
  // After all the files: a capture that ends also locks its file first, and then the message.
  await tellAll(scope, teamId, tellings, now);
  return results;
}

async function recordShare(
  scope: Scope,
  teamId: string,
  found: NewSighting,
  { now, confirm, quietMs }: { now: number; confirm: ConfirmMode; quietMs: number },
): Promise<{ recorded: RecordedFile; telling: Telling | undefined }> {
  const { file, share, skip } = found;
  const ref = { teamId, fileId: file.fileId };
  const dueAt = found.dueAt ?? now;
  const inserted = await insertFile(scope, ref, found, dueAt);
  const before = inserted ?? (await lockFile(scope, ref));
  if (!before) throw new Error(`File ${file.fileId} vanished from the catalog while it was being recorded`);
  await insertShare(scope, ref, share, inserted !== undefined);
  const mail = file.parentId ?? before.parentId;
  if (mail) await beWithMail(scope, ref, { teamId, fileId: mail });
  const shares = await shareRecords(scope, ref);
  const standing = inserted ? null : nextStanding(before, file, skip, dueAt);
  const after = {
    ...before,
    ...(inserted ? {} : describeAgain(before, file)),
    ...(inserted
      ? {}
      : { facts: before.state === 'purged' ? before.facts : mergeFacts(before.facts, file.facts) }),
    ...standing,
    ...(standing ? { errorText: null } : {}),
    // Nobody waits any more for a left-out file that an old message brings back.
    ...(standing && before.state === 'skipped' && found.quiet ? { quiet: 1 } : {}),
    ...firstShare(before, shares),
  };
  const isSkipped = after.state === 'skipped' && (inserted !== undefined || standing !== null);
  const telling = isSkipped ? await tellingOfSkipped(scope, after, shares, { confirm, now }) : undefined;
  if (telling !== undefined) after.told = 1;
  await writeChanges(scope, before, after);
  await updateDerived(scope, inserted ? undefined : before, after, shares);
  if (!inserted && after.filetype === 'email') await followMail(scope, ref);
  if (before.state === 'stored' && hasChanged(before, file))
    await wantLook(scope, ref, { now, dueAt: now + quietMs });
  return { recorded: { fileId: file.fileId, isNew: inserted !== undefined, state: after.state }, telling };
}

function describeAgain(before: FileRecord, file: SharedFile) {
  const merged = mergeDescription(before, file);
  return { ...merged, ...mergeUpdated(before, merged) };
}

const newFile = prepared((scope: Scope, file: Insertable<Schema['file']>) =>
  scope.db
    .insertInto('file')
    .values(file)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll(),
);

const goneFile = prepared(({ db }: Scope, { teamId, fileId }: FileRef) =>
  db.selectFrom('gone').select('deletedAt').where('teamId', '=', teamId).where('fileId', '=', fileId),
);

/** Inserts the file unless it is known. */
async function insertFile(
  scope: Scope,
  ref: FileRef,
  { file, share, skip, quiet, backfillId }: NewSighting,
  dueAt: number,
): Promise<FileRecord | undefined> {
  const [record] = await newFile(scope, {
    ...describe(file),
    facts: JSON.stringify(file.facts ?? {}),
    ...firstStanding(skip, dueAt, file),
    teamId: ref.teamId,
    fileId: ref.fileId,
    channelId: share.channelId,
    messageTs: share.ts,
    threadTs: share.threadTs,
    sharedAt: share.sharedAt,
    quiet: quiet ? 1 : 0,
    backfillId: backfillId ?? null,
  });
  if (!record) return undefined;
  const [own] = await goneFile(scope, ref);
  // An e-mail's attachments went with it.
  const [gone] =
    own || !record.parentId ? [own] : await goneFile(scope, { teamId: ref.teamId, fileId: record.parentId });
  if (!gone) return record;
  await scope.db
    .updateTable('file')
    .set({ slackDeletedAt: gone.deletedAt })
    .where('id', '=', record.id)
    .execute();
  return { ...record, slackDeletedAt: gone.deletedAt };
}

type FirstShare = Pick<FileRecord, 'channelId' | 'messageTs' | 'threadTs' | 'sharedAt'>;

/** The first share, as in the file's record. Once stored it names the object: only its `ts` may be filled in. */
function firstShare(file: FileRecord, shares: ShareRecord[]): FirstShare | undefined {
  const isSettled = file.state === 'stored' || file.state === 'trashed' || file.state === 'purged';
  const first = isSettled ? shares.find((share) => share.channelId === file.channelId) : shares[0];
  if (!first) return undefined;
  const place = { messageTs: first.ts || null, threadTs: first.threadTs };
  if (!isSettled) return { channelId: first.channelId, sharedAt: first.sharedAt, ...place };
  if (file.messageTs !== null) return undefined;
  return { channelId: file.channelId, sharedAt: file.sharedAt, ...place };
}
