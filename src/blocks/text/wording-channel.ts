/** What the settings of a channel say besides wording-govern.ts. Arguments are plain. */
import type { ConfirmMode } from '../../catalog/model.ts';
import type { TextMode } from '../../text-modes.ts';

/** The ways to say that files were saved, each with what it means. At most 75 characters. */
export const confirmMeans: Record<ConfirmMode, string> = {
  thread: 'Post: one short line in the thread',
  reaction: 'Reaction: a small sign on the message',
  digest: 'Digest: one message an hour',
  off: 'Off: nothing is said',
};

/** Files of other organisations' people, over Slack Connect. */
export const outsiders = {
  label: 'Files of other organisations',
  hint: 'Their people share files in Slack Connect channels.',
  keep: 'Save them',
  record: 'List them only',
  line: (what: 'keep' | 'record') =>
    what === 'keep'
      ? '• Files of other organisations are saved'
      : '• Files of other organisations are listed, but not saved',
  news: (what: 'keep' | 'record' | null) =>
    what === null
      ? 'files of other organisations are treated as everywhere'
      : what === 'keep'
        ? 'files of other organisations are saved'
        : 'files of other organisations are no longer saved',
};

const foundBy: Record<TextMode, string> = {
  all: 'their names, what was said with them, and what is in them',
  words: 'their names, and what was said with them',
  contents: 'their names, and what is in them',
  off: 'their names only',
};

/** What people find files by, besides names. */
export const texts: {
  label: string;
  hint: string;
  line(mode: TextMode): string;
  news(mode: TextMode | null): string;
} & Record<TextMode, string> = {
  label: 'Files are found by',
  hint: 'Words: what was said with a file. Contents: what is in it.',
  all: 'Names, words, contents',
  words: 'Names and words',
  contents: 'Names and contents',
  off: 'Names only',
  line: (mode) => `• Files are found by: ${foundBy[mode]}`,
  news: (mode) => `files are found by ${mode === null ? 'the same as everywhere' : foundBy[mode]}`,
};

export const bookmark = {
  label: '“Files” bookmark in the channel',
  hint: 'A link under the channel’s name. It opens my Home with the newest files.',
  off: 'No bookmark',
  on: 'Show it',
  line: '• A “Files” bookmark stands in the channel',
  news: (on: boolean) => (on ? 'a “Files” bookmark stands in the channel' : 'no “Files” bookmark'),
  problems: {
    scope:
      ':warning: The bookmark is still missing: the Slack app needs the scopes `bookmarks:read` and `bookmarks:write`. Add them from `manifest.yml` and reinstall the app. The bookmark then comes by itself.',
    full: ':warning: The bookmark is still missing: the channel has as many as Slack allows. Remove one, and it comes by itself.',
    denied:
      ':warning: The bookmark is not changed yet: Slack does not let me. I may not be in the channel, or nobody can post there any more. I try again by myself.',
    later: ':warning: The bookmark is not changed yet: Slack could not be asked. I try again by myself.',
  },
};
