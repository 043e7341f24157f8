import { createHash } from 'node:crypto';

/**
 * An id for a channel or person whose own id an archive does not tell: always the same for the same name, and never one of
 * Slack's, which begin with another letter. So nobody is a member of it, and Slack knows nothing of it.
 */
export function placeholderId(name: string): string {
  return `X${createHash('sha256').update(name).digest('hex').slice(0, 15).toUpperCase()}`;
}

/** The same for a file, whose ids begin with F. */
export const placeholderFileId = (about: string): string => `F${placeholderId(about)}`;

/** Whether a file's id was made by {@link placeholderFileId}. */
export const isPlaceholderFileId = (fileId: string): boolean => /^FX[0-9A-F]{15}$/.test(fileId);
