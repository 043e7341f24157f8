import { UserError } from '../errors.ts';
import { BOT_HANDLE } from '../text/handles.ts';

export const nothingToDownload = () =>
  new UserError('not_stored', 'This file is not saved, so there is nothing to download.');

export const archived = () =>
  new UserError(
    'archived',
    'This file is in the bucket’s cold storage. Ask an admin to bring it back there, then press Download again.',
  );

export const closedInBucket = () =>
  new UserError('closed_in_bucket', 'RIA Vault may not read this file in the bucket. Ask an admin.');

export const goneFromBucket = () =>
  new UserError('gone_from_bucket', 'This file is no longer in the bucket. Ask an admin.');

export const nothingToShare = () => new UserError('not_stored', 'This file is not saved right now.');

export const noSuchVersion = () =>
  new UserError('no_such_version', 'RIA Vault does not have this version of the file.');

/** A card of a file is posted only in a channel where this person and the bot are. */
export const cannotPostHere = () =>
  new UserError('not_here', 'You can share this only in a channel that we are both in.');

export const notAllowedToPost = () =>
  new UserError(
    'not_allowed_to_post',
    'Slack does not let me post in this channel, so nothing was shared. Ask an admin of the channel.',
  );

/** A file is given to nobody who cannot be told. */
export const cannotWriteTo = () =>
  new UserError(
    'cannot_write_to',
    'Slack does not let me write to this person, so nothing was shared with them.',
  );

export const notYoursToShare = () =>
  new UserError('not_your_file', 'Only the person who uploaded this file can do that.');

/** `channels`: those whose people can open the file, in words. */
export const onlyPeopleIn = (channels: string) =>
  new UserError('not_open_to_you', `Only people in ${channels} can open this. Ask its uploader.`);

export const onlyItsUploader = () =>
  new UserError('not_open_to_you', 'Only its uploader can open this. Ask them.');

export const notOpenThere = () =>
  new UserError('not_open_there', 'It was taken back already, or was not shared there with RIA Vault.');

export const nowhereToShare = () =>
  new UserError('nowhere_to_share', 'Choose a channel or a person to share this file with.');

/** Files are saved without a message only for a channel where this person and the bot are. */
export const cannotUploadHere = () =>
  new UserError('not_here', 'Choose a channel that we are both in, or none.');

export const keyForAdminsOnly = () =>
  new UserError('admins_only', 'Only admins can see where a file is in the bucket.');

/** The bot is not in the conversation of the message to save. */
export const notInConversation = () =>
  new UserError(
    'not_in_channel',
    `I am not in this conversation. If it is a channel, type \`/invite @${BOT_HANDLE}\` and try again.`,
  );

export const savedByMembersOnly = () =>
  new UserError('not_a_member', 'You can save files only from conversations that you are in.');

export const messageWithoutFiles = () => new UserError('no_files', 'This message has no files.');

export const noFilesChosen = () => new UserError('no_files', 'Choose at least one file.');

export const tooManyFiles = (most: { files: number }) =>
  new UserError('too_many_files', `Choose up to ${most.files} files at once.`);

export const notYourFile = () =>
  new UserError('not_your_file', 'I can only take files that you have just uploaded yourself.');

export const notKnownYet = () =>
  new UserError(
    'not_known_yet',
    'Slack does not show me this file yet. Wait a minute, then upload it again.',
  );

export const nothingToRetry = () =>
  new UserError('nothing_to_retry', 'This file needs no retry: it is saved, or on its way.');

/** `why` is one sentence that says why the file is not saved. */
export const notToBeKept = (why: string) =>
  new UserError('not_to_be_kept', `Trying again changes nothing: ${why}`);
