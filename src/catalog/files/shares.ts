import { type Insertable, sql } from 'kysely';
import { jsonTable, lockShared, rowTable } from '../db/dialect.ts';
import { lockFile } from '../db/lock-file.ts';
import { prepared } from '../db/prepared.ts';
import type { Catalog, FileRecord, Schema, Scope, ShareRecord } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { leaveNameWords, writeNameWords } from '../derived/name-words.ts';
import { deriveNew, type NewFile } from '../derived/new-files.ts';
import { updateDerived } from '../derived/update.ts';
import type { ConfirmMode, FileRef, FileState, SharedFile } from '../model.ts';
import { type Telling, tellAll, tellingOfSkipped } from '../notices/telling.ts';
import { writeChanges } from './change.ts';
import { QUIET_MS, wantLook } from './changes.ts';
import { hasChanged } from './edited.ts';
import { insertMany, newFileRow } from './insert-many.ts';
import { mergeDescription, mergeUpdated, nextStanding } from './merge.ts';
import { mergeTold, toldAt } from './merge-facts.ts';
import type { NewSighting } from './new-sighting.ts';
import { keepSaid } from './said.ts';
import { compare, insertShare, removalLock, shareRecords } from './share-rows.ts';
import { beWithMail, followMail } from './unshare.ts';

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
  const fresh = newFiles(scope);
  const isMany = found.length > 1;
  if (isMany) await leaveNameWords(scope);
  const untouched = isMany && (await isUntouched(scope, teamId, found));
  const ready = untouched ? await insertMany(scope, firstOfEach(order, now)) : new Map();
  for (const { item, index } of order) {
    if (fresh.has(item.file.fileId)) await fresh.flush();
    const { recorded, telling } = await recordShare(scope, teamId, item, {
      ...{ now, confirm, quietMs, fresh, untouched, ready },
    });
    results[index] = recorded;
    if (telling !== undefined) tellings.push(telling);
  }
  await fresh.flush();
  if (isMany) await writeNameWords(scope, fresh.names());
  // After all the files: a capture that ends also locks its file first, and then the message.
  await tellAll(scope, teamId, tellings, now);
  return results;
}

/** New files, until everything derived from them is written, for all of them together. */
function newFiles(scope: Scope) {
  const files = new Map<string, NewFile>();
  const names: string[] = [];
  return {
    /** A new row was made; `names` has the texts of all of them. */
    made: ({ folded }: FileRecord) => void names.push(folded),
    names: () => names,
    add: (one: NewFile) => void files.set(one.file.fileId, one),
    has: (fileId: string) => files.has(fileId),
    async flush() {
      const all = [...files.values()];
      files.clear();
      await deriveNew(scope, all);
    },
  };
}

interface Recording {
  now: number;
  confirm: ConfirmMode;
  quietMs: number;
  fresh: ReturnType<typeof newFiles>;
  /** Nothing that Slack told earlier is about these files or their messages. */
  untouched: boolean;
  /** Rows that were made already; each is taken once. */
  ready: Map<string, { file: FileRecord; share: ShareRecord }>;
}

/**
 * The first sighting of each file that may be written down with others in one statement. One that is attached to a mail in any of
 * them is left out: what belongs to a mail touches other files.
 */
function firstOfEach(order: ReadonlyArray<{ item: NewSighting }>, now: number) {
  const first = new Map<string, NewSighting & { dueAt: number }>();
  const attached = new Set(order.flatMap(({ item: { file } }) => (file.parentId ? [file.fileId] : [])));
  for (const { item } of order) {
    const { file, dueAt = now } = item;
    if (!attached.has(file.fileId) && !first.has(file.fileId)) first.set(file.fileId, { ...item, dueAt });
  }
  return [...first.values()];
}

