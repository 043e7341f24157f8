import type { FileRecord, Scope, ShareRecord } from '../db/schema.ts';

/**
 * Where files are listed and counted. A file is in the channels that it is open to. One that was taken back everywhere is
 * open to none: it stands in closed places, one for each channel where it was. Nobody is a member of those, so nobody
 * but its uploader finds it, and what depends on a channel (its days of retention) goes on.
 */

/** No id of Slack's begins so. */
const CLOSED = '!';

export const closedPlace = (channelId: string): string => `${CLOSED}${channelId}`;

/** The channel that a place is, or was. */
export const channelOfPlace = (place: string): string => place.replace(/^!/, '');

/** A place and its closed counterpart, for what concerns a channel's files whether open or not. */
export const bothPlaces = (channelId: string): [string, string] => [channelId, closedPlace(channelId)];

/**
 * Slack tells of a deleted file and of the messages that go with it in no certain order. A removal counts as part of the
 * deletion from so long before it, by Slack's clock (ms).
 */
const TOGETHER_MS = 30_000;

/** Two moments of Slack's that may be about the same thing. */
export const areTogether = (a: number, b: number): boolean => Math.abs(a - b) <= TOGETHER_MS;

type Removal = Pick<ShareRecord, 'removedAt'>;
type Deletion = Pick<FileRecord, 'slackDeletedAt'>;

/**
 * Whether somebody took a share back: it is gone, and not because Slack deleted the file itself, then or before. What
 * Slack deletes stays open to those who could see it.
 */
function isTakenBack({ removedAt }: Removal, { slackDeletedAt }: Deletion): boolean {
  if (removedAt === null) return false;
  return slackDeletedAt === null || removedAt < slackDeletedAt - TOGETHER_MS;
}

/** The shares that open a file to their channels. Where a share that was taken back stays open (`keep`), all do. */
export function openShares<T extends Removal>(
  { onUnshare }: Pick<Scope, 'onUnshare'>,
  file: Deletion,
  shares: readonly T[],
): T[] {
  return onUnshare === 'keep' ? [...shares] : shares.filter((share) => !isTakenBack(share, file));
}

/** The shares by which a file is listed, each with its place as its `channelId`. */
export function placedShares(scope: Scope, file: Deletion, shares: readonly ShareRecord[]): ShareRecord[] {
  const open = openShares(scope, file, shares);
  if (open.length > 0) return open;
  return shares.map((share) => ({ ...share, channelId: closedPlace(share.channelId) }));
}
