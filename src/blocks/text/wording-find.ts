/** Every sentence for finding files, a file's card, and uploads. Arguments are mrkdwn unless the comment says plain. */
import { COMMAND } from '../../text/handles.ts';
import type { TextMode } from '../../text-modes.ts';

export const find = {
  inChannel: (channel: string) => `in ${channel}`,
  largerThan: (size: string) => `at least ${size}`,
  smallerThan: (size: string) => `at most ${size}`,
  sha256: (digits: string) => `SHA-256 ${digits}`,
  said: ':speech_balloon: In what was said with them:',
  inNames: 'only in names',
  inTexts: {
    all: 'only in what was said and what is in files',
    words: 'only in what was said with files',
    contents: 'only in what is in files',
    off: 'only in texts, and none are searched here',
  } satisfies Record<TextMode, string>,
  notSearched: {
    words: 'What is in files is not searched here.',
    contents: 'What was said with files is not searched here.',
    off: 'Only names are searched here.',
  } satisfies Record<Exclude<TextMode, 'all'>, string>,
  contents: ':page_facing_up: In the text of files:',
  similar: ':mag: No exact match. Similar names:',
  alsoSimilar: ':mag: Similar names:',
  nothingSoFar: ':mag: No files found so far.',
  stopped: 'I looked for 2 seconds and stopped. Add a word, a person or a date to look further.',
  behind:
    'Messages are still being added to the search, so files may be missing. Try again in a few minutes.',
  startAgain: `Files may have been deleted meanwhile. \`${COMMAND} find\` starts again.`,
  /** Plain, like all below. */
  person: 'Anybody',
  channel: 'Any channel',
  type: 'Any type',
  time: 'Any time',
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
  text: (name: string) => `Saved: ${name}`,
  hint: (minutes: string) => `The link works for ${minutes}, and only you can see it.`,
  /** Plain. */
  share: 'Share here',
  shareLabel: (plainName: string) => `Share here: ${plainName}`,
  copyKey: 'Copy key',
  keyTitle: 'In the bucket',
  keyHint: 'Bucket, object key and version, to copy.',
  preview: (plainName: string) => `Preview of ${plainName}`,
  openMessage: 'Open',
};

export const upload = {
  title: 'Upload files',
  submit: 'Upload',
  cancel: 'Cancel',
  files: 'Up to ten files',
  where: 'For a channel',
  wherePlaceholder: 'Only I can see them',
  hint: 'The files are saved without a message. With a channel, its members can open them, and with a public one everybody in the workspace. Without one, only you can.',
  open: 'Upload files',
  offer: ':inbox_tray: Upload files without posting them.',
};

export const save = {
  onTheWay: (files: string) => `:white_check_mark: ${files} being saved.`,
  already: (files: string) => `:white_check_mark: ${files} saved already.`,
  notKept: (files: string) => `:information_source: ${files} of this message can’t be saved.`,
  findHint: `\`${COMMAND} list\` shows the saved files of this channel.`,
};

export const mention = {
  here: `Only files of this channel, as everybody here can read this. \`${COMMAND} find\` looks everywhere, and only you see what it finds.`,
};
