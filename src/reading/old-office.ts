import { ReadingError } from './reading.ts';
import type { Source } from './source.ts';

/** A new document with a password is packed into an old container, as a stream of this name (MS-OFFCRYPTO 2.3.4.4). */
const LOCKED = Buffer.from('EncryptedPackage\0', 'utf16le');
/** An entry of the container's directory: its name, how long that is in bytes, and that it is a stream (MS-CFB 2.6.1). */
const ENTRY_BYTES = 128;
const [LENGTH_AT, TYPE_AT, STREAM] = [64, 66, 2];

/** Old Office files (before 2007) are not read. Says whether it is one, or a new one with a password. */
export async function refuseOldOffice(source: Source): Promise<never> {
  let at = 0;
  let rest = Buffer.alloc(0);
  for await (const chunk of source.stream()) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    if (hasLocked(bytes, at)) throw new ReadingError('password_protected', 'The document is locked.');
    rest = bytes.subarray(-ENTRY_BYTES);
    at += bytes.length - rest.length;
  }
  throw new ReadingError('kind_not_read', 'Office files from before 2007 are not read.');
}

/** Whether the name stands where an entry begins, and not in some text. `at` is where in the file the bytes begin. */
function hasLocked(bytes: Buffer, at: number): boolean {
  for (let found = bytes.indexOf(LOCKED); found >= 0; found = bytes.indexOf(LOCKED, found + 1)) {
    if ((at + found) % ENTRY_BYTES !== 0 || found + TYPE_AT >= bytes.length) continue;
    if (bytes.readUInt16LE(found + LENGTH_AT) === LOCKED.length && bytes[found + TYPE_AT] === STREAM)
      return true;
  }
  return false;
}
