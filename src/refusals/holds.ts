import { UserError } from '../errors.ts';
import { COMMAND } from '../text/handles.ts';

export const noSuchHold = () =>
  new UserError('no_such_hold', 'This hold is over: somebody may have lifted it.');

/** The form's check refuses these values, but they were sent all the same. `problem` is its sentence. */
export const badHold = (problem: string) => new UserError('bad_hold', problem);

export const nothingToHold = (query: string) =>
  new UserError('nothing_to_hold', `No files found for “${query}”, so there is nothing to hold.`);

export const tooManyToHold = (most: number) =>
  new UserError(
    'too_many_to_hold',
    `More than ${most} files match. Narrow the search, or hold a channel, a person or a time.`,
  );

/** What was said with files waits for its index, so a search finds too few. */
export const notYetToHold = () =>
  new UserError(
    'not_yet_to_hold',
    'Messages are still being added to the search, so some files would be missing from this hold. Try again in a few minutes, search only names (`in:name`), or hold a channel, a person or a time.',
  );

/** The window that shows what words find opens only after a command. */
export const wordsNeedCommand = () =>
  new UserError('bad_hold', `To hold what words find, type \`${COMMAND} hold\` and the words.`);
