/** What people read when files are restored and deleted, and of a channel's rules. Arguments are mrkdwn unless the comment says plain. */
import type { ConfirmMode } from '../../catalog/model.ts';
import { COMMAND } from '../../text/handles.ts';
import { sizeInWords } from '../kit/size.ts';
import { count } from './wording.ts';
import { confirmWords } from './wording-posts.ts';

export const several = {
  /** Plain, like the next three. */
  button: 'Delete several…',
  buttonLabel: 'Delete several: choose which of these files',
  title: 'Delete several files',
  pick: 'Which files?',
  line: (name: string, size: string) => `• ${name} (${size})`,
  stay: (n: number) => `*${count(n, 'file')} will stay where ${n === 1 ? 'it is' : 'they are'}:*`,
  stayLine: (name: string, why: string) => `• ${name} – ${why}`,
  done: (n: number, bytes: number) => `:wastebasket: Deleted: ${count(n, 'file')} (${sizeInWords(bytes)})`,
  noneMoved: ':information_source: Nothing was deleted.',
  until: (moment: string) =>
    `They are in the trash. You can restore them until ${moment}, with Undo or \`${COMMAND} trash\`. The files in Slack stay.`,
};

export const trash = {
  title: (channel: string) => `*Trash of ${channel}*`,
  text: (n: number, channel: string) => `${count(n, 'file')} in the trash of ${channel}`,
  hint: 'Newest first. Restore a file in time, or it is deleted forever.',
  empty: (channel: string) => `:wastebasket: The trash of ${channel} is empty.`,
  ownTitle: '*Your own trash*',
  ownText: (n: number) => `${count(n, 'file')} in your own trash`,
  ownEmpty: ':wastebasket: Your own trash is empty.',
  ownHint: `Only files that were yours alone. \`${COMMAND} restore budget\` finds deleted files everywhere.`,
  /** Plain, like its label. */
  own: 'Your own trash',
  ownLabel: 'Your own trash: deleted files that were yours alone',
  emptyHint: `\`${COMMAND} delete\` moves files here. You can restore them for a while.`,
  pastEnd: ':mag: There are no more files this way.',
  by: (person: string, moment: string) => `deleted by ${person} · ${moment}`,
  byRetention: (moment: string) => `its time was over · ${moment}`,
  until: (moment: string) => `stays until ${moment}`,
  onHold: ':lock: on hold, so it stays',
  goingNow: 'being deleted forever',
  retained: (moment: string) => `deleted forever ${moment}, as the bucket locks it until then`,
  restore: 'Restore',
  purge: 'Delete forever…',
  /** Plain. */
  restoreLabel: (plainName: string) => `Restore ${plainName} from the trash`,
  /** Plain. */
  newest: 'Newest',
  newestLabel: 'Newest: what was deleted last',
  olderLabel: 'Older: what was deleted before that',
};

export const purge = {
  title: 'Delete forever?',
  what: 'The file and all its versions are deleted from the bucket. *Nobody can bring them back.* The file in Slack stays.',
  submit: 'Delete forever',
  /** Plain. */
  label: 'Type the file’s name, or DELETE',
  /** Plain. */
  name: 'Its name',
  forget: 'Forget the name, too',
  forgetHint:
    'The audit log then shows its id and size, but not its name. The reason of a hold on a whole channel or person stays as it was typed.',
  done: (name: string) => `:wastebasket: ${name} is being deleted forever.`,
  doneHint: 'It takes a moment. The audit log still says that it was there.',
};

export const channelRules = {
  title: (channel: string) => `*Settings of ${channel}*`,
  text: (channel: string) => `Settings of ${channel}`,
  kept: (since: string) => `:white_check_mark: Saved since ${since}`,
  keptUnknown: ':white_check_mark: Saved',
  off: ':pause_button: Switched off: files shared here are listed, but not saved.',
  totals: (files: number, bytes: number) =>
    `${count(files, 'file')} · ${sizeInWords(bytes)} saved from this channel`,
  confirm: (mode: ConfirmMode) => `• Confirmation: ${confirmWords[mode]}`,
  confirmNames: confirmWords,
  largest: (bytes: number) => `• Largest file: ${sizeInWords(bytes)}`,
  types: (types: string) => `• Not saved: ${types}`,
  noTypes: '• Every type is saved',
  notTold: '• Nothing is said when a type is not saved',
  retention: (days: number) =>
    days === 0 ? '• Saved forever' : `• Goes to the trash ${count(days, 'day')} after it was last shared`,
  mayKeep: '• People may keep single files longer',
  onSlackDelete: (what: 'keep' | 'trash') =>
    what === 'keep'
      ? '• Deleted in Slack: the saved copy stays'
      : '• Deleted in Slack: the saved copy goes to the trash',
  held: (n: number) => `:lock: ${count(n, 'hold')} may cover files of this channel.`,
  own: 'set for this channel',
  defaults: 'Nothing is set for this channel alone.',
  changed: (person: string, moment: string) => `Changed by ${person} · ${moment}`,
  change: 'Change',
  /** Plain. */
  changeLabel: 'Change the settings of this channel',
  backfillHint: `\`${COMMAND} backfill\` saves what was shared while it was off.`,
};

export const rulesForm = {
  title: 'Channel settings',
  submit: 'Save',
  asDefault: (what: string) => `As everywhere (${what})`,
  capture: 'Files shared here',
  captureOn: 'Save them',
  captureOff: 'List them only',
  confirm: 'Confirmations',
  types: 'Types that are not saved',
  typesHint: 'Such as: mp4, mov. A single dash (-) saves every type. Empty: as everywhere.',
  tellExcluded: 'When a type is not saved',
  tellExcludedOn: 'Say so in the thread',
  tellExcludedOff: 'Say nothing',
  largest: 'Largest file in MB',
  days: 'Days after which files go to the trash',
  daysHint: 'Counted from the last time a file was shared. 0: never. Empty: as everywhere.',
  mayKeep: 'Before files go to the trash',
  mayKeepHint: 'A week before. If files stay a shorter time, halfway.',
  mayKeepOff: 'Their uploaders are told',
  mayKeepOn: 'Their uploaders are told, and may keep some',
  slackDelete: 'When Slack’s copy is deleted',
  slackKeep: 'The saved copy stays',
  slackTrash: 'The saved copy goes to the trash',
  defaultNumber: (value: string) => `As everywhere: ${value}`,
  forEver: 'never',
  allTypes: 'every type',
  /** Plain: errors beside a field. */
  manyTypes: (most: number) => `Name up to ${most} types.`,
  badTypes: 'Write types such as pdf, mp4, separated by commas.',
  badLargest: 'Write a whole number from 1 to 1,000,000.',
  badDays: 'Write a whole number from 0 to 36,500.',
  sure: 'Are you sure?',
  wouldGo: (n: number, atLeast: boolean, days: number) =>
    `:warning: *${atLeast ? 'At least ' : ''}${count(n, 'file')}* of this channel would go to the trash now, because ${n === 1 ? 'it is' : 'they are'} older than ${count(days, 'day')}.`,
  wouldGoHint: 'You can restore them from the trash for a while. Files on hold stay.',
  nobodyElse: 'Files that are also in other channels stay as long as the rules there say.',
  saved: ':white_check_mark: Saved. The channel is told.',
  unchanged: 'Nothing was changed.',
};
