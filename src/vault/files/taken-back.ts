import type { RemovedShare } from '../../catalog/files/unshare.ts';
import type { Sighting } from '../../catalog/model.ts';

/** That a message was edited or deleted. */
export interface MessageChange {
  /** The message that was changed; null where Slack did not say which. */
  ts: string | null;
  /** It was deleted, or a tombstone stands in its place, as in that of a thread's parent. */
  isGone: boolean;
  /** The files that it held before; null where Slack left out what it was like. */
  before: readonly Sighting[] | null;
}

/**
 * What a change took back, all of it from one message, where `found` is what the message still holds. A deleted message
 * takes all of its files with it, whatever Slack still says of them. A file that is a tombstone was deleted in Slack,
 * which takes back nothing.
 */
export function takenBack(
  channelId: string,
  { ts, isGone, before }: MessageChange,
  found: readonly Sighting[],
): RemovedShare[] {
  if (ts === null) return [];
  const was = before ?? [];
  const except = new Set(was.filter(({ skip }) => skip === 'tombstone').map(({ file }) => file.fileId));
  const place = { channelId, ts, except };
  const still = new Set(found.map(({ file }) => file.fileId));
  const taken = was.filter(
    // What was attached to an e-mail is there as long as the mail is, also where a stub no longer tells of it.
    ({ file }) => !still.has(file.fileId) && !still.has(file.parentId ?? '') && !except.has(file.fileId),
  );
  const named = taken.map(({ file }) => ({ ...place, fileId: file.fileId }));
  // Slack may leave out what a deleted message was like. Without any word of it, it is remembered for a message to come.
  return isGone ? [...named, { ...place, isUnseen: before === null }] : named;
}
