import { UserError } from '../errors.ts';

/** Nobody was asked whether these two are the same channel, or the question is answered already. */
export const notAsked = () =>
  new UserError('not_asked', 'That is settled already, or the vault did not ask about these channels.');
