import type { ListCursor } from '../catalog/model.ts';
import { limits } from './limits.ts';

/** What a page button carries: where it stands, and the words that the asker typed. Never trusted, only parsed. */
export interface PageCursor {
  /** Empty for every channel that the asker may see. */
  channelId: string;
  query: string;
  cursor: ListCursor;
}

/**
 * The value of a page button, or null when the words are too long to travel in one (2,000 characters).
 * Base64url, because Slack may hand `&`, `<` and `>` back escaped.
 */
export function encodeCursor({ channelId, query, cursor }: PageCursor): string | null {
  const { direction, sharedAt, fileId, rank = 0 } = cursor;
  const value = encode([channelId, query, direction, sharedAt, fileId, rank]);
  return value.length <= limits.buttonValue ? value : null;
}

/** Reads a page button's value; null for whatever `encodeCursor` did not write. */
export function decodeCursor(value: unknown): PageCursor | null {
  const fields = decode(value, limits.buttonValue);
  if (fields?.length !== 6) return null;
  const [channelId, query, direction, sharedAt, fileId, rank] = fields;
  if (typeof channelId !== 'string' || typeof query !== 'string' || typeof fileId !== 'string') return null;
  // PostgreSQL's text holds no NUL; what was typed is looked at where it is read.
  if (channelId.includes('\0') || fileId.includes('\0')) return null;
  if (direction !== 'older' && direction !== 'newer') return null;
  // A fraction has no place in a column of whole numbers; PostgreSQL would refuse it.
  if (!Number.isSafeInteger(sharedAt)) return null;
  if (rank !== 0 && rank !== 1 && rank !== 2 && rank !== 3) return null;
  return { channelId, query, cursor: { direction, rank, sharedAt: sharedAt as number, fileId } };
}

/** What is looked for, without a place in it. Never trusted, only parsed. */
export type Sought = Pick<PageCursor, 'channelId' | 'query'>;

/**
 * The id of a block with menus: a menu carries only what was chosen in it, so its block has to say what it is
 * chosen for. Null when the words are too long for an id. As it differs with the words, Slack does not take an old
 * choice over into a new screen.
 */
export function encodeSought(prefix: string, { channelId, query }: Sought): string | null {
  const id = `${prefix}:${encode([channelId, query])}`;
  return id.length <= limits.blockId ? id : null;
}

/** Reads the id of a block; null for whatever `encodeSought` did not write. */
export function decodeSought(blockId: unknown): Sought | null {
  const encoded = typeof blockId === 'string' ? blockId.slice(blockId.indexOf(':') + 1) : null;
  const fields = decode(encoded, limits.blockId);
  if (fields?.length !== 2) return null;
  const [channelId, query] = fields;
  if (typeof channelId !== 'string' || typeof query !== 'string' || channelId.includes('\0')) return null;
  return { channelId, query };
}

function encode(fields: unknown[]): string {
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

function decode(value: unknown, longest: number): unknown[] | null {
  if (typeof value !== 'string' || value.length > longest) return null;
  const fields = parseJson(Buffer.from(value, 'base64url').toString('utf8'));
  return Array.isArray(fields) ? fields : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
