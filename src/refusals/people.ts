import { UserError } from '../errors.ts';

/** Requests in the name of a deactivated account: there is no person behind them. */
export const accountInactive = () => new UserError('account_inactive', 'This account is deactivated.');
