import { count } from '../blocks/text/wording.ts';
import { lackInWords } from '../text/reading-lacks.ts';
import { readingReasons } from '../text/reading-reasons.ts';
import type { ReadingProgress } from './read-progress.ts';

const STATES: Record<ReadingProgress['state'], string> = {
  off: 'Reading is switched off: VAULT_TEXT says so, and no channel says otherwise.',
  not_begun:
    'Reading has not begun: nothing was noted down to be read yet. The bot does that while it runs, and so does --all.',
  noting: 'Files from before are still being noted down to be read: the bot does that while it runs.',
  on: 'All files are read.',
};

const NOT_ALL = 'Nothing is left to be read. Not read, or only in part:';

/** How far reading is, in lines. */
export function readText({ state, lacks, waiting, older, unread }: ReadingProgress): string {
  const left = `Still to be read: ${count(waiting, 'file')}${older > 0 ? `, ${older} of them older` : ''}.`;
  const lines = [
    ...(waiting > 0 && state !== 'off' ? [left] : []),
    ...(waiting === 0 && state === 'on' && unread.length > 0 ? [NOT_ALL] : []),
    ...((waiting === 0 && unread.length === 0) || state !== 'on' ? [STATES[state]] : []),
    ...lacks.map(lackInWords),
    ...unread.map(({ reason, files }) => `${count(files, 'file')}: ${readingReasons[reason] ?? reason}.`),
  ];
  return lines.join('\n');
}
