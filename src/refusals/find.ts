import { UserError } from '../errors.ts';

/** Nobody can type a NUL, no name has one, and PostgreSQL refuses it. */
export const unreadableCharacter = () =>
  new UserError(
    'unreadable_character',
    'This text holds a character that I cannot read (NUL). Please type it again instead of pasting it.',
  );

export const tooLong = (most: { characters: number }) =>
  new UserError(
    'too_long',
    `This is too long for me: I read up to ${most.characters.toLocaleString('en')} characters. Try fewer words.`,
  );

/** More text than is read. */
export const tooManyToRead = (most: { pieces: number; words: number }) =>
  new UserError(
    'too_many_words',
    `These are too many words for me: I read up to ${most.pieces} and look for up to ${most.words} different ones at once. Keep those that are rare in the name, and try again.`,
  );

/** Too many different words. */
export const tooManyToSeek = (most: { words: number }) =>
  new UserError(
    'too_many_words',
    `I look for up to ${most.words} different words at once, and these are more. Keep those that are rare in the name, and try again.`,
  );

export const tooManyTypes = (most: { types: number }) =>
  new UserError(
    'too_many_types',
    `I tell up to ${most.types} types apart at once. Name fewer, or a family such as \`type:image\`.`,
  );

export const twoPeople = () =>
  new UserError('two_people', 'Name one person only, for example `/vault list @anna`.');

export const twoChannels = () =>
  new UserError('two_channels', 'Name one channel only, for example `in:#general`.');

/** `word` was typed as a channel, but Slack did not turn it into an id. */
export const unknownChannel = (word: string) =>
  new UserError(
    'unknown_channel',
    `I do not know ${word}. Pick the channel from the menu that Slack shows after the #, or put a name in quotes.`,
  );

/** `word` was typed as a person, but Slack did not turn it into an id. */
export const unknownPerson = (word: string) =>
  new UserError(
    'unknown_person',
    `I do not know ${word}. Pick the person from the menu that Slack shows after the @, or put a name in quotes.`,
  );

export const emptySizes = () =>
  new UserError('empty_sizes', 'No file is at once larger and smaller than that.');

export const emptyRange = () =>
  new UserError('empty_range', 'These dates leave no day in between: `after:` must come before `before:`.');

export const badSize = () =>
  new UserError('bad_size', 'I cannot read this size. Write it like `size:>10mb` or `size:<500k`.');

export const badDigest = () =>
  new UserError(
    'bad_sha256',
    'Give at least the first eight digits of the SHA-256, such as `sha256:9f86d081`.',
  );

export const badType = () =>
  new UserError('bad_type', 'Say which type: `type:pdf`, or a family such as `type:image`.');

export const badDate = (value: string) =>
  new UserError(
    'bad_date',
    `I cannot read the date "${value}". Write it like 2026-01-31, or today, yesterday, 7d or 4w. A name goes in quotes.`,
  );

/** `/vault list` and a page of one channel search no other channel. */
export const oneChannel = () =>
  new UserError(
    'one_channel',
    'This lists one channel only. Leave the other out, or use `/vault find` to look everywhere.',
  );

export const whichFile = () =>
  new UserError('which_file', 'Say which file: `/vault get budget.xlsx`, or its id.');

/** A button on a page of a channel was clicked by somebody who cannot see the channel now. */
export const listOfMembersOnly = () =>
  new UserError(
    'not_a_member',
    'You can list a channel’s files only while you can see the channel in Slack.',
  );

/** The bot was mentioned by somebody who cannot see the channel. */
export const answersMembersOnly = () =>
  new UserError('not_a_member', 'I answer here only those who are in this channel.');
