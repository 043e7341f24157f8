import type { FileRow, FileState } from '../model.ts';

/** The states of `IS_LISTED` (conditions.ts): lists may show files in them. */
const LISTED: readonly FileState[] = ['pending', 'storing', 'stored', 'failed', 'skipped'];

/**
 * Whether lists show a file: stored files, and files on their way or not kept. A file that was deleted before Slack
 * even gave its name has nothing to show.
 */
export function isListed({
  state,
  reason,
  name,
  title,
}: Pick<FileRow, 'state' | 'reason' | 'name' | 'title'>): boolean {
  const isNameless = /^ *$/.test(name ?? '') && /^ *$/.test(title ?? '');
  const isGone = state === 'skipped' && (reason === 'tombstone' || reason === 'deleted_in_slack');
  return LISTED.includes(state) && !(isGone && isNameless);
}
