import type { RemovedShare } from '../../catalog/files/unshare.ts';
import type { Sighting } from '../../catalog/model.ts';

/** The edit or deletion of a message. */
export interface MessageChange {
  /** The changed message; null if Slack did not say which. */
  ts: string | null;
  /** It was deleted, or replaced by a tombstone, like the parent of a thread. */
  isGone: boolean;
  /** The files that it had before; null if Slack did not say. */
  before: readonly Sighting[] | null;
}

/**
 * What a change took back from one message; `found` is what the message still has. A deleted message loses all of its
 * files, even if Slack still lists them. A tombstone means that the file was deleted in Slack; that takes back
 * nothing.
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
    // An e-mail's attachments are there as long as the mail is, even if a stub no longer names them.
    ({ file }) => !still.has(file.fileId) && !still.has(file.parentId ?? '') && !except.has(file.fileId),
  );
  const named = taken.map(({ file }) => ({ ...place, fileId: file.fileId }));
  // Slack may not say what a deleted message contained. Then the deletion is remembered, in case the message comes.
  return isGone ? [...named, { ...place, isUnseen: before === null }] : named;
}
