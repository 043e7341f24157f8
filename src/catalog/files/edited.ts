import { type Described, kindOf } from '../../file-kinds.ts';
import type { FileRecord } from '../db/schema.ts';
import type { SharedFile } from '../model.ts';

/**
 * Whether people go on editing such a file in Slack, so that its bytes may change later: canvases, posts, snippets
 * and lists. Files that were uploaded, or sent by e-mail, stay as they are.
 */
export function isEdited({ mode, filetype }: Pick<Described, 'mode' | 'filetype'>): boolean {
  const kind = kindOf({ mode, filetype });
  return kind === 'canvas' || kind === 'post' || kind === 'snippet' || kind === 'list';
}

type Stored = Pick<FileRecord, 'mode' | 'filetype' | 'updatedAt' | 'storedAt'>;

/** Whether an edit at this moment (ms) is later than the bytes that are stored. */
export function isLater(
  { updatedAt, storedAt }: Omit<Stored, 'mode' | 'filetype'>,
  at: number | null | undefined,
) {
  return (at ?? 0) > (updatedAt ?? storedAt ?? 0);
}

/** Slack tells of a later edit than the stored one: the delivery that told of it was missed. */
export function hasChanged(stored: Stored, told: SharedFile): boolean {
  return isEdited(stored) && isLater(stored, told.updatedAt);
}
