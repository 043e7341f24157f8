import type { ListCursor } from '../catalog/model.ts';
import { limits } from './limits.ts';

/** What a page button carries: where it stands, and the words that the asker typed. Never trusted, only parsed. */
export interface PageCursor {
  channelId: string;
  query: string;
  cursor: ListCursor;
}

/**
 * The value of a page button, or null when the words are too long to travel in one (2,000 characters).
 * Base64url, because Slack may hand `&`, `<` and `>` back escaped.
 */
export function encodeCursor({ channelId, query, cursor }: PageCursor): string | null {
  const { direction, sharedAt, fileId } = cursor;
  const value = Buffer.from(JSON.stringify([channelId, query, direction, sharedAt, fileId])).toString(
    'base64url',
  );
  return value.length <= limits.buttonValue ? value : null;
}

/** Reads a page button's value; null for whatever `encodeCursor` did not write. */
export function decodeCursor(value: unknown): PageCursor | null {
  if (typeof value !== 'string' || value.length > limits.buttonValue) return null;
  const fields = parseJson(Buffer.from(value, 'base64url').toString('utf8'));
  if (!Array.isArray(fields) || fields.length !== 5) return null;
  const [channelId, query, direction, sharedAt, fileId] = fields as unknown[];
  if (typeof channelId !== 'string' || typeof query !== 'string' || typeof fileId !== 'string') return null;
  if (direction !== 'older' && direction !== 'newer') return null;
  if (typeof sharedAt !== 'number' || !Number.isFinite(sharedAt)) return null;
  return { channelId, query, cursor: { direction, sharedAt, fileId } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
