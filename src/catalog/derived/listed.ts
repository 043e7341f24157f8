import type { FileRow, FileState } from '../model.ts';

/** The states of `IS_LISTED` (conditions.ts), of which lists may show files. */
const LISTED: readonly FileState[] = ['pending', 'storing', 'stored', 'failed', 'skipped'];

/**
 * Whether lists show a file: what is stored, and what is on its way or not kept. Of what was deleted before Slack gave
 * it even a name, there is nothing to show.
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
