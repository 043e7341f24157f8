/** What the bot says when it joins a channel, and about the channel's past. Arguments as in wording.ts. */

import { BOT_NAME, COMMAND } from '../../text/handles.ts';
import { count, numbers } from './wording.ts';

export const joined = {
  what: `:wave: I am ${BOT_NAME}: from now on I keep every file shared here in your organisation’s own bucket.`,
  offer: 'Shall I keep what was shared here before as well? A workspace admin can start that, quietly.',
  start: 'Keep the old files too',
  /** Plain. */
  startLabel: 'Start keeping the files of this channel’s past',
};

export const backfill = {
  walking: (channel: string) => `:mag: *Looking through the past of* ${channel}`,
  storing: (channel: string) => `:hourglass_flowing_sand: *Storing what was found in* ${channel}`,
  stopping: (person: string) =>
    `:octagonal_sign: ${person} stopped this. What was found already is still being stored.`,
  done: (channel: string) => `:white_check_mark: *The past of* ${channel} *is in the vault*`,
  stopped: (person: string) =>
    `:octagonal_sign: ${person} stopped this. \`${COMMAND} backfill\` goes on from there.`,
  failed: (channel: string) => `:warning: *The past of* ${channel} *cannot be read any further*`,
  failedBecause: (code: string) =>
    `Slack says ${code}. Once that is mended, \`${COMMAND} backfill\` goes on from there.`,
  found: (n: number) => `${count(n, 'file')} found`,
  known: (n: number) => `${numbers.format(n)} in the vault before`,
  stored: (n: number) => `${numbers.format(n)} stored`,
  skipped: (n: number, reasons: string) => `${numbers.format(n)} not kept (${reasons})`,
  left: (n: number) => `${numbers.format(n)} left to store`,
  failing: (n: number) => `${numbers.format(n)} not stored yet, tried again until it works`,
  read: (pages: number, messages: number) => `${count(messages, 'message')} on ${count(pages, 'page')} read`,
  reached: (day: string) => `back to ${day}`,
  timeLeft: (minutes: number) =>
    minutes < 1
      ? 'less than a minute left'
      : minutes < 90
        ? `about ${count(minutes, 'minute')} left`
        : `about ${count(Math.round(minutes / 60), 'hour')} left`,
  heldUp: 'Slack asks for patience; it goes on by itself.',
  startedBy: (person: string) => `Started by ${person}`,
  stop: 'Stop',
  /** Plain. */
  stopLabel: 'Stop looking through this channel’s past',
  started: (channel: string) =>
    `I am looking through the past of ${channel}. A message there shows how it goes.`,
};
