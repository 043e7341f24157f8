import { createReadStream, fstat, read } from 'node:fs';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

const [statOf, readAt] = [promisify(fstat), promisify(read)];

/** An open file. Whoever opened it closes it. */
export interface Source {
  fd: number;
  bytes: number;
  /** Fewer bytes than asked for at the end of the file. */
  read(at: number, length: number): Promise<Buffer>;
  stream(): Readable;
}

/** The reading process may open no file. It is given this one, open. */
export async function sourceOf(fd: number): Promise<Source> {
  const { size } = await statOf(fd);
  return {
    fd,
    bytes: size,
    async read(at, length) {
      const buffer = Buffer.alloc(Math.max(0, Math.min(length, size - at)));
      let done = 0;
      while (done < buffer.length) {
        const { bytesRead } = await readAt(fd, buffer, done, buffer.length - done, at + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return buffer.subarray(0, done);
    },
    stream: () => createReadStream('', { fd, start: 0, autoClose: false }),
  };
}
