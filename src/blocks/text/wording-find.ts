/** Every sentence for finding files, a file's card, and uploads. Arguments are mrkdwn unless the comment says plain. */
import { COMMAND } from '../../text/handles.ts';

export const find = {
  title: '*Files that you can see*',
  text: (files: string) => `${files} that you can see`,
  bestFirst: 'Best match first',
  inChannel: (channel: string) => `in ${channel}`,
  largerThan: (size: string) => `at least ${size}`,
  smallerThan: (size: string) => `at most ${size}`,
  sha256: (digits: string) => `SHA-256 ${digits}`,
  similar: ':mag: Nothing has just these words. Similar names:',
  alsoSimilar: ':mag: Similar names:',
  noMatch: ':mag: Nothing that you can see matches.',
  noMatchHint: `Try fewer words or another spelling, or clear the filters. \`${COMMAND} find budget type:pdf after:30d\` shows how to narrow it down.`,
  nothingYet: ':open_file_folder: Nothing that you can see is in the vault yet.',
  nothingSoFar: ':mag: Nothing found so far.',
  stopped: 'I looked for 2 seconds and stopped. Add a word, a person or a date to look further.',
  startAgain: `Files may have been deleted meanwhile. \`${COMMAND} find\` starts again.`,
  /** Plain, like all below. */
  person: 'Anybody',
  personLabel: 'Only files of this person',
  channel: 'Any channel',
  channelLabel: 'Only files of this channel',
  type: 'Any type',
  typeLabel: 'Only files of this type',
  time: 'Any time',
  timeLabel: 'Only files since then',
  clear: 'Clear filters',
  clearLabel: 'Show files without any filter',
  search: 'Search',
  words: 'Name, title or words',
  wordsHint: 'Filters such as type:pdf or size:>10mb work here too.',
  types: {
    pdf: 'PDF',
    image: 'Images',
    video: 'Videos',
    audio: 'Audio',
    'doc,docx,odt,rtf,pages,gdoc': 'Documents',
    'xls,xlsx,ods,csv,numbers,gsheet': 'Spreadsheets',
    'ppt,pptx,odp,key,gpres': 'Presentations',
    'zip,gz,tar,7z,rar': 'Archives',
    text: 'Text',
  } as Record<string, string>,
  times: {
    'after:today': 'Today',
    'after:7d': 'Last 7 days',
    'after:30d': 'Last 30 days',
    'after:180d': 'Last 6 months',
    'after:365d': 'Last year',
    'before:365d': 'Older than a year',
  } as Record<string, string>,
};

export const card = {
  text: (name: string) => `In the vault: ${name}`,
  hint: (minutes: string) => `The link works for ${minutes}, and only you can see it.`,
  posted: (person: string, name: string) => `${person} points to ${name} in the vault`,
  postedHint: 'Download and Details work for those who may see the file.',
  done: (name: string, channel: string) => `:white_check_mark: ${name} is posted in ${channel}.`,
  /** Plain. */
  share: 'Share here',
  shareLabel: (plainName: string) => `Post ${plainName} in this channel`,
  confirmTitle: 'Post it in this channel?',
  confirmText: (plainName: string) =>
    `Everybody here will see that ${plainName} exists, its size and who uploaded it, although it was not shared here. Only those who may see the file can open it.`,
  confirm: 'Post it',
  deny: 'Keep it to me',
  copyKey: 'Copy key',
  copyKeyLabel: (plainName: string) => `Show where ${plainName} lies in the bucket`,
  keyTitle: 'In the bucket',
  keyHint: 'Bucket, object key and version, to copy.',
  preview: (plainName: string) => `Preview of ${plainName}`,
  openMessage: 'Open',
};

export const upload = {
  title: 'Upload to the vault',
  submit: 'Upload',
  cancel: 'Cancel',
  files: 'Up to ten files',
  where: 'For a channel',
  wherePlaceholder: 'Only I can see them',
  hint: 'The files go to the vault, not into a message. With a channel chosen, its members find them; with none, only you do.',
  done: (files: string, channel: string) =>
    `:white_check_mark: ${files} on the way into the vault, for those who can see ${channel}.`,
  donePrivate: (files: string) => `:white_check_mark: ${files} on the way into the vault, for you alone.`,
  findHint: `\`${COMMAND} find\` shows them in a moment.`,
  open: 'Upload files',
  find: 'Find files',
  offer: ':inbox_tray: Upload files to the vault, without posting them.',
};

export const save = {
  onTheWay: (files: string) => `:white_check_mark: ${files} on the way into the vault.`,
  already: (files: string) => `:white_check_mark: ${files} in the vault already.`,
  notKept: (files: string) => `:information_source: ${files} of this message cannot be kept.`,
  findHint: `\`${COMMAND} list\` shows what is kept of this channel.`,
};

export const mention = {
  here: `Only files of this channel, because everybody here can read this. \`${COMMAND} find\` looks everywhere, for your eyes only.`,
};
