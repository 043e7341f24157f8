/** What the bot says in a channel about its rules, and how each way of confirming is called. Arguments are mrkdwn. */
import type { ConfirmMode } from '../../catalog/model.ts';
import { COMMAND } from '../../text/handles.ts';
import { sizeInWords } from '../kit/size.ts';
import { count } from './wording.ts';

/** How a channel is told that files are saved. Plain: also for menus. */
export const confirmWords: Record<ConfirmMode, string> = {
  thread: 'a short message in the thread',
  reaction: 'an emoji on the message',
  digest: 'one message an hour',
  off: 'nothing',
};

/** The same in the news of a change, where the emoji's `sign` is shown. */
const NEWS: Record<ConfirmMode, (sign: string) => string> = {
  thread: () => 'saved files are confirmed in the thread',
  reaction: (sign) => `${sign} on a message says that all its files are saved`,
  digest: () => 'one message an hour says what is saved',
  off: () => 'saved files are not confirmed',
};

/** What the channel is told. */
export const ruleNews = {
  title: (people: string, changes: string) => `${people} changed the settings here: ${changes}.`,
  people: (n: number) => count(n, 'admin'),
  capture: (on: boolean | null) => (on === false ? 'files are no longer saved' : 'files are saved'),
  confirm: (mode: ConfirmMode | null, sign: string) =>
    mode === null ? 'saved files are confirmed as everywhere' : NEWS[mode](sign),
  types: (types: string[] | null, shown: string) =>
    types === null
      ? 'the same types are saved as everywhere'
      : types.length === 0
        ? 'every type is saved'
        : `not saved: ${shown}`,
  tellExcluded: (on: boolean) =>
    on ? 'I say when a type is not saved' : 'I say nothing when a type is not saved',
  largest: (bytes: number | null) =>
    bytes === null ? 'largest file as everywhere' : `largest file ${sizeInWords(bytes)}`,
  days: (days: number | null) =>
    days === null
      ? 'files stay as long as everywhere'
      : days === 0
        ? 'files stay forever'
        : `files go to the trash after ${count(days, 'day')}`,
  mayKeep: (may: boolean) =>
    may ? 'people may keep single files longer' : 'nobody may keep files longer any more',
  slackDelete: (what: 'keep' | 'trash' | null) =>
    what === null
      ? 'deleting in Slack does the same as everywhere'
      : what === 'trash'
        ? 'deleting in Slack moves files to the trash'
        : 'deleting in Slack leaves files saved',
  same: 'nothing new',
  expired: (n: number) =>
    `${count(n, 'file')} went to the trash: ${n === 1 ? 'its' : 'their'} time here is over.`,
  expiredHint: `\`${COMMAND} trash\` shows and restores them.`,
};
