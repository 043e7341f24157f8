/** What people read when files are restored, kept, and removed. Arguments are mrkdwn unless the comment says plain. */
import type { AskedAction } from '../../catalog/governance/audit-list.ts';
import type { ConfirmMode } from '../../catalog/model.ts';
import { COMMAND } from '../../text/handles.ts';
import { sizeInWords } from '../kit/size.ts';
import { count, numbers } from './wording.ts';

export const several = {
  pick: '*Or several at once*',
  /** Plain. */
  pickLabel: 'Files to move to the trash',
  button: 'Move ticked files…',
  /** Plain. */
  buttonLabel: 'Move the ticked files to the trash, after a question',
  title: 'Move to the trash?',
  total: (files: number, bytes: number) => `*${count(files, 'file')} · ${sizeInWords(bytes)}*`,
  line: (name: string, size: string) => `• ${name} (${size})`,
  stay: (n: number) => `*${count(n, 'file')} will stay where ${n === 1 ? 'it is' : 'they are'}:*`,
  stayLine: (name: string, why: string) => `• ${name} – ${why}`,
  done: (n: number, bytes: number) =>
    `:wastebasket: Moved to the trash: ${count(n, 'file')} (${sizeInWords(bytes)})`,
  noneMoved: ':information_source: Nothing was moved.',
  until: (moment: string) =>
    `Until ${moment} they can be restored, with Undo or with \`${COMMAND} trash\`. Slack’s own copies are untouched.`,
};

export const trash = {
  title: (channel: string) => `*Trash of* ${channel}`,
  text: (n: number, channel: string) => `${count(n, 'file')} in the trash of ${channel}`,
  hint: 'Newest first. What is not restored in time is removed for good.',
  empty: (channel: string) => `:wastebasket: The trash of ${channel} is empty.`,
  emptyHint: `\`${COMMAND} delete\` moves files here; for a while they can be restored.`,
  pastEnd: ':mag: There is nothing further in this direction.',
  by: (person: string, moment: string) => `${person} · ${moment}`,
  byRetention: (moment: string) => `its time was over · ${moment}`,
  until: (moment: string) => `until ${moment}`,
  onHold: ':lock: on hold, so it stays',
  goingNow: 'being removed for good',
  retained: (moment: string) => `removed for good ${moment}: the bucket does not let it go before`,
  restore: 'Restore',
  purge: 'Delete for good…',
  /** Plain. */
  restoreLabel: (plainName: string) => `Restore ${plainName} from the trash`,
  /** Plain. */
  newest: 'Newest',
  newestLabel: 'Show what was deleted last',
  olderLabel: 'Show what was deleted before that',
};

export const purge = {
  title: 'Delete for good?',
  what: 'It is removed from the bucket with all its versions. *Nothing brings it back from the vault.* Slack’s own copy is untouched.',
  submit: 'Delete for good',
  /** Plain. */
  label: 'To go on, type the file’s name, or the word DELETE',
  /** Plain. */
  name: 'Its name',
  forget: 'Forget the name, too',
  forgetHint:
    'Without it, lists of who did what go on naming the file. With it, they say only its id, its size, and who did what.',
  done: (name: string) => `:wastebasket: ${name} is being removed for good.`,
  doneHint: 'It takes a moment. The audit log keeps that it was there.',
};

export const holds = {
  title: '*Holds*',
  text: (n: number) => (n === 0 ? 'There are no holds.' : `${count(n, 'hold')} in force`),
  hint: 'What is on hold can neither go to the trash nor be removed for good, nor does its time run out.',
  locked: (objects: number) =>
    `With S3’s Object Lock the bucket itself holds ${count(objects, 'object')} now.`,
  lockWaits: (files: number) => `It is still to be told about ${count(files, 'file')}.`,
  lockFails: (files: number) =>
    `:warning: It did not do as it was told for ${count(files, 'file')}; the log says why, and it is tried again.`,
  notLocked: 'The bucket has no Object Lock: the vault holds these files, the bucket itself does not.',
  lockUnknown:
    ':warning: The vault may not ask whether the bucket has Object Lock (`s3:GetBucketObjectLockConfiguration`): the vault holds these files, the bucket is not told.',
  none: ':unlock: Nothing is on hold.',
  everything: 'everything',
  from: (person: string) => `files of ${person}`,
  in: (channel: string) => `files in ${channel}`,
  file: (id: string) => `the file ${id}`,
  since: (day: string) => `shared since ${day}`,
  before: (day: string) => `shared before ${day}`,
  facts: (person: string, moment: string) => `by ${person} · ${moment}`,
  covers: (n: number) => count(n, 'file'),
  counting: (n: number) => `${count(n, 'file')} so far`,
  lift: 'Lift',
  /** Plain. */
  liftLabel: 'Lift this hold',
  liftTitle: 'Lift this hold?',
  /** Plain. */
  liftText:
    'Its files can be deleted again, and those in the trash whose time is over are removed for good right away.',
  liftDeny: 'Keep it',
  lifted: ':unlock: The hold is lifted.',
  fresh: 'New hold…',
  /** Plain. */
  freshLabel: 'Put files on hold',
  more: (n: number) => `…and ${numbers.format(n)} older`,
};

