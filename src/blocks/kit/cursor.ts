import * as v from 'valibot';
import type { ListCursor } from '../../catalog/model.ts';
import { decodeParts, encodeParts, numberPart, textPart } from './button-value.ts';
import { limits } from './limits.ts';

/** What a page button carries: its place in the list, and the typed words. Never trusted, only parsed. */
export interface PageCursor {
  /** Empty for every channel that the asker may see. */
  channelId: string;
  query: string;
  cursor: ListCursor;
}

/** The typed text is checked later, when it is read. */
const SOUGHT = [textPart, v.string()] as const;
const PAGE = [
  ...SOUGHT,
  v.picklist(['older', 'newer']),
  numberPart,
  textPart,
  v.picklist([0, 1, 2, 3]),
] as const;

/** The value of a page button, or null when the words are too long for it (2,000 characters). */
export function encodeCursor({ channelId, query, cursor }: PageCursor): string | null {
  const { direction, sharedAt, fileId, rank = 0 } = cursor;
  return encodeParts([channelId, query, direction, sharedAt, fileId, rank], limits.buttonValue);
}

/** Reads a page button's value; null if `encodeCursor` did not write it. */
export function decodeCursor(value: unknown): PageCursor | null {
  const parts = decodeParts(value, PAGE, limits.buttonValue);
  if (parts === null) return null;
  const [channelId, query, direction, sharedAt, fileId, rank] = parts;
  return { channelId, query, cursor: { direction, rank, sharedAt, fileId } };
}

/** What is searched, without a place in the list. Never trusted, only parsed. */
export type Sought = Pick<PageCursor, 'channelId' | 'query'>;

/**
 * The id of a block with menus. A menu carries only the choice, so the id of its block must carry the search. Null
 * when the words are too long for an id. Other words make another id, so Slack does not copy an old choice into a new
 * screen.
 */
export function encodeSought(prefix: string, { channelId, query }: Sought): string | null {
  const words = encodeParts([channelId, query], limits.blockId - prefix.length - 1);
  return words === null ? null : `${prefix}:${words}`;
}

/** Reads the id of a block; null if `encodeSought` did not write it. */
export function decodeSought(blockId: unknown): Sought | null {
  if (typeof blockId !== 'string') return null;
  const parts = decodeParts(blockId.slice(blockId.indexOf(':') + 1), SOUGHT, limits.blockId);
  return parts === null ? null : { channelId: parts[0], query: parts[1] };
}
