/**
 * The sentences of the screens; refusals are in src/refusals. Arguments are already safe for their place: mrkdwn, unless the comment says plain.
 */
import type { AuditEntry, Proof } from '../../catalog/model.ts';
import { BOT_HANDLE, BOT_NAME, COMMAND } from '../../text/handles.ts';
import { sizeInWords } from '../kit/size.ts';

export const numbers = new Intl.NumberFormat('en-US');

/** `1 file`, `2 files`, `1,204 files`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${numbers.format(n)} ${n === 1 ? one : many}`;
}

/** `a`, `a or b`, `a, b or c`. */
function either(words: string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

export const buttons = {
  download: 'Download',
  details: 'Details',
  delete: 'Delete',
  newer: 'Newer',
  older: 'Older',
  undo: 'Undo',
  retry: 'Retry',
  moveToTrash: 'Move to trash',
  keepIt: 'Keep it',
  openExternal: 'Open where it lives',
  close: 'Close',
} as const;

export const common = {
  more: (n: number) => `…and ${numbers.format(n)} more`,
  joined: (parts: string[]) => parts.filter((part) => part !== '').join(' · '),
};

export const list = {
  title: (channel: string) => `*Files in* ${channel}`,
  text: (n: number, channel: string) => `${count(n, 'file')} from ${channel}, newest first`,
  filtered: (filters: string) => `Newest first · ${filters}`,
  unfiltered: 'Newest first',
  from: (person: string) => `from ${person}`,
  type: (types: string[]) => `type ${either(types)}`,
  before: (day: string) => `before ${day}`,
  after: (day: string) => `since ${day}`,
  named: (words: string) => `with ${words} in the name`,
  nothingYet: (channel: string) => `:open_file_folder: Nothing from ${channel} is in the vault yet.`,
  nothingYetHint: `Drop a file here and it is kept by itself. If nothing happens, I am not in this channel: type \`/invite @${BOT_HANDLE}\`.`,
  noMatch: (channel: string) => `:mag: No file from ${channel} matches.`,
  noMatchHint: `Try fewer words, or \`${COMMAND} list\` for everything.`,
  pastEnd: ':mag: There is nothing further in this direction.',
  pastEndHint: `Files may have been deleted meanwhile. \`${COMMAND} list\` starts again with the newest.`,
  tooLongToPage: 'There are more files, but these words are too long to turn pages with. Try fewer words.',
  newerLabel: 'Show newer files',
  olderLabel: 'Show older files',
};

export const fileLine = {
  inChannel: (channel: string) => `in ${channel}`,
};

export const chooser = {
  title: (channel: string) => `*Which file from* ${channel} *should go to the trash?*`,
  matching: (query: string) => `Matching ${query} · only files that you may delete`,
  hint: 'Only files that you may delete',
  text: (n: number) =>
    `Delete which file? There ${n === 1 ? 'is' : 'are'} ${count(n, 'file')} to choose from.`,
  none: ':open_file_folder: There is nothing here that you may delete.',
  noneHint: 'You can delete the files that you shared. Workspace admins can delete any file.',
  noMatch: (query: string) => `:mag: None of the files that you may delete here matches ${query}.`,
  nearest: (suggestion: string) =>
    `Did you mean ${suggestion}? \`${COMMAND} delete\` alone shows all of them.`,
  noNearest: `\`${COMMAND} delete\` alone shows all of them.`,
  more: `…and more. Add words from the name: \`${COMMAND} delete budget\`.`,
  /** Plain. */
  label: (plainName: string) => `Delete ${plainName}`,
};

/** Plain text: the question before a deletion. */
export const confirmDelete = {
  title: 'Move this file to the trash?',
  text: (plainName: string, bytes: number | null, trashDays: number | undefined) =>
    `${plainName} (${sizeInWords(bytes)}) leaves the vault’s lists. ${graceInWords(trashDays)} Slack’s own copy stays.`,
};

function graceInWords(trashDays: number | undefined): string {
  if (trashDays === undefined) return 'You can undo this until the trash is emptied.';
  return trashDays > 0
    ? `It can be restored for ${count(trashDays, 'day')}.`
    : 'It is removed for good when the trash is next emptied.';
}

export const deleteModal = {
  title: 'Move to the trash?',
  shared: (places: string) => `Shared in ${places}`,
  what: (trashDays: number) =>
    `• It leaves the vault’s lists. ${graceInWords(trashDays)}\n• Slack’s own copy stays where it is; the vault never deletes in Slack.`,
};

export const deleted = {
  done: (name: string) => `:wastebasket: Moved to the trash: ${name}`,
  until: (moment: string) => `It can be restored until ${moment}. Slack’s own copy is untouched.`,
  noDate: 'It can be restored until the trash is emptied. Slack’s own copy is untouched.',
  /** Plain. */
  undoLabel: (plainName: string) => `Restore ${plainName} from the trash`,
  restored: (name: string) => `:leftwards_arrow_with_hook: Back in the vault: ${name}`,
  restoredHint: `It shows in \`${COMMAND} list\` again.`,
};

export const download = {
  title: 'Download',
  text: (name: string, minutes: number) =>
    `Your download of ${name} is ready. The link works for ${count(minutes, 'minute')}.`,
  hint: (minutes: number) => `The link works for ${count(minutes, 'minute')}, and only you can see it.`,
  sha: (short: string) => `SHA-256 ${short}`,
  /** Plain. */
  label: (plainName: string) => `Download ${plainName}`,
};

export const confirmation = {
  one: (name: string, size: string) => `:white_check_mark: In the vault: ${name} (${size})`,
  several: (n: number, size: string) => `:white_check_mark: In the vault: ${count(n, 'file')} (${size})`,
  line: (name: string, size: string) => `• ${name} (${size})`,
  trashed: (person: string, name: string) => `:wastebasket: ${person} moved ${name} to the trash.`,
  trashedHint: (until: string) => `It can be restored until ${until}. Slack’s own copy is untouched.`,
  trashedNoDate: 'It can be restored until the trash is emptied. Slack’s own copy is untouched.',
  restored: (person: string, name: string) =>
    `:leftwards_arrow_with_hook: ${person} restored ${name} from the trash.`,
  digest: (n: number, size: string, since: string) =>
    `:package: ${count(n, 'file')} (${size}) went into the vault since ${since}.`,
  andMore: (n: number) => `and ${numbers.format(n)} more`,
  nothing: 'Nothing new in the vault.',
};

export const help = {
  title: `*What ${BOT_NAME} can do*`,
  intro: 'Every file shared in a channel that I am in is kept in your own bucket, by itself.',
  text: (names: string[]) => `${BOT_NAME} understands ${either(names)}.`,
  none: 'There are no commands.',
  command: COMMAND,
  examples: (examples: string[]) => `For example ${either(examples)}`,
};

export const unknown = {
  nearest: (word: string, nearest: string) => `I do not know ${word}. Did you mean ${nearest}?`,
  none: (word: string) => `I do not know ${word}. This is what I do know:`,
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
  text: 'One moment, this takes longer than usual. Your answer follows.',
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
  uploader: 'Uploaded by',
  shared: 'First shared',
  stored: 'Stored',
  trashed: 'Moved to the trash',
  purge: 'Can be restored until',
  slackDeleted: 'Deleted in Slack',
  shares: 'Shared in',
  history: 'History',
  oversight:
    'You could not see this file in Slack. You see what the vault knows of it, not what is in it, and the audit log says that you looked.',
  fileId: (id: string) => `File ${id}`,
  actions: {
    stored: 'Stored',
    version: 'A later version stored',
    version_removed: 'An older version removed',
    skipped: 'Recorded without its bytes',
    failed: 'An attempt to store it failed',
    trashed: 'Moved to the trash',
    restored: 'Restored from the trash',
    purged: 'Removed for good',
    link: 'Download link made',
    posted: 'Pointed to in a channel',
    retried: 'Tried again by hand',
    lost: 'Missing or damaged in the bucket, captured again',
    deleted_in_slack: 'Deleted in Slack',
    purge_ordered: 'Removal for good ordered',
    purge_retained: 'Retained by the bucket, removed for good later',
    hold_set: 'Put on hold',
    hold_lifted: 'Hold lifted',
    rules: 'Channel rules changed',
    exported: 'Exported',
    scanned: 'Malware check',
    released: 'Released by an admin',
    looked: 'Looked at',
  } satisfies Record<AuditEntry['action'], string>,
};

export const home = {
  title: BOT_NAME,
  greeting: (person: string) =>
    `Hi ${person}! Every file shared in a channel that I am in is kept in your own bucket.`,
  totals: (files: number, size: string) =>
    `*${count(files, 'file')} · ${size}* in the channels that you can see`,
  firstSteps:
    '*Three steps to the first file*\n' +
    `1. Open a channel and type \`/invite @${BOT_HANDLE}\`.\n` +
    '2. Drop a file into it, as always. I confirm it in the thread.\n' +
    `3. Type \`${COMMAND} list\` there to see it.`,
  onTheWay: (n: number) => `*On its way* · ${count(n, 'file')}`,
  failures: (n: number) => `*Being retried* · ${count(n, 'file')} not stored yet`,
  recent: '*Recent files*',
  commands: '*Type this in any channel*',
  inChannel: (channel: string) => `in ${channel}`,
  /** Plain. */
  retryLabel: (plainName: string) => `Try to store ${plainName} again`,
  admin: '*For admins*',
  adminBucket: (bucket: string, check: string) => `Bucket ${bucket} · ${check}`,
  adminChecks: {
    crc32: 'checks a CRC-32 of every object',
    md5: 'vouches for every object by its MD5',
    size: 'vouches for sizes only',
  } satisfies Record<Proof, string>,
  /** In the place of a check: the bucket has not answered since the start. */
  adminUnchecked: 'has not answered yet',
  adminWork: (database: string, waiting: number, failed: number) =>
    `${database} catalog · ${numbers.format(waiting)} waiting · ${numbers.format(failed)} failed`,
  adminTrash: (files: number, size: string) => `Trash: ${count(files, 'file')} (${size})`,
};

export const states = {
  onItsWay: ':hourglass_flowing_sand: On its way into the vault',
  trashed: ':wastebasket: In the trash',
  purged: ':wastebasket: Removed for good',
  failed: 'It could not be stored.',
  tryingNow: 'Trying again now.',
  nextTry: (moment: string) => `Next try: ${moment}.`,
  names: {
    pending: 'Waiting',
    storing: 'On its way into the vault',
    stored: 'In the vault',
    trashed: 'In the trash',
    purged: 'Removed for good',
    skipped: 'Not kept',
    failed: 'Not stored yet',
  },
};

/**
 * For the codes of the bucket's errors: their recorded sentences name settings and hosts, for the people who run the
 * vault. Every other failed capture shows its recorded sentence.
 */
export const errorSentences: Record<string, string> = {
  bucket_missing: 'The vault’s bucket is not there. An admin needs to look at it.',
  bucket_forbidden: 'The vault may not write to its bucket. An admin needs to look at it.',
  bucket_credentials: 'The vault cannot sign in to its bucket. An admin needs to look at it.',
  bucket_region: 'The vault looks for its bucket in the wrong region. An admin needs to look at it.',
  bucket_clock: 'The vault’s clock is wrong, so its bucket turns it away. An admin needs to look at it.',
  unexpected_answer: 'Slack’s answer cannot be read: something on the way may answer in its place.',
  bucket_full: 'The bucket is full.',
  bucket_unreachable: 'The bucket cannot be reached right now.',
  bucket_untrusted: 'The bucket’s store cannot prove who it is. An admin needs to look at it.',
  way_blocked: 'Something on the way to Slack is closed. An admin needs to look at it.',
  bucket_stalled: 'The bucket stopped answering.',
  bucket_busy: 'The bucket is busy.',
  bucket_failed: 'The bucket had trouble of its own.',
  bucket_refused: 'The bucket refused the file.',
  bucket_unable: 'The bucket’s store does not know a request of the vault’s. An admin needs to look at it.',
  bucket_not_s3: 'What answers in the bucket’s place is no bucket. An admin needs to look at it.',
  bucket_proxy: 'A proxy does not let the vault through to its bucket. An admin needs to look at it.',
  bucket_kms: 'The vault may not use the bucket’s encryption key. An admin needs to look at it.',
  object_archived: 'Its place in the bucket holds an archived object. An admin needs to look at it.',
  object_retained: 'The bucket retains what is in its place. An admin needs to look at it.',
  object_damaged: 'The bytes were damaged on their way to the bucket, which refused them.',
  object_conflict: 'Another file is already at its place in the bucket. An admin needs to look at it.',
};

export const proofSentences: Record<Proof, string> = {
  crc32:
    'The bucket computed a CRC-32 over the bytes that it received, and it equals that of the bytes that Slack sent.',
  md5: 'The bucket’s MD5 of the object equals that of the bytes that Slack sent.',
  size: 'The bucket holds as many bytes as Slack sent. It offers no checksum to compare.',
};
