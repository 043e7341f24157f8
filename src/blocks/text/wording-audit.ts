/** What readers of the audit log and of exports read. Arguments are mrkdwn unless the comment says plain. */
import { COMMAND } from '../../text/handles.ts';
import { sizeInWords } from '../kit/size.ts';
import { count } from './wording.ts';

export const audit = {
  title: '*Who did what*',
  text: (n: number) => `${count(n, 'entry', 'entries')} of the audit log, newest first`,
  /** More files have the name that was typed. */
  cut: (n: number) => `Only the newest ${n} files of that name. The CSV has all of them.`,
  filtered: (filters: string) => `Newest first · ${filters}`,
  unfiltered: `Newest first · \`${COMMAND} audit budget.pdf\`, \`@anna\`, \`#general\`, \`action:downloaded\`, \`after:7d\` narrow it down`,
  by: (person: string) => `by ${person}`,
  action: (words: string) => `what: ${words}`,
  file: (id: string) => `file ${id}`,
  named: (text: string) => `files named ${text}`,
  /** Plain. */
  history: 'History',
  historyLabel: (plainName: string) => `History: who did what with ${plainName}`,
  after: (day: string) => `since ${day}`,
  before: (day: string) => `before ${day}`,
  none: ':mag: No entry matches.',
  noneHint: `\`${COMMAND} audit\` alone shows everything.`,
  inChannel: (channel: string) => `in ${channel}`,
  csv: 'Export as CSV',
  /** Plain. */
  csvLabel: 'Export as CSV: these entries',
  olderLabel: 'Show older entries',
  newerLabel: 'Show newer entries',
  tooLong: 'There are more entries, but these words are too long to show them. Try fewer words.',
  retained: (moment: string) => `locked by the bucket until ${moment}`,
  lookedAtLog: 'looked at the audit log',
  joinedAll: (channels: number) => `bot added to ${count(channels, 'public channel')}`,
  unnamed: 'Files and channels that you could not see in Slack are shown by their ids.',
  /** Plain. */
  detailsLabel: 'Details: everything about this file',
};

export const exports = {
  started: (what: string) => `:hourglass_flowing_sand: I am making ${what}.`,
  startedHint: 'You get it here if it is ready soon, or in a direct message.',
  manifest: (channel: string, format: string) => `a list of all files from ${channel} (${format})`,
  workspace: (format: string) => `a list of all saved files (${format})`,
  audit: 'a CSV file of the audit log',
  ready: (what: string) => `:page_facing_up: Here is ${what}.`,
  facts: (rows: number, bytes: number) => `${count(rows, 'row')} · ${sizeInWords(bytes)}`,
  until: (moment: string) => `Only you can download it, until ${moment}.`,
  get: 'Download',
  /** Plain. */
  getLabel: 'Download the exported file',
  again: 'New link',
  againLabel: 'Make a new link to the exported file',
  failed: ':warning: The export could not be made.',
  refused: ':warning: The export was not made: you may no longer see these files.',
  link: (minutes: number, moment: string) =>
    `The link works for ${count(minutes, 'minute')}, and only you can see it. *New link* makes another, until ${moment}.`,
};
