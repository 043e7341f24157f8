import { UserError } from '../errors.ts';

/** Nobody can type a NUL, no name has one, and PostgreSQL refuses it. */
export const unreadableCharacter = () =>
  new UserError(
    'unreadable_character',
    'This text has a character that can’t be read (NUL). Please type it instead of pasting it.',
  );

export const tooLong = (most: { characters: number }) =>
  new UserError(
    'too_long',
    `This is too long: use up to ${most.characters.toLocaleString('en')} characters.`,
  );

/** More text than is read. */
export const tooManyToRead = (most: { pieces: number; words: number }) =>
  new UserError(
    'too_many_words',
    `Too many words: use up to ${most.words} different ones, and ${most.pieces} in all. Rare words help most.`,
  );

/** Too many different words. */
export const tooManyToSeek = (most: { words: number }) =>
  new UserError(
    'too_many_words',
    `Too many words: use up to ${most.words} different ones. Rare words help most.`,
  );

export const tooManyTypes = (most: { types: number }) =>
  new UserError(
    'too_many_types',
    `Too many types: use up to ${most.types}, or a family such as \`type:image\`.`,
  );

export const twoPeople = () =>
  new UserError('two_people', 'Name only one person, such as `/vault list @anna`.');

export const twoChannels = () =>
  new UserError('two_channels', 'Name only one channel, such as `in:#general`.');

/** `word` was typed as a channel, but Slack did not turn it into an id. */
export const unknownChannel = (word: string) =>
  new UserError(
    'unknown_channel',
    `No channel ${word} found. Pick it from the menu after the #, or put a file’s name in quotes.`,
  );

/** `word` was typed as a person, but Slack did not turn it into an id. */
export const unknownPerson = (word: string) =>
  new UserError(
    'unknown_person',
    `Nobody found as ${word}. Pick the person from the menu after the @, or put a file’s name in quotes.`,
  );

/** `typed` looks like a filter, but there is none with this name. */
export const unknownFilter = (typed: string) =>
  new UserError('unknown_filter', `I do not know ${typed}. Put it in quotes if it is part of a name.`);

/** A minus stood before a filter that cannot be turned round. */
export const notExcludable = (typed: string) =>
  new UserError(
    'not_excludable',
    `I cannot leave out ${typed}. Words, types, people and channels can have a minus before them.`,
  );

export const emptySizes = () => new UserError('empty_sizes', 'No file is both larger and smaller than that.');

export const emptyRange = () =>
  new UserError(
    'empty_range',
    'These dates leave no day in between: `after:` must be earlier than `before:`.',
  );

export const badSize = () => new UserError('bad_size', 'Write a size like `size:>10mb` or `size:<500k`.');

export const badDigest = () =>
  new UserError('bad_sha256', 'Give at least eight digits of the SHA-256, such as `sha256:9f86d081`.');

export const badSort = (value: string) =>
  new UserError(
    'bad_sort',
    `I can’t sort by ${value === '' ? 'nothing' : value}. Try \`sort:newest\`, \`sort:oldest\`, \`sort:name\` or \`sort:size\`.`,
  );

export const badType = () =>
  new UserError('bad_type', 'Say which type: `type:pdf`, or a family such as `type:image`.');

export const badDate = (value: string) =>
  new UserError(
    'bad_date',
    `I cannot read the date "${value}". Write it like 2026-01-31, yesterday, last week or 7d. A name goes in quotes.`,
  );

/** `/vault list` and a page of one channel search no other channel. */
export const oneChannel = () =>
  new UserError('one_channel', 'This lists one channel only. To look everywhere, use `/vault find`.');

export const whichFile = () =>
  new UserError('which_file', 'Say which file, such as `/vault get budget.xlsx`.');

/** A button on a page of a channel was clicked by somebody who cannot see the channel now. */
export const listOfMembersOnly = () =>
  new UserError(
    'not_a_member',
    'You can list a channel’s files only while you can see the channel in Slack.',
  );

/** The bot was mentioned by somebody who cannot see the channel. */
export const answersMembersOnly = () => new UserError('not_a_member', 'Join this channel to ask me here.');
