/** What a line about a file says of it. */
import type { FileRow } from '../catalog/model.ts';
import { nameOf } from '../text/file-name.ts';
import { visibleName } from './kit/mrkdwn.ts';
import { sizeInWords } from './kit/size.ts';

/** The file's size: as stored, or else as Slack said. */
export function bytesOf(file: Pick<FileRow, 'size' | 'storedBytes'>): number | null {
  return file.storedBytes ?? file.size;
}

/** The same in words; empty for a file that is not kept and has no known size, like most links. */
export function sizeOf(file: Pick<FileRow, 'size' | 'storedBytes' | 'state'>): string {
  const bytes = bytesOf(file);
  return file.state === 'skipped' && !bytes ? '' : sizeInWords(bytes);
}

/** A file's name for plain_text and accessibility labels. */
export function plainName(file: Pick<FileRow, 'name' | 'title'>, max: number): string {
  return visibleName(nameOf(file), max);
}
