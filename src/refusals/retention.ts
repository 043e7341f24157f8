import { UserError } from '../errors.ts';

export const retentionTakesIt = () =>
  new UserError(
    'retention_takes_it',
    'The rule of its channel does not let you keep this file, or it stays already.',
  );

export const notKeptFromRetention = () =>
  new UserError('not_kept_from_retention', 'Nobody chose to keep this file.');