async function recordShare(
  scope: Scope,
  teamId: string,
  found: NewSighting,
  { now, confirm, quietMs, fresh, untouched, ready }: Recording,
): Promise<{ recorded: RecordedFile; telling: Telling | undefined }> {
  const { file, share, skip } = found;
  const ref = { teamId, fileId: file.fileId };
  const dueAt = found.dueAt ?? now;
  await lockShared(scope, removalLock(ref));
  const made = ready.get(ref.fileId);
  ready.delete(ref.fileId);
  const inserted = made?.file ?? (await insertFile(scope, ref, found, { dueAt, untouched }));
  if (inserted) fresh.made(inserted);
  const before = inserted ?? (await lockFile(scope, ref));
  if (!before) throw new Error(`File ${file.fileId} vanished from the catalog while it was being recorded`);
  const only = made?.share ?? (await insertShare(scope, ref, share, inserted !== undefined, untouched));
  const mail = file.parentId ?? before.parentId;
  // What follows touches other files, too.
  if (mail || before.filetype === 'email' || file.filetype === 'email') await fresh.flush();
  if (mail) await beWithMail(scope, ref, { teamId, fileId: mail });
  const shares = only && !mail ? [only] : await shareRecords(scope, ref);
  if (before.state !== 'purged') {
    await keepSaid(scope, ref, share, { shares, called: before, isNew: inserted !== undefined });
  }
  const standing = inserted ? null : nextStanding(before, file, skip, dueAt);
  const after = {
    ...before,
    ...(inserted ? {} : describeAgain(before, file)),
    ...(inserted
      ? {}
      : { facts: before.state === 'purged' ? before.facts : mergeTold(before, file, toldAt(share)) }),
    ...standing,
    ...(standing ? { errorText: null } : {}),
    // Nobody waits any more for a left-out file that an old message brings back.
    ...(standing && before.state === 'skipped' && found.quiet ? { quiet: 1 } : {}),
    ...firstShare(before, shares),
  };
  const isSkipped = after.state === 'skipped' && (inserted !== undefined || standing !== null);
  const telling = isSkipped ? await tellingOfSkipped(scope, after, shares, { confirm, now }) : undefined;
  if (telling !== undefined) after.told = 1;
  // A row that was just made is as it should be, unless somebody is told of it.
  if (made === undefined || telling !== undefined) await writeChanges(scope, before, after);
  if (inserted && !mail) fresh.add({ file: after, shares });
  else await updateDerived(scope, inserted ? undefined : before, after, shares);
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

const anyRemoval = prepared(
  ({ kind }: Scope, { teamId, files, messages }: Removable) => sql<{ one: number }>`
    select 1 as one from ${jsonTable(kind, files)} n
      where exists (select 1 from gone g where g.team_id = ${teamId} and g.file_id = n.id)
      or exists (select 1 from unshared u where u.team_id = ${teamId} and u.file_id = n.id)
    union all select 1 from ${rowTable(kind, messages, 2)} m
      where exists (select 1 from unshared u
        where u.team_id = ${teamId} and u.channel_id = m.a and u.ts = m.b and u.file_id = '')
    limit 1`,
);
type Removable = { teamId: string; files: string; messages: string };

/**
 * Whether Slack told nothing before of the deletion of any of these files, their mails or their messages. Not on PostgreSQL: there
 * another process may be told of it at this moment.
 */
async function isUntouched(scope: Scope, teamId: string, found: readonly NewSighting[]): Promise<boolean> {
  if (scope.kind === 'postgres') return false;
  const files = JSON.stringify(found.flatMap(({ file }) => [file.fileId, file.parentId ?? file.fileId]));
  const messages = JSON.stringify(found.map(({ share }) => [share.channelId, share.ts ?? '']));
  return (await anyRemoval(scope, { teamId, files, messages })).length === 0;
}

/** Inserts the file unless it is known. */
async function insertFile(
  scope: Scope,
  ref: FileRef,
  found: NewSighting,
  { dueAt, untouched }: { dueAt: number; untouched: boolean },
): Promise<FileRecord | undefined> {
  const [record] = await newFile(scope, newFileRow(ref, found, dueAt));
  if (!record || untouched) return record;
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
