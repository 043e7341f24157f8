import type { FileRecord, Scope, ShareRecord } from '../db/schema.ts';
import { confirmIn } from '../governance/rules.ts';
import type { ConfirmMode, SkipReason } from '../model.ts';
import type { FileSubject, NewNotice } from './model.ts';
import { addNotice, correctNotice, touchPost } from './notices.ts';
import { type PostTarget, targetOfReaction, targetOfStored, topicOfThread } from './targets.ts';

/**
 * Reasons that the people of a channel should know. Reasons that they chose themselves are left out (the channel is
 * switched off, the file was deleted in Slack).
 */
const TOLD: readonly SkipReason[] = [
  ...(['external', 'hidden_by_limit', 'access_denied', 'too_large', 'excluded_type'] as const),
  ...(['not_found', 'not_in_channel', 'no_content'] as const),
];

/** Something to tell in a channel. */
export interface Telling {
  place: PostTarget;
  notice: NewNotice;
}

/** Adds notices, always in the same order, so that two processes do not wait for each other's messages. */
export async function tellAll(
  scope: Scope,
  teamId: string,
  tellings: readonly Telling[],
  now: number,
): Promise<void> {
  const placed = tellings.map((telling) => ({
    telling,
    key: `${telling.place.channelId} ${telling.place.topic}`,
  }));
  placed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  for (const { telling } of placed) await addNotice(scope, { teamId, ...telling, now });
}

/**
 * Tells that a file is in the vault, where its first share is. If a message said earlier that it is not kept
 * (`wasLeftOut`), that message is corrected, even where nothing else is told (`confirm` is off). In reaction mode
 * every other message that shows the file is looked at again, too: it may have waited only for this file.
 */
export async function tellStored(
  scope: Scope,
  file: FileRecord,
  shares: readonly ShareRecord[],
  o: { confirm: ConfirmMode; wasLeftOut: boolean; bytes: number; now: number },
): Promise<void> {
  const { teamId, channelId } = file;
  const { confirm, wasLeftOut, bytes, now } = o;
  const notice = noticeOf('stored', file, shares, bytes);
  const topic = topicOfThread(file.threadTs ?? file.messageTs);
  const isCorrected =
    wasLeftOut && (await correctNotice(scope, { teamId, channelId, topic, kind: 'not_kept', notice, now }));
  if (confirm === 'off' || (isCorrected && confirm !== 'reaction')) return;
  await tellAll(scope, teamId, [{ place: targetOfStored(file, confirm, now), notice }], now);
  if (confirm !== 'reaction') return;
  for (const { channelId, ts } of shares) {
    if (ts !== '' && !(channelId === file.channelId && ts === file.messageTs))
      await touchPost(scope, teamId, targetOfReaction(channelId, ts, now));
  }
}

/**
 * What to tell of a file that was just skipped. Nothing when it was told before, when nobody would be told of its
 * storing either, or when its channel does not want to know. In reaction mode it is told in the thread.
 */
export async function tellingOfSkipped(
  scope: Scope,
  file: FileRecord,
  shares: readonly ShareRecord[],
  o: { confirm: ConfirmMode; now: number; waited?: boolean },
): Promise<Telling | undefined> {
  if (file.state !== 'skipped' || file.told !== 0 || file.quiet !== 0) return undefined;
  const { reason } = file;
  // A file gone before it could be fetched is a loss only if it was to be fetched.
  const isLoss = o.waited === true && reason === 'deleted_in_slack';
  if (reason === null || !(isLoss || TOLD.includes(reason))) return undefined;
  if (firstShareOf(file, shares)?.silent === 1) return undefined;
  const own = await confirmIn(scope, file.teamId, file.channelId);
  const confirm = own.confirm ?? o.confirm;
  if (confirm === 'off' || (reason === 'excluded_type' && !own.tellExcluded)) return undefined;
  const place = targetOfStored(file, confirm === 'reaction' ? 'thread' : confirm, o.now);
  return { place, notice: { ...noticeOf('not_kept', file, shares, file.size), reason } };
}

/**
 * Whether a file can be told of under a message: not a channel's own canvas, and not while no message is known. A
 * digest needs no message, but tells only of what somebody shared.
 */
export function hasTarget(file: FileRecord, shares: readonly ShareRecord[], confirm: ConfirmMode): boolean {
  if (confirm === 'digest') return shares.some(({ silent }) => silent === 0);
  return file.messageTs !== null;
}

function noticeOf(
  kind: 'stored' | 'not_kept',
  file: FileRecord,
  shares: readonly ShareRecord[],
  bytes: number | null,
): NewNotice & FileSubject {
  const { fileId, uploaderId: actorId } = file;
  const name = file.name?.trim() ? file.name : file.title;
  return { kind, fileId, actorId, name, bytes, sortKey: sortKeyOf(file, shares) };
}

function firstShareOf(file: FileRecord, shares: readonly ShareRecord[]): ShareRecord | undefined {
  return shares.find(({ channelId, ts }) => channelId === file.channelId && ts === (file.messageTs ?? ''));
}

/** The message's `ts` and the file's place in it. All of Slack's `ts` have one length, so text sorts like numbers. */
function sortKeyOf(file: FileRecord, shares: readonly ShareRecord[]): string | null {
  if (file.messageTs === null) return null;
  const position = firstShareOf(file, shares)?.position ?? 0;
  return `${file.messageTs} ${String(position).padStart(4, '0')}`;
}
