import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';

/** A list of ten million files has a gigabyte: so it is read in large pieces, instead of twice for each file. */
const AHEAD_BYTES = 512 * 1024;

/** Reads the list of a zip file. (A class, because yauzl wants one.) */
class ReadAhead extends RandomAccessReader {
  readonly #file: FileHandle;
  #held: Buffer = Buffer.alloc(0);
  #heldFrom = 0;

  constructor(file: FileHandle) {
    super();
    this.#file = file;
  }

  override _readStreamForRange(): Readable {
    throw new TypeError('Only the list is read here, not the files.');
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead: number) => void,
  ): void {
    const from = position - this.#heldFrom;
    if (from >= 0 && from + length <= this.#held.length) {
      callback(null, this.#held.copy(buffer, offset, from, from + length));
      return;
    }
    const piece = Buffer.allocUnsafe(Math.max(AHEAD_BYTES, length));
    this.#file.read(piece, 0, piece.length, position).then(
      ({ bytesRead }) => {
        [this.#held, this.#heldFrom] = [piece.subarray(0, bytesRead), position];
        callback(null, this.#held.copy(buffer, offset, 0, Math.min(length, bytesRead)));
      },
      (error: Error) => callback(error, 0),
    );
  }

  override close(callback: (error: Error | null) => void): void {
    this.#file.close().then(() => callback(null), callback);
  }
}

/** Opens a file whose list is read from its beginning to its end. */
export async function readAhead(path: string): Promise<{ reader: RandomAccessReader; bytes: number }> {
  const file = await open(path, 'r');
  return { reader: new ReadAhead(file), bytes: (await file.stat()).size };
}
