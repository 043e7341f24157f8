import { type Readable, Transform } from 'node:stream';
import { crc32 } from 'node:zlib';
import { ImportError } from './errors.ts';

/** The same bytes, and an error at their end if they are not those that were packed: by their number and their CRC-32. */
export function checkedBytes(body: Readable, path: string, packed: { bytes: number; crc: number }): Readable {
  let sum = 0;
  let length = 0;
  const damaged = () =>
    new ImportError('damaged_entry', `The bytes of ${path} are not those that were packed.`);
  const check = new Transform({
    transform(chunk: Buffer, _, done) {
      sum = crc32(chunk, sum);
      length += chunk.length;
      done(length > packed.bytes ? damaged() : null, chunk);
    },
    flush(done) {
      done(length !== packed.bytes || sum !== packed.crc ? damaged() : null);
    },
  });
  body.on('error', (cause: Error) =>
    check.destroy(new ImportError('damaged_entry', `The bytes of ${path} are damaged.`, { cause })),
  );
  check.on('close', () => body.destroy());
  return body.pipe(check);
}
