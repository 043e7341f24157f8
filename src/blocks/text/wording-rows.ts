/** Every sentence of the screens that show files in rows. Arguments are mrkdwn unless the comment says plain. */
import { BOT_NAME, COMMAND } from '../../text/handles.ts';
import type { TextMode } from '../../text-modes.ts';
import { count, numbers } from './wording.ts';

export const heading = {
  channel: (name: string) => `Files in ${name}`,
  everywhere: 'Files you can see',
  found: (words: string) => `Files for ${words}`,
  foundIn: (words: string, name: string) => `Files for ${words} in ${name}`,
  /** `1–10 of 58`, `1–10 of 1,000+`, `58` when all of them are on the page. */
  range: (from: number, to: number, total: string) =>
    from === 1 && `${to}` === total ? total : `${numbers.format(from)}–${numbers.format(to)} of ${total}`,
  /** More than were counted. */
  atLeast: (n: number) => `${numbers.format(n)}+`,
  exactly: (n: number) => numbers.format(n),
  none: (words: string) => `No files found for ${words}.`,
  noneIn: (words: string, name: string) => `No files found for ${words} in ${name}.`,
  noneFiltered: 'No files found with these filters.',
  nothingIn: (name: string) => `No files from ${name} are saved yet.`,
  nothing: 'No files that you can see are saved yet.',
};

/** The orders of a list, by the word that is typed after `sort:`. Plain. */
export const orders = {
  match: 'Best match first',
  newest: 'Newest first',
  oldest: 'Oldest first',
  name: 'Name A–Z',
  'name-down': 'Name Z–A',
  largest: 'Largest first',
  smallest: 'Smallest first',
} as const;

const NONE_IN_TRASH = 'Not found in the trash.';
const noneByName = (what: string) => `Not found in the trash by name. Add \`in:text\` to look for ${what}.`;

export const rows = {
  trash: '*In the trash*',
  trashTitle: (words: string) => `In the trash · ${words}`,
  noneInTrash: NONE_IN_TRASH,
  noneInTrashByName: {
    all: noneByName('what is in files'),
    words: noneByName('what was said with files'),
    contents: noneByName('what is in files'),
    off: NONE_IN_TRASH,
  } satisfies Record<TextMode, string>,
  trashStopped: 'Not all of the trash was searched. Type more of the name.',
  moreInTrash: 'There are more. Type more of the name.',
  moreInTrashMaybe: 'There may be more: not all of the trash was searched. Type more of the name.',
  /** Plain, like its label. */
  notInTrash: 'Files that are not deleted',
  notInTrashLabel: 'Files that are not deleted: search them',
  inTrash: (when: string) => `:wastebasket: In the trash since ${when}`,
  size: (size: string) => `${size} in all`,
  sortedSome: (n: number) => `Only the newest ${numbers.format(n)} are sorted. Filter to sort them all.`,
  /** What a file says where the words were found. */
  snippet: (text: string, page: number | null) =>
    page === null ? `“${text}”` : `“${text}” · page ${numbers.format(page)}`,
  /** The newest version has them no more. */
  olderVersion: (snippet: string, when: string) => `${snippet} · older version: ${when}`,
  /** What was said with a file. The author is a plain name. */
  said: (text: string, of: 'message' | 'thread' | 'file', by: string, when: string) =>
    of === 'file' ? `“${text}”` : [`“${text}”`, by, when].filter((part) => part !== '').join(', '),
  saidInThread: (line: string) => `In the thread of ${line}`,
  /** Plain, like all below. */
  download: 'Download',
  downloadOlder: 'Older version',
  downloadOlderLabel: (number: number, name: string) => `Older version (${number}) of ${name}`,
  downloadLabel: (name: string) => `Download ${name}`,
  restore: 'Restore',
  restoreLabel: (name: string) => `Restore ${name}`,
  open: 'Open',
  details: 'Details',
  message: 'Go to message',
  share: 'Share',
  hold: 'Hold',
  delete: 'Delete',
};

/** Plain. */
export const filters = {
  filter: 'Filter',
  filterOf: (n: number) => `Filter · ${n}`,
  filterLabel: 'Filter: choose which files are shown, and in which order',
  done: 'Hide filters',
  doneLabel: 'Hide filters. What you chose stays.',
  clear: 'Clear filters',
  clearLabel: 'Clear filters. Your words stay.',
  asTyped: 'as_typed',
  size: 'Any size',
  sizes: {
    'size:<1mb': 'Under 1 MB',
    'size:>=1mb': '1 MB and more',
    'size:>=10mb': '10 MB and more',
    'size:>=100mb': '100 MB and more',
    'size:>=1gb': '1 GB and more',
  } as Record<string, string>,
};

/** Below the end of a window, when what it was opened from could not be drawn again. */
export const behind = {
  stale: 'What is behind this window is out of date. Open it again.',
};

export const openDetails = {
  message: 'Go to message',
  messageLabel: (name: string) => `Go to message: ${name}`,
  more: 'More',
  less: 'Less',
  moreLabel: (name: string) => `More: checksums, versions and history of ${name}`,
  lessLabel: (name: string) => `Less of ${name}`,
  by: (person: string, when: string) => `Shared by ${person} · ${when}`,
  onlyYou: 'Only you can open this',
  you: (places: string) => `You and ${places} can open this`,
  /** Of those places, one is a public channel. */
  everybody: (places: string) => `You and ${places} can open this, and so can everybody in the workspace`,
  given: (person: string) => `${person} shared this with you`,
  asYouShared: 'You can open this because you shared it.',
  byRole: `You can open this because you run ${BOT_NAME}.`,
  places: (shown: string[], more: number) => {
    const all = more > 0 ? [...shown, count(more, 'more channel')] : shown;
    return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
  },
  direct: 'the people of this direct message',
  onHold: ':lock: On hold',
};

export const hint = {
  filters: 'Clear the filters to see more.',
  words: `Try fewer words or another spelling.`,
  list: `\`${COMMAND} list\` shows everything here.`,
};
