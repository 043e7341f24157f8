/** Shares that a file's uploader makes in the vault: they open the file like a share in Slack. */
import { lockExclusive } from '../db/dialect.ts';
import { lockFile } from '../db/lock-file.ts';
import type { Catalog, FileRecord, Scope, ShareRecord } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { updateDerived } from '../derived/update.ts';
import { recordAudit } from '../governance/audit.ts';
import type { AuditEntry, ChannelKind, FileRef } from '../model.ts';
import { isCard, touchCards, whereNow } from '../notices/card-of.ts';
import { touchHomes } from '../notices/homes.ts';
import { upsertChannel } from './channels.ts';
import { partsOf } from './lookup.ts';
import { insertShare, isSlacks, removalLock, settle, shareRecords } from './share-rows.ts';

/**
 * Where a file is opened: in a channel, by a message of the bot; or, without a message, to one person. Until the message is
 * posted, the topic of its card stands for its `ts`; see cards.ts.
 */
export interface OpenedTo {
  /** The channel, or the id of the person. */
  channelId: string;
  kind: ChannelKind;
  /** The message of the bot; null for a person. */
  ts: string | null;
}

interface Change extends FileRef {
  to: Omit<OpenedTo, 'kind'>;
  /** Who does it. */
  actorId: string;
  now: number;
}

/**
 * Opens a stored file, with an e-mail's attachments, to a channel or a person. Audited. False when it is not stored any
 * more, is open to this person already, or in this channel by another message of ours.
 */
export async function openFile(catalog: Catalog, change: Change & { to: OpenedTo }): Promise<boolean> {
  return inTransaction(catalog, (scope) => openFileIn(scope, change));
}

/** The same in the caller's transaction. */
export async function openFileIn(
  scope: Scope,
  { teamId, fileId, to, actorId, now }: Change & { to: OpenedTo },
): Promise<boolean> {
  const { channelId, kind, ts } = to;
  const files = await lockWithParts(scope, { teamId, fileId });
  const [file] = files;
  if (file?.fileId !== fileId || file.state !== 'stored') return false;
  const before = await openingOf(scope, file, to);
  if (before !== undefined && before.removedAt === null) return false;
  if (ts !== null && (await openMessageIn(scope, file, channelId)) !== null) return false;
  if (ts === null)
    await upsertChannel(scope, { teamId, channelId, kind, imUserId: channelId, checkedAt: now });
  // After a share was taken back, a new one of the same moment must count as the later one.
  const shownAt = Math.max(now, before?.takenAt ?? 0);
  const about = { channelId, channelKind: kind, ts, threadTs: null, userId: actorId, sharedAt: now };
  for (const one of files) {
    // An attachment that was given on its own stays so when its mail is taken back.
    if (one !== file && (await openingOf(scope, one, to))?.removedAt === null) continue;
    await insertShare(scope, refOf(one), { ...about, shownAt, viaVault: true }, false);
    await updateDerived(scope, one, one, await shareRecords(scope, refOf(one)));
  }
  await recordChange(scope, { teamId, fileId, to, actorId, now }, ts === null ? 'given' : 'shared');
  await touchHomes(scope, teamId, now, { soon: true });
  return true;
}

/**
 * Closes a file again where {@link openFile} opened it: that one share, and what it opened of an e-mail's attachments.
 * Audited. False when it is not open there.
 */
export async function closeFile(catalog: Catalog, change: Change): Promise<boolean> {
  return inTransaction(catalog, (scope) => closeFileIn(scope, change));
}

/** The same in the caller's transaction. */
export async function closeFileIn(scope: Scope, change: Change): Promise<boolean> {
  const { teamId, fileId, now } = change;
  const files = await lockWithParts(scope, { teamId, fileId });
  const [file] = files;
  if (file?.fileId !== fileId) return false;
  const to = await whereNow(scope, teamId, change.to);
  const share = await openingOf(scope, file, to);
  if (share === undefined || share.removedAt !== null) return false;
  for (const one of files) await take(scope, one, { to, now, shownAt: share.shownAt });
  await recordChange(scope, { ...change, to }, to.ts === null ? 'given_back' : 'unshared');
  await touchCards(scope, { teamId, fileId }, to, now);
  await touchHomes(scope, teamId, now, { soon: true });
  return true;
}

/** The message of ours that opens a file in a channel now, or what stands for it; null if none does. */
export async function openMessageIn(scope: Scope, ref: FileRef, channelId: string): Promise<string | null> {
  const open = await openedTo(scope, refOf(ref));
  // An upload for the channel has no message of ours.
  return open.find((one) => one.channelId === channelId && one.ts !== '')?.ts ?? null;
}

/** The shares of a file that were made in the vault and are open, oldest first. */
export async function openedTo(scope: Scope, ref: FileRef): Promise<ShareRecord[]> {
  return (await shareRecords(scope, ref)).filter((share) => !isSlacks(share) && share.removedAt === null);
}

/** `shownAt` is when the share to be closed was opened: attachments were opened with it then, or on their own. */
async function take(
  scope: Scope,
  file: FileRecord,
  { to, now, shownAt }: Pick<Change, 'to' | 'now'> & { shownAt: number },
): Promise<void> {
  const share = await openingOf(scope, file, to);
  if (share === undefined || share.shownAt !== shownAt) return;
  const takenAt = Math.max(now, share.shownAt + 1);
  await scope.db.updateTable('share').set({ takenAt, heardAt: now }).where('id', '=', share.id).execute();
  await settle(scope, { ...refOf(file), channelId: to.channelId });
  await updateDerived(scope, file, file, await shareRecords(scope, refOf(file)));
}

const refOf = ({ teamId, fileId }: FileRef): FileRef => ({ teamId, fileId });

/** The share in the vault that opened a file there, open or not. */
async function openingOf(
  scope: Scope,
  ref: FileRef,
  { channelId, ts }: Change['to'],
): Promise<ShareRecord | undefined> {
  const shares = await shareRecords(scope, refOf(ref));
  return shares.find((one) => !isSlacks(one) && one.channelId === channelId && one.ts === (ts ?? ''));
}

/**
 * A file, and the attachments of an e-mail, in a fixed order. Removals wait until this transaction has ended; as
 * everywhere, their lock comes before the rows.
 */
async function lockWithParts(scope: Scope, ref: FileRef): Promise<FileRecord[]> {
  const refs = [ref.fileId, ...(await partsOf(scope, ref))].map((fileId) => ({ teamId: ref.teamId, fileId }));
  for (const one of refs) await lockExclusive(scope, removalLock(one));
  const files: FileRecord[] = [];
  for (const one of refs) {
    const file = await lockFile(scope, one);
    if (file !== undefined) files.push(file);
  }
  return files;
}

function recordChange(
  scope: Scope,
  { teamId, fileId, to, actorId, now }: Change,
  action: AuditEntry['action'],
): Promise<void> {
  const about = { teamId, actorId, fileId, action, at: now };
  return to.ts === null
    ? recordAudit(scope, { ...about, channelId: null, detail: { personId: to.channelId } })
    : recordAudit(scope, { ...about, channelId: to.channelId, detail: isCard(to.ts) ? {} : { ts: to.ts } });
}
