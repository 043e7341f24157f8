import { UserError } from '../errors.ts';

/** Whatever still comes in the name of a deactivated account, nobody is behind it. */
export const accountInactive = () => new UserError('account_inactive', 'This account is deactivated.');
