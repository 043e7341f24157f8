import * as v from 'valibot';
import type { ListCursor } from '../../catalog/model.ts';
import { RANK } from '../../text/match-rank.ts';
import { decodeParts, encodeParts, numberPart, textPart } from './button-value.ts';
import { limits } from './limits.ts';

/** What a page button carries: its place in the list, and the typed words. Never trusted, only parsed. */
export interface PageCursor {
  /** Empty for every channel that the asker may see. */
  channelId: string;
  query: string;
  cursor: ListCursor;
  /** How many files come before the page, if that is known. */
  before?: number;
}

/** The typed text is checked later, when it is read. */
const SOUGHT = [textPart, v.string()] as const;
/** As earlier releases wrote it: old messages stay in people's Slack. */
const PLACE = [
  ...SOUGHT,
  v.picklist(['older', 'newer']),
  numberPart,
  textPart,
  v.picklist(Object.values(RANK)),
] as const;
const PAGE = [...PLACE, v.pipe(numberPart, v.minValue(0)), textPart] as const;

/** The value of a page button, or null when the words are too long for it (2,000 characters, or `longest`). */
export function encodeCursor(page: PageCursor, longest: number = limits.buttonValue): string | null {
  const { channelId, query, cursor, before } = page;
  const { direction, sharedAt, fileId, rank = 0, name = '' } = cursor;
  const numbered = before === undefined ? [] : [before, name];
  return encodeParts([channelId, query, direction, sharedAt, fileId, rank, ...numbered], longest);
}

/** Reads a page button's value; null if `encodeCursor` did not write it. */
export function decodeCursor(value: unknown): PageCursor | null {
  const old = decodeParts(value, PLACE, limits.buttonValue);
  if (old !== null) {
    const [channelId, query, direction, sharedAt, fileId, rank] = old;
    return { channelId, query, cursor: { direction, rank, sharedAt, fileId } };
  }
  const parts = decodeParts(value, PAGE, limits.buttonValue);
  if (parts === null) return null;
  const [channelId, query, direction, sharedAt, fileId, rank, before, name] = parts;
  const cursor = { direction, rank, sharedAt, fileId, ...(name === '' ? {} : { name }) };
  return { channelId, query, before, cursor };
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

/** A page of files, and how it is shown: what it takes to draw a list again. */
export type ListPlace = Sought &
  Partial<Pick<PageCursor, 'cursor' | 'before'>> & {
    /** What is in the trash stands first. */
    trashFirst?: true;
  };

/** Rows of a list with the trash first have numbers from here on. */
const TRASH_FIRST = 40;

/**
 * The id of a row's block, with the place of its list, so that a click on the row can draw the list again. `row` is its
 * number. Null when the words are too long for an id.
 */
export function encodePlace(row: number, place: ListPlace): string | null {
  const { channelId, query, cursor, before, trashFirst } = place;
  const prefix = `row${trashFirst ? TRASH_FIRST + row : row}`;
  if (cursor === undefined) return encodeSought(prefix, { channelId, query });
  const words = encodeCursor(
    { channelId, query, cursor, ...(before === undefined ? {} : { before }) },
    limits.blockId - prefix.length - 1,
  );
  return words === null ? null : `${prefix}:${words}`;
}

/** Reads the place of a row's list; null if `encodePlace` did not write it. */
export function decodePlace(blockId: unknown): ListPlace | null {
  const [start, row] = (typeof blockId === 'string' && /^row(\d{1,2}):/.exec(blockId)) || [];
  if (start === undefined) return null;
  const place = decodeCursor(String(blockId).slice(start.length)) ?? decodeSought(blockId);
  return place !== null && Number(row) >= TRASH_FIRST ? { ...place, trashFirst: true } : place;
}
