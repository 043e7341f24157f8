import { UserError } from '../errors.ts';

/** `since`: a moment in words. */
export const bucketAway = (since: string) =>
  new UserError(
    'bucket_away',
    `The vault’s bucket has been away since ${since}. What is shared is written down, and will be saved when it is back. Please ask again then.`,
  );
