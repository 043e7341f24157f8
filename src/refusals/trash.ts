import { UserError } from '../errors.ts';

const NOT_NOW = 'This file can’t be deleted right now. Ask an admin.';
const ON_HOLD = 'This file is on hold, so nobody can delete it.';

/**
 * A hold covers the file. Only people who may see holds are told; all others, and the log, read that it cannot be done
 * now.
 */
export const notDeletable = ({ maySeeHolds }: { maySeeHolds: boolean }) =>
  new UserError('not_deletable', NOT_NOW, { told: maySeeHolds ? ON_HOLD : NOT_NOW });

export const alreadyTrashed = () => new UserError('already_trashed', 'This file is in the trash already.');

export const nothingStored = () =>
  new UserError('not_stored', 'This file is not saved, so there is nothing to delete.');

/** The same for one of several files, in the list of those that stay. */
export const staysUnstored = () => new UserError('not_stored', 'It is not saved.');

export const noneTicked = () => new UserError('none_ticked', 'Tick at least one file first.');

export const nothingToDelete = () =>
  new UserError('nothing_to_delete', 'None of these files can be deleted.');

export const purgedForGood = () => new UserError('purged', 'This file has been deleted forever.');

export const notInTrash = () =>
  new UserError('not_trashed', 'This file is not in the trash. Somebody may have restored it.');

/** The text typed to confirm a removal for good is not the file's name and not the word. */
export const notConfirmed = () => new UserError('not_confirmed', 'Type the file’s name, or the word DELETE.');
