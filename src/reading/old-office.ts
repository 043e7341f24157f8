import { ReadingError } from './reading.ts';
import type { Source } from './source.ts';

/** A new document with a password is packed into an old container, under this name (MS-OFFCRYPTO 2.3.4.4). */
const LOCKED = Buffer.from('EncryptedPackage', 'utf16le');

/** Old Office files (before 2007) are not read. Says whether it is one, or a new one with a password. */
export async function refuseOldOffice(source: Source): Promise<never> {
  let before = Buffer.alloc(0);
  for await (const chunk of source.stream()) {
    const bytes = Buffer.concat([before, chunk as Buffer]);
    if (bytes.includes(LOCKED)) throw new ReadingError('password_protected', 'The document is locked.');
    before = bytes.subarray(-LOCKED.length);
  }
  throw new ReadingError('not_readable', 'Office files from before 2007 are not read.');
}
