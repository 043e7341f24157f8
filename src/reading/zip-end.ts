import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';
import type { Source } from './source.ts';

/** What ends the list of parts, and behind it, how long a comment follows (APPNOTE.TXT 4.3.16). */
const MARK = Buffer.from('PK\x05\x06');
const [COMMENT_AT, LENGTH] = [20, 22];
/** So much is looked through. In bytes. */
const MOST = 1024 ** 2;
const PIECE = 65_536;

/** Where a zip file ends that has other bytes behind it, as a bad download or a disk's block leaves them; null where it ends with the file, or nowhere. */
export async function endBeforeOthers(source: Source): Promise<number | null> {
  const from = Math.max(0, source.bytes - MOST);
  const bytes = await source.read(from, MOST);
  for (let at = bytes.lastIndexOf(MARK); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(MARK, at - 1)) {
    if (at + LENGTH > bytes.length) continue;
    const end = from + at + LENGTH + bytes.readUInt16LE(at + COMMENT_AT);
    if (end <= source.bytes) return end < source.bytes ? end : null;
  }
  return null;
}

/** A file as a zip library takes it that is told where it ends. */
export class OpenFile extends RandomAccessReader {
  readonly #source: Source;

  constructor(source: Source) {
    super();
    this.#source = source;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#pieces(start, end), { objectMode: false });
  }

  async *#pieces(start: number, end: number): AsyncGenerator<Buffer> {
    for (let at = start; at < end; at += PIECE) yield await this.#source.read(at, Math.min(PIECE, end - at));
  }
}
