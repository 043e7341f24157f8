import { UserError } from '../errors.ts';
import { BOT_HANDLE } from '../text/handles.ts';

export const nothingToDownload = () =>
  new UserError('not_stored', 'This file is not in the vault right now, so there is nothing to download.');

export const archived = () =>
  new UserError(
    'archived',
    'This file is archived in the bucket and cannot be downloaded as it is. Ask an admin to restore it there first; then press Download again.',
  );

export const closedInBucket = () =>
  new UserError('closed_in_bucket', 'The bucket does not let the vault read this file.');

export const goneFromBucket = () =>
  new UserError('gone_from_bucket', 'The bucket does not have this file any more.');

export const nothingToShare = () => new UserError('not_stored', 'This file is not in the vault right now.');

export const noSuchVersion = () =>
  new UserError('no_such_version', 'The vault does not have this version of the file.');

/** A card of a file is posted only in a channel where this person and the bot are. */
export const cannotPostHere = () =>
  new UserError('not_here', 'You can post this only in a channel that both of us are in.');

/** Files are put into the vault only for a channel where this person and the bot are. */
export const cannotUploadHere = () =>
  new UserError('not_here', 'Choose a channel that you and I are both in, or none at all.');

export const keyForAdminsOnly = () =>
  new UserError('admins_only', 'Only admins may know where a file lies in the bucket.');

/** The bot is not in the conversation of the message to save. */
export const notInConversation = () =>
  new UserError(
    'not_in_channel',
    `I am not in this conversation, so Slack shows me none of its files. In a channel, type \`/invite @${BOT_HANDLE}\` and try again.`,
  );

export const savedByMembersOnly = () =>
  new UserError('not_a_member', 'You can save files only from conversations that you are in.');

export const messageWithoutFiles = () => new UserError('no_files', 'This message has no files.');

export const noFilesChosen = () => new UserError('no_files', 'Please choose at least one file.');

export const tooManyFiles = (most: { files: number }) =>
  new UserError('too_many_files', `I take up to ${most.files} files at once. Choose fewer, please.`);

export const notYourFile = () =>
  new UserError('not_your_file', 'I can only take files that you have just uploaded yourself.');

export const nothingToRetry = () =>
  new UserError('nothing_to_retry', 'This file needs no retry: it is stored, or on its way.');

/** `why` is one sentence that says why the file is not kept. */
export const notToBeKept = (why: string) =>
  new UserError('not_to_be_kept', `A retry changes nothing: ${why}`);
