import { UserError } from '../errors.ts';
import { COMMAND } from '../text/handles.ts';

/** A question whose answer says nothing that we understand: it is asked anew by typing this. */
export const outdatedQuestion = (subcommand: 'delete' | 'trash') =>
  new UserError('outdated', `This question is outdated. Type \`${COMMAND} ${subcommand}\` again.`);

/** The same of a form. */
export const outdatedWindow = (subcommand: 'channel') =>
  new UserError('outdated', `This window is outdated. Type \`${COMMAND} ${subcommand}\` again.`);
