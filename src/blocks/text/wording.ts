/**
 * The sentences of the screens; refusals are in src/refusals. Arguments are already safe for their place: mrkdwn, unless the comment says plain.
 */
import type { AuditEntry, Proof } from '../../catalog/model.ts';
import { BOT_HANDLE, COMMAND } from '../../text/handles.ts';
import { sizeInWords } from '../kit/size.ts';

export const numbers = new Intl.NumberFormat('en-US');

/** `1 file`, `2 files`, `1,204 files`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${numbers.format(n)} ${n === 1 ? one : many}`;
}

/** `a`, `a or b`, `a, b or c`. */
export function either(words: string[]): string {
  return listed(words, 'or');
}

/** `a`, `a and b`, `a, b and c`. */
export function every(words: string[]): string {
  return listed(words, 'and');
}

function listed(words: string[], last: 'and' | 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

export const buttons = {
  download: 'Download',
  details: 'Details',
  delete: 'Delete',
  newer: 'Newer',
  older: 'Older',
  undo: 'Undo',
  retry: 'Retry',
  keepIt: 'Keep it',
  keepThem: 'Keep them',
  openExternal: 'Open where it lives',
  close: 'Close',
} as const;

export const common = {
  more: (n: number) => `…and ${numbers.format(n)} more`,
  joined: (parts: string[]) => parts.filter((part) => part !== '').join(' · '),
};

export const list = {
  from: (person: string) => `from ${person}`,
  type: (types: string[]) => `type ${either(types)}`,
  notType: (types: string[]) => `not type ${either(types)}`,
  notFrom: (people: string[]) => `not from ${either(people)}`,
  notIn: (channels: string[]) => `not in ${either(channels)}`,
  before: (day: string) => `before ${day}`,
  after: (day: string) => `since ${day}`,
  named: (words: string) => `with ${words} in the name`,
  nothingYetHint: `Drop a file here and it is saved. If nothing happens, I am not in this channel: type \`/invite @${BOT_HANDLE}\`.`,
  pastEnd: ':mag: There are no more files this way.',
  pastEndHint: `Files may have been deleted meanwhile. \`${COMMAND} list\` starts again with the newest.`,
  tooLongToPage: 'There are more files, but these words are too long to show them. Try fewer words.',
  newerLabel: 'Show newer files',
  olderLabel: 'Show older files',
};

export const chooser = {
  title: (channel: string) => `*Delete which file from ${channel}?*`,
  matching: (query: string) => `Matching ${query} · only files you may delete`,
  hint: 'Only files you may delete',
  text: (n: number) => `Delete which file? ${count(n, 'file')} to choose from.`,
  none: ':open_file_folder: There is nothing here that you may delete.',
  noneHint: 'You can delete files that you uploaded. Admins can delete any file.',
  noMatch: (query: string) => `:mag: No files found for “${query}”.`,
  nearest: (suggestion: string) =>
    `Did you mean ${suggestion}? \`${COMMAND} delete\` shows all files you may delete here.`,
  noNearest: `\`${COMMAND} delete\` shows all files you may delete here.`,
  more: `…and more. Add words from the name: \`${COMMAND} delete budget\`.`,
  /** Plain. */
  label: (plainName: string) => `Delete ${plainName}`,
};

/** Plain text: the question before a deletion. */
export const confirmDelete = {
  title: 'Delete this file?',
  text: (plainName: string, bytes: number | null, trashDays: number | undefined) =>
    `${plainName} (${sizeInWords(bytes)}) goes to the trash. ${graceInWords(trashDays)} The file in Slack stays.`,
};

export function graceInWords(trashDays: number | undefined, it = 'it'): string {
  if (trashDays === undefined) return `You can restore ${it} from there for a while.`;
  return trashDays > 0
    ? `You can restore ${it} for ${count(trashDays, 'day')}.`
    : 'What is there is deleted forever when the trash is next emptied.';
}

export const deleteModal = {
  title: 'Delete this file?',
  shared: (places: string) => `Shared in ${places}`,
  what: (trashDays: number) => `It goes to the trash. ${graceInWords(trashDays)} The file in Slack stays.`,
  whatSeveral: (trashDays: number) =>
    `They go to the trash. ${graceInWords(trashDays, 'them')} The files in Slack stay.`,
};

export const deleted = {
  done: (name: string) => `:wastebasket: Deleted: ${name}`,
  until: (moment: string) =>
    `It is in the trash, and you can restore it until ${moment}. The file in Slack stays.`,
  noDate: 'It is in the trash, and you can restore it until the trash is emptied. The file in Slack stays.',
  /** Plain. */
  undoLabel: (plainName: string) => `Undo: restore ${plainName} from the trash`,
  /** Plain. */
  undoSeveralLabel: (n: number) => `Undo: restore ${count(n, 'file')} from the trash`,
  files: (n: number) => count(n, 'file'),
  restored: (name: string) => `:leftwards_arrow_with_hook: Restored ${name}`,
  restoredHint: `\`${COMMAND} list\` shows all files again.`,
};

export const download = {
  title: 'Download',
  text: (name: string, minutes: number) =>
    `Your download of ${name} is ready. The link works for ${count(minutes, 'minute')}.`,
  hint: (minutes: number) => `The link works for ${count(minutes, 'minute')}, and only you can see it.`,
  /** Plain. */
  label: (plainName: string) => `Download ${plainName}`,
};

export const confirmation = {
  saved: (what: string, since?: string) => `Saved ${what}${since === undefined ? '' : ` since ${since}`}`,
  files: (n: number) => count(n, 'file'),
  people: (n: number) => count(n, 'person', 'people'),
  less: (sign: string) => `Fewer messages here? I can put ${sign} on saved messages instead (admins only).`,
  /** In a channel's settings, which only admins can change. */
  lessHere: (sign: string) => `Fewer messages here? I can put ${sign} on saved messages instead.`,
  lessButton: 'React instead',
  /** Plain. */
  lessLabel: 'React instead: an emoji on saved messages, no posts in threads',
  lessDone: (sign: string) =>
    `${sign} From now on, this sign on a message in this channel says that all its files are saved.`,
  lessBack: `\`${COMMAND} channel\` changes it back.`,
  sign: (sign: string) =>
    `${sign} on a message says that all its files are saved. \`${COMMAND} channel\` shows how this channel is set.`,
  trashed: (people: string, what: string) => `${people} deleted ${what}.`,
  restored: (people: string, what: string) => `${people} restored ${what}.`,
  /** Behind the sentence of a deletion, when some of the files are back. */
  back: (n: number) => `${numbers.format(n)} restored.`,
  nothing: 'Nothing new is saved.',
};

export const problem = {
  code: (code: string) => `Code ${code}`,
  unknown: 'Something went wrong. Please try again.',
};

export const stale = {
  text: ':hourglass: This message is outdated, so its buttons no longer work.',
  hint: (command: string) => `Type ${command} for a fresh one.`,
};

export const moment = {
  icon: ':hourglass_flowing_sand:',
  text: 'One moment, this takes a little longer.',
};

export const modalMessage = {
  loading: { title: 'One moment', icon: ':hourglass_flowing_sand:', text: 'Looking it up…' },
  error: { title: 'That did not work', icon: ':warning:', text: 'Something went wrong. Please try again.' },
  done: { title: 'Done', icon: ':white_check_mark:', text: 'Done.' },
};

export const details = {
  title: 'File details',
  fileTitle: 'Title',
  state: 'State',
  size: 'Size',
  type: 'Type',
  unknownType: 'unknown',
  shared: 'First shared',
  stored: 'Saved on',
  trashed: 'Deleted',
  purge: 'Can be restored until',
  slackDeleted: 'Deleted in Slack',
  unread: (why: string) => `Its text is not searched: ${why}.`,
  unreadPictures: 'Some of its pages are pictures. Letters in these are not searched.',
  unreadPart: (why: string) => `Only a part of its text is searched: ${why}.`,
  shares: 'Shared in',
  history: 'History',
  oversight:
    'You can’t see this file in Slack, so only its facts are shown here. The audit log notes that you looked.',
  fileId: (id: string) => `File ${id}`,
  importedFrom: (from: string) => `From ${from}`,
  actions: {
    stored: 'Saved',
    version: 'A later version saved',
    version_removed: 'An older version deleted',
    skipped: 'Not saved',
    failed: 'Could not be saved',
    trashed: 'Deleted',
    restored: 'Restored',
    purged: 'Deleted forever',
    link: 'Downloaded',
    preview: 'Previewed',
    posted: 'Card posted in a channel',
    shared: 'Shared with a channel',
    unshared: 'Taken back from a channel',
    given: 'Shared with a person',
    given_back: 'Taken back from a person',
    kept: 'Chose to keep it',
    kept_ended: 'Stopped keeping it',
    warned: 'Uploader warned of retention',
    retried: 'Tried again by hand',
    lost: 'Missing or damaged in the bucket, saved again',
    deleted_in_slack: 'Deleted in Slack',
    purge_ordered: 'To be deleted forever',
    purge_retained: 'Locked by the bucket, deleted forever later',
    hold_set: 'Put on hold',
    hold_lifted: 'Hold lifted',
    rules: 'Channel rules changed',
    joined: 'Bot added to a channel',
    exported: 'Exported',
    scanned: 'Malware check',
    released: 'Released by an admin',
    looked: 'Looked at',
  } satisfies Record<AuditEntry['action'], string>,
};

export const home = {
  /** Plain. */
  retryLabel: (plainName: string) => `Retry: save ${plainName}`,
  adminChecks: {
    crc32: 'checks a CRC-32 of every object',
    md5: 'vouches for every object by its MD5',
    size: 'vouches for sizes only',
  } satisfies Record<Proof, string>,
  /** In the place of a check: the bucket has not answered since the start. */
  adminUnchecked: 'has not answered yet',
};

export const states = {
  onItsWay: ':hourglass_flowing_sand: On its way',
  trashed: ':wastebasket: In the trash',
  purged: ':wastebasket: Deleted forever',
  failed: 'It could not be saved.',
  tryingNow: 'Trying again now.',
  nextTry: (moment: string) => `Next try: ${moment}.`,
  names: {
    pending: 'Waiting',
    storing: 'On its way',
    stored: 'Saved',
    trashed: 'In the trash',
    purged: 'Deleted forever',
    skipped: 'Not saved',
    failed: 'Not saved yet',
  },
};

/**
 * For the codes of the bucket's errors: their recorded sentences name settings and hosts, for the people who run the
 * vault. Every other failed capture shows its recorded sentence.
 */
export const errorSentences: Record<string, string> = {
  bucket_missing: 'The bucket is not there. An admin needs to look at it.',
  bucket_forbidden: 'RIA Vault may not write to the bucket. An admin needs to look at it.',
  bucket_credentials: 'RIA Vault cannot sign in to its bucket. An admin needs to look at it.',
  bucket_region: 'The bucket is in another region. An admin needs to look at it.',
  bucket_clock: 'RIA Vault’s clock is wrong, so the bucket turns it away. An admin needs to look at it.',
  unexpected_answer: 'Something between RIA Vault and Slack answers in Slack’s place.',
  bucket_full: 'The bucket is full.',
  bucket_unreachable: 'The bucket cannot be reached right now.',
  bucket_untrusted: 'The bucket’s server can’t prove who it is. An admin needs to look at it.',
  way_blocked: 'The way to Slack is blocked. An admin needs to look at it.',
  bucket_stalled: 'The bucket stopped answering.',
  bucket_busy: 'The bucket is busy.',
  bucket_failed: 'The bucket had a problem.',
  bucket_refused: 'The bucket refused the file.',
  bucket_unable: 'The bucket’s server does not know what RIA Vault asked. An admin needs to look at it.',
  bucket_not_s3: 'Something else answers in the bucket’s place. An admin needs to look at it.',
  bucket_proxy: 'A proxy blocks the way to the bucket. An admin needs to look at it.',
  bucket_kms: 'RIA Vault may not use the bucket’s encryption key. An admin needs to look at it.',
  object_archived: 'Its place in the bucket is in cold storage. An admin needs to look at it.',
  object_retained: 'The bucket locks what is in its place. An admin needs to look at it.',
  object_damaged: 'The file was damaged on its way to the bucket.',
  object_conflict: 'Another file is in its place in the bucket. An admin needs to look at it.',
};

export const proofSentences: Record<Proof, string> = {
  crc32: 'The bucket’s own CRC-32 matches what Slack sent.',
  md5: 'The bucket’s own MD5 matches what Slack sent.',
  size: 'The bucket has as many bytes as Slack sent. It has no checksum to compare.',
};
