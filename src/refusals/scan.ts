import { UserError } from '../errors.ts';

/** The malware scanner has not come to this file yet. */
export const beingChecked = () =>
  new UserError('being_checked', 'This file is being checked for malware. Try again in a moment.');

/** `signature`: what the scanner calls it. */
export const malwareFound = (signature: string) =>
  new UserError(
    'malware_found',
    `The malware scanner found \`${signature}\` in this file, so nobody can download it. If it is harmless, an admin can release it in its Details.`,
  );

/** `why`: half a sentence. */
export const notChecked = (why: string) =>
  new UserError(
    'not_checked',
    `This file could not be checked for malware: ${why}. So nobody can download it, unless an admin releases it in its Details.`,
  );

export const releasedByAdminsOnly = () => new UserError('admins_only', 'Only admins can release a file.');

export const nothingToRelease = () =>
  new UserError(
    'nothing_to_release',
    'This file needs no release: it can be downloaded, or is still being checked.',
  );

export const changedMeanwhile = () =>
  new UserError(
    'scan_changed',
    'This file has changed since you opened this window. Look at its Details again.',
  );

export const releaseNeedsReason = () =>
  new UserError('release_reason', 'Say in a few words why it may be downloaded.');
