import { Enough, type Output } from './output.ts';
import { ReadingError } from './reading.ts';
import type { Parts } from './zip.ts';

/** The names of the files in a zip file, one a line. What is in them is not unpacked, other zip files neither. */
export function readZipNames(parts: Parts, out: Output): void {
  for (const name of parts.names) if (!name.endsWith('/')) out.write(`${name}\n`);
  if (!parts.isAll) throw new Enough();
  // People who look for words of a file in it are told why they find none.
  if (parts.isLocked) throw new ReadingError('password_protected', 'Files in it are locked.');
}
