import type { FileRow } from './model.ts';

/**
 * Kinds of file that people go on editing in Slack, by its `mode` (or `filetype`, where an old file has no such mode):
 * canvases, posts, snippets and lists. What was uploaded as a file stays as it is.
 */
const EDITED = new Set(['space', 'quip', 'canvas', 'docs', 'post', 'snippet', 'list']);

/** Whether the bytes of this file may be others later on. */
export function isEdited({ mode, filetype }: Pick<FileRow, 'mode' | 'filetype'>): boolean {
  return EDITED.has(mode ?? '') || (mode !== 'hosted' && EDITED.has(filetype ?? ''));
}
