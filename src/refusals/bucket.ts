import { UserError } from '../errors.ts';

/** `since`: a moment in words. */
export const bucketAway = (since: string) =>
  new UserError(
    'bucket_away',
    `The bucket has been away since ${since}. New files are noted, and saved when it is back. Please try again then.`,
  );
