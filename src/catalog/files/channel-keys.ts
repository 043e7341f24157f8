import type { FileRecord, Scope, ShareRecord } from '../db/schema.ts';

/**
 * Under which keys files are listed and counted. A file is listed under the channels that it is open to. A file taken
 * back everywhere is open to no channel: it is listed under closed keys, one for each channel where it was. Nobody is a
 * member of those, so only its uploader finds it. Everything that depends on a channel (its days of retention) continues.
 */

/** None of Slack's ids begins with this. */
const CLOSED = '!';

export const closedKey = (channelId: string): string => `${CLOSED}${channelId}`;

/** The channel of a key, open or closed. */
export const channelOfKey = (key: string): string => key.replace(/^!/, '');

/** A channel's open key and its closed one, for work on all of a channel's files, open or not. */
export const bothKeys = (channelId: string): [string, string] => [channelId, closedKey(channelId)];

/**
 * Slack tells of a deleted file and of its messages in no fixed order. A removal counts as part of the deletion from
 * this long before it, by Slack's clock (ms).
 */
const TOGETHER_MS = 30_000;

/** Two of Slack's moments that may be about the same thing. */
export const areTogether = (a: number, b: number): boolean => Math.abs(a - b) <= TOGETHER_MS;

type Removal = Pick<ShareRecord, 'removedAt' | 'viaVault'>;
type Deletion = Pick<FileRecord, 'slackDeletedAt'>;

/**
 * Whether somebody took a share back: it is gone, and not because Slack deleted the file itself, then or before.
 * Files that Slack deletes stay open to the people who could see them.
 */
function isTakenBack({ removedAt, viaVault }: Removal, { slackDeletedAt }: Deletion): boolean {
  if (removedAt === null) return false;
  if (viaVault === 1) return true;
  return slackDeletedAt === null || removedAt < slackDeletedAt - TOGETHER_MS;
}

/**
 * The shares that open a file to their channels: with `keep` all that Slack showed, otherwise only those that were not
 * taken back. What was shared in the vault and taken back is closed in any case.
 */
export function openShares<T extends Removal>(
  { onUnshare }: Pick<Scope, 'onUnshare'>,
  file: Deletion,
  shares: readonly T[],
): T[] {
  const isKept = (share: T) => onUnshare === 'keep' && share.viaVault === 0;
  return shares.filter((share) => isKept(share) || !isTakenBack(share, file));
}

/** The shares that list a file, each with its key as its `channelId`. */
export function keyedShares(scope: Scope, file: Deletion, shares: readonly ShareRecord[]): ShareRecord[] {
  const open = openShares(scope, file, shares);
  if (open.length > 0) return open;
  return shares.map((share) => ({ ...share, channelId: closedKey(share.channelId) }));
}
