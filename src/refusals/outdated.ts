import { UserError } from '../errors.ts';
import { COMMAND } from '../text/handles.ts';

/** We do not understand the answer to a question: the person types the command again. */
export const outdatedQuestion = (subcommand: 'delete' | 'trash') =>
  new UserError('outdated', `This question is outdated. Type \`${COMMAND} ${subcommand}\` again.`);

/** A window of an older version, which nothing answers any more. */
export const unknownWindow = () =>
  new UserError('outdated', 'This window is outdated. Please close it and start again.');

/** The person types the command again, as the values of this form are not understood. */
export const outdatedWindow = (subcommand: 'channel') =>
  new UserError('outdated', `This window is outdated. Type \`${COMMAND} ${subcommand}\` again.`);
