import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { JournalRecord } from '../catalog/journal/journal.ts';
import { othersTurn } from '../others-turn.ts';

/** Goes up when older versions can no longer read a segment correctly. */
const FORMAT = 1;

/** A segment has some thousand lines. A larger one is not ours. In bytes, uncompressed. */
const MAX_BYTES = 512 * 1024 ** 2;

/** Lines made in one go, some 5 ms. */
const LINES_AT_ONCE = 250;

/** The first line of a segment. */
export interface SegmentHeader {
  format: number;
  history: string;
  number: number;
  /** Segments before this number no longer count. */
  first: number;
  /** The number of the segment before it in this history; null: not known. Older versions do not say it. */
  previous?: number | null;
  /** When it was written, in ms. */
  at: number;
}

export type SegmentErrorCode = 'segment_damaged' | 'segment_newer';

/** A segment that cannot be read. */
export class SegmentError extends Error {
  readonly code: SegmentErrorCode;

  constructor(code: SegmentErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'SegmentError';
    this.code = code;
  }
}

/** Compressed lines of JSON: a header, one line per record, and a last line that proves that nothing is missing. */
export async function encodeSegment(
  header: Omit<SegmentHeader, 'format'>,
  records: JournalRecord[],
): Promise<Buffer> {
  const all: object[] = [{ format: FORMAT, ...header }, ...records];
  const hash = createHash('sha256');
  const parts: Buffer[] = [];
  for (let at = 0; at < all.length; at += LINES_AT_ONCE) {
    const lines = all.slice(at, at + LINES_AT_ONCE).map((line) => `${JSON.stringify(line)}\n`);
    const part = Buffer.from(lines.join(''));
    hash.update(part);
    parts.push(part);
    await othersTurn();
  }
  const end = `${JSON.stringify({ records: records.length, sha256: hash.digest('hex') })}\n`;
  return promisify(gzip)(Buffer.concat([...parts, Buffer.from(end)]));
}

/** A segment that only a newer version can read. */
export function newerSegment(cause?: unknown): SegmentError {
  return new SegmentError(
    'segment_newer',
    'The journal was written by a newer version of RIA Vault. Use that version, or put a backup back by hand: UPGRADING.md says how.',
    { cause },
  );
}

/** The inverse. Throws {@link SegmentError}: no part of a damaged segment is used. */
export async function decodeSegment(
  bytes: Buffer,
): Promise<{ header: SegmentHeader; records: JournalRecord[] }> {
  let text: string;
  try {
    text = (await promisify(gunzip)(bytes, { maxOutputLength: MAX_BYTES })).toString();
  } catch (cause) {
    throw damaged('it cannot be unpacked', cause);
  }
  const end = text.lastIndexOf('\n', text.length - 2) + 1;
  const [header, ...records] = parse(text.slice(0, end)) as [SegmentHeader, ...JournalRecord[]];
  if (header !== undefined && header.format > FORMAT) throw newerSegment();
  const [proof] = parse(text.slice(end)) as [{ records?: number; sha256?: string }?];
  if (
    header?.format !== FORMAT ||
    proof?.records !== records.length ||
    proof.sha256 !== sha256(text.slice(0, end))
  )
    throw damaged('its checksum does not fit');
  return { header, records };
}

function parse(lines: string): unknown[] {
  try {
    return lines
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  } catch (cause) {
    throw damaged('it does not hold what it should', cause);
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function damaged(why: string, cause?: unknown): SegmentError {
  return new SegmentError('segment_damaged', `A segment of the journal is damaged: ${why}.`, { cause });
}
