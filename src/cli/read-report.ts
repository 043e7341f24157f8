import { count } from '../blocks/text/wording.ts';
import type { ReadingCounts } from '../catalog/reading/rows.ts';
import { readingReasons } from '../text/reading-reasons.ts';

/** How far reading is, in lines. */
export function readText({ waiting, older, unread }: ReadingCounts): string {
  const lines = [
    waiting === 0
      ? 'All files are read.'
      : `Still to be read: ${count(waiting, 'file')}${older > 0 ? `, ${older} of them older` : ''}.`,
    ...unread.map(({ reason, files }) => `${count(files, 'file')}: ${readingReasons[reason] ?? reason}.`),
  ];
  return lines.join('\n');
}