export const holdForm = {
  title: 'Put files on hold',
  submit: 'Put on hold',
  intro: 'Files that meet *everything* that you fill in are held. New ones too, as they come.',
  person: 'Uploaded or shared by',
  channel: 'Shared in',
  file: 'One file, by its id',
  fileHint: 'The id stands at the bottom of a file’s details. It begins with F.',
  from: 'Shared on or after',
  until: 'Shared on or before',
  reason: 'Why',
  reasonHint: 'Admins see this in the list of holds and in the audit log.',
  /** Plain: errors beside a field. */
  empty: 'Fill in at least one of person, channel, file or dates.',
  badFile: 'That is no file’s id: it begins with F and has letters and digits only.',
  badRange: 'The last day comes before the first.',
  badChoice: 'Choose from the list.',
  badDate: 'Choose a day of the calendar.',
  badReason: 'The reason holds a character that I cannot read (NUL). Please type it again.',
  longReason: (most: number) => `The reason is too long: it may have up to ${most} characters.`,
  done: (scope: string) => `:lock: On hold: ${scope}`,
  tooLate: (n: number) =>
    `:warning: ${count(n, 'file')} ${n === 1 ? 'was' : 'were'} just being removed for good and may be gone.`,
  doneHint: `\`${COMMAND} hold\` shows all holds and lifts them.`,
};

const CONFIRM: Record<ConfirmMode, string> = {
  thread: 'a message in the thread',
  reaction: 'a reaction',
  digest: 'one message an hour',
  off: 'none',
};

export const channelRules = {
  title: (channel: string) => `*How* ${channel} *is kept*`,
  text: (channel: string) => `How ${channel} is kept`,
  kept: (since: string) => `:white_check_mark: Kept since ${since}`,
  keptUnknown: ':white_check_mark: Kept',
  off: ':pause_button: Switched off: what is shared is recorded, but its bytes are not kept.',
  notIn: ':warning: I am not in this channel, so nothing new is kept.',
  totals: (files: number, bytes: number) =>
    `${count(files, 'file')} · ${sizeInWords(bytes)} from this channel in the vault`,
  confirm: (mode: ConfirmMode) => `• Confirmation: ${CONFIRM[mode]}`,
  confirmNames: CONFIRM,
  largest: (bytes: number) => `• Largest file: ${sizeInWords(bytes)}`,
  types: (types: string) => `• Not kept: ${types}`,
  noTypes: '• Every type is kept',
  notTold: '• Not told here when a file is left out for its type',
  retention: (days: number) =>
    days === 0
      ? '• Kept for ever'
      : `• Kept for ${count(days, 'day')} after it was last shared, then trashed`,
  onSlackDelete: (what: 'keep' | 'trash') =>
    what === 'keep'
      ? '• Deleted in Slack: the vault keeps its copy'
      : '• Deleted in Slack: the vault’s copy goes to the trash',
  held: (n: number) => `:lock: ${count(n, 'hold')} may keep files of this channel longer.`,
  own: 'set for this channel',
  defaults: 'Everything as set for the whole vault.',
  changed: (person: string, moment: string) => `Changed by ${person} · ${moment}`,
  change: 'Change…',
  /** Plain. */
  changeLabel: 'Change how this channel is kept',
  backfillHint: `What was shared while it was off can be fetched with \`${COMMAND} backfill\`.`,
};

export const rulesForm = {
  title: 'Rules of this channel',
  submit: 'Save',
  asDefault: (what: string) => `As everywhere (${what})`,
  capture: 'Keep what is shared here',
  captureOn: 'Keep it',
  captureOff: 'Only record that it was shared',
  confirm: 'Confirmations',
  types: 'Types that are not kept',
  typesHint: 'Such as: mp4, mov. A single dash (-) keeps every type. Empty: as everywhere.',
  tellExcluded: 'When a file is left out for its type',
  tellExcludedOn: 'Say so in the thread',
  tellExcludedOff: 'Say nothing',
  largest: 'Largest file in MB',
  days: 'Days after which files go to the trash',
  daysHint: '0 keeps them for ever. Empty: as everywhere. Counted from the last time a file was shared.',
  slackDelete: 'When Slack’s copy is deleted',
  slackKeep: 'Keep the vault’s copy',
  slackTrash: 'Move the vault’s copy to the trash',
  defaultNumber: (value: string) => `As everywhere: ${value}`,
  forEver: 'for ever',
  allTypes: 'every type',
  /** Plain: errors beside a field. */
  manyTypes: (most: number) => `Name up to ${most} types.`,
  badTypes: 'Write types such as pdf, mp4, separated by commas.',
  badLargest: 'Write a whole number from 1 to 1000000.',
  badDays: 'Write a whole number from 0 to 36500.',
  sure: 'Are you sure?',
  wouldGo: (n: number, atLeast: boolean, days: number) =>
    `:warning: *${atLeast ? 'At least ' : ''}${count(n, 'file')}* of this channel would go to the trash now, because ${n === 1 ? 'it is' : 'they are'} older than ${count(days, 'day')}.`,
  wouldGoHint: 'From the trash they can be restored for a while. What is on hold stays.',
  nobodyElse: 'Files that other channels still keep stay.',
  saved: ':white_check_mark: Saved. The channel is told.',
  unchanged: 'Nothing was changed.',
};

