import { UserError } from '../errors.ts';

/** Requests in the name of a deactivated account: there is no person behind them. */
export const accountInactive = () => new UserError('account_inactive', 'This account is deactivated.');

/** A file is opened only to people of this workspace. */
export const strangersGetNothing = () =>
  new UserError('not_of_workspace', 'You can share a file only with people of this workspace.');
