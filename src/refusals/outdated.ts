import { UserError } from '../errors.ts';
import { COMMAND } from '../text/handles.ts';

/** A question whose answer says nothing that we understand: it is asked anew by typing this. */
export const outdatedQuestion = (subcommand: 'delete' | 'trash') =>
  new UserError('outdated', `This question is outdated. Type \`${COMMAND} ${subcommand}\` again.`);

/** A window of an older version, which nothing answers any more. */
export const unknownWindow = () =>
  new UserError('outdated', 'This window is outdated. Please close it and start again.');

/** The same of a form. */
export const outdatedWindow = (subcommand: 'channel') =>
  new UserError('outdated', `This window is outdated. Type \`${COMMAND} ${subcommand}\` again.`);
