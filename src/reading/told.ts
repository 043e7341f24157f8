import type { Readable } from 'node:stream';
import type { Part, Picture, ReadingCode } from './reading.ts';

/**
 * A line of the reading process: some text; or that this was all, and why not everything was read; behind that, a picture of the
 * first page (its bytes in base64).
 */
export type Told = Part | { end: ReadingCode | null } | { picture: string; kind: Picture['kind'] };

/** No picture is larger, in bytes. */
export const MOST_PICTURE = 262_144;

export const STDIN = 0;
export const STDOUT = 1;

/** A letter takes six bytes at most (`\u0000`), and a part's frame some more. */
const BYTES_A_LETTER = 8;
const NEWLINE = 10;

export interface Heard {
  parts: Part[];
  end: ReadingCode | null | undefined;
  picture?: Picture;
}

/**
 * Listens to a reading process until it closes its mouth. `end` is undefined when it ended in the middle of the text. A process that was led
 * astray is believed nothing: what is no such line, or is more than it may tell, is the end.
 */
export async function listen(stdout: Readable, letters: number): Promise<Heard> {
  const heard: Heard = { parts: [], end: undefined };
  let left = letters * BYTES_A_LETTER + 2 * MOST_PICTURE;
  let held: Buffer[] = [];
  for await (const chunk of stdout as AsyncIterable<Buffer>) {
    left -= chunk.length;
    if (left < 0) break;
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      const told = lineOf(Buffer.concat([...held, chunk.subarray(from, at)]));
      [held, from] = [[], at + 1];
      if (told === null || !hear(heard, told)) return heard;
    }
    held.push(chunk.subarray(from));
  }
  return heard;
}

/** False for what may not come now. */
function hear(heard: Heard, told: Told): boolean {
  const isOver = heard.end !== undefined;
  if ('picture' in told) {
    const bytes = Buffer.from(told.picture, 'base64');
    if (isOver && bytes.length <= MOST_PICTURE) heard.picture = { kind: told.kind, bytes };
    return false;
  }
  if (isOver) return false;
  if ('end' in told) heard.end = told.end;
  else heard.parts.push(told);
  return true;
}

const CODES: ReadonlySet<unknown> = new Set<ReadingCode | null>([
  null,
  'password_protected',
  'damaged',
  'too_large',
  'took_too_long',
  'not_readable',
  'kind_not_read',
  'pictures_not_read',
  'broke',
]);

function lineOf(bytes: Buffer): Told | null {
  let told: Record<'end' | 'text' | 'page' | 'picture' | 'kind', unknown>;
  try {
    told = JSON.parse(bytes.toString());
  } catch {
    return null;
  }
  if ('end' in told) return CODES.has(told.end) ? { end: told.end as ReadingCode | null } : null;
  const { text, page, picture, kind } = told;
  if (typeof picture === 'string' && (kind === 'png' || kind === 'jpeg')) return { picture, kind };
  const isPart = typeof text === 'string' && (page === null || Number.isSafeInteger(page));
  return isPart ? { text, page: page as number | null } : null;
}