/** What the channel is told. */
export const ruleNews = {
  title: (person: string, changes: string) => `:gear: ${person} changed how files are kept here: ${changes}.`,
  capture: (on: boolean | null) => (on === false ? 'files are only recorded, not kept' : 'files are kept'),
  confirm: (mode: ConfirmMode | null) => `confirmation: ${mode === null ? 'as everywhere' : CONFIRM[mode]}`,
  types: (types: string[] | null, shown: string) =>
    types === null
      ? 'excluded types as everywhere'
      : types.length === 0
        ? 'every type is kept'
        : `not kept: ${shown}`,
  tellExcluded: (on: boolean) =>
    on ? 'left out for its type: told in the thread' : 'left out for its type: not told',
  largest: (bytes: number | null) =>
    bytes === null ? 'largest file as everywhere' : `largest file ${sizeInWords(bytes)}`,
  days: (days: number | null) =>
    days === null
      ? 'kept as long as everywhere'
      : days === 0
        ? 'kept for ever'
        : `kept for ${count(days, 'day')}, then trashed`,
  slackDelete: (what: 'keep' | 'trash' | null) =>
    what === 'trash' ? 'deleted in Slack also means trashed here' : 'deleted in Slack stays here',
  expired: (n: number) =>
    `:wastebasket: ${count(n, 'file')} of this channel went to the trash: kept long enough.`,
  expiredHint: `\`${COMMAND} trash\` shows them, and restores them for a while.`,
};

export const audit = {
  title: '*Who did what*',
  text: (n: number) => `${count(n, 'entry', 'entries')} of the audit log, newest first`,
  filtered: (filters: string) => `Newest first · ${filters}`,
  unfiltered: `Newest first · \`${COMMAND} audit @anna action:link after:7d file:F0123\` narrows it down`,
  by: (person: string) => `by ${person}`,
  action: (words: string) => `what: ${words}`,
  file: (id: string) => `file ${id}`,
  after: (day: string) => `since ${day}`,
  before: (day: string) => `before ${day}`,
  none: ':mag: No entry matches.',
  noneHint: `\`${COMMAND} audit\` alone shows everything.`,
  inChannel: (channel: string) => `in ${channel}`,
  csv: 'Export as CSV',
  /** Plain. */
  csvLabel: 'Make a CSV file of these entries',
  olderLabel: 'Show older entries',
  newerLabel: 'Show newer entries',
  tooLong: 'There is more, but these words are too long to turn pages with.',
  retained: (moment: string) => `retained by the bucket until ${moment}`,
  unnamed: 'Files and channels that you could not see in Slack are shown by their ids.',
  /** Plain. */
  detailsLabel: 'Show everything that the vault knows of this file',
};

/** What can be asked for with `action:`. */
export const auditActions: Record<AskedAction, string> = {
  stored: 'stored',
  version: 'later version stored',
  version_removed: 'older version removed',
  skipped: 'not kept',
  failed: 'failed',
  trashed: 'trashed',
  restored: 'restored',
  purged: 'removed for good',
  purge_ordered: 'removal ordered',
  purge_retained: 'retained by the bucket',
  link: 'link made',
  retried: 'tried again',
  lost: 'lost in the bucket',
  deleted_in_slack: 'deleted in Slack',
  hold_set: 'put on hold',
  hold_lifted: 'hold lifted',
  rules: 'rules changed',
  exported: 'exported',
  scanned: 'malware check',
  released: 'released',
  looked: 'looked at',
};

export const exports = {
  started: (what: string) =>
    `:hourglass_flowing_sand: I am making ${what}. It comes to you when it is ready.`,
  startedHint: 'Here if that is soon, otherwise in a direct message.',
  manifest: (channel: string, format: string) => `a list of all files from ${channel} (${format})`,
  audit: 'a CSV file of the audit log',
  ready: (what: string) => `:page_facing_up: Here is ${what}.`,
  facts: (rows: number, bytes: number) => `${count(rows, 'row')} · ${sizeInWords(bytes)}`,
  until: (moment: string) => `Kept until ${moment}, for you alone.`,
  get: 'Download',
  /** Plain. */
  getLabel: 'Download the exported file',
  failed: ':warning: The export could not be made.',
  refused: ':warning: You may no longer see what this export is about, so it was not made.',
  link: (minutes: number) => `The link works for ${count(minutes, 'minute')}, and only you can see it.`,
};
