import { UserError } from '../errors.ts';

/** The vault did not ask whether these two are the same channel, or the question is already answered. */
export const notAsked = () =>
  new UserError('not_asked', 'That is settled already, or the vault did not ask about these channels.');
