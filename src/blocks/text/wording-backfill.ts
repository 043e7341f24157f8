/** What the bot says when it joins a channel, and about the channel's past. Arguments as in wording.ts. */

import { BOT_NAME, COMMAND } from '../../text/handles.ts';
import { count, numbers } from './wording.ts';

export const joined = {
  what: {
    all: `:wave: ${BOT_NAME} now saves every file shared here in your company’s own bucket.`,
    some: `:wave: ${BOT_NAME} now saves files shared here in your company’s own bucket. Some kinds of files are left out.`,
    nothing: `:wave: ${BOT_NAME} is here now, but saving is off in this channel.`,
  },
  offer: 'Save older files too? (admins only)',
  start: 'Save older files',
  /** Plain. */
  startLabel: 'Save older files: those shared here before',
};

/** Of every channel. */
export const backfillAll = {
  walking: ':mag: *Looking for older files in every channel*',
  done: ':white_check_mark: *Saved the older files of every channel*',
  stopped: (person: string) =>
    `:octagonal_sign: ${person} stopped the search. \`${COMMAND} backfill all\` goes on from there.`,
  progress: (done: number, channels: number) =>
    `${numbers.format(done)} of ${count(channels, 'channel')} done`,
  channels: (n: number) => count(n, 'channel'),
  skipped: (n: number) => `${numbers.format(n)} not saved`,
  failed: (channels: string[], n: number) =>
    `:warning: Could not read ${channels.join(', ')}${n > channels.length ? ` and ${numbers.format(n - channels.length)} more` : ''}.`,
  started: (channels: number) =>
    channels === 0
      ? 'I am in no channel yet, so there is nothing to look through.'
      : `Looking for older files in ${count(channels, 'channel')}. One message from me shows how it goes.`,
};

export const backfill = {
  walking: (channel: string) => `:mag: *Looking for older files in* ${channel}`,
  storing: (channel: string) => `:hourglass_flowing_sand: *Saving older files of* ${channel}`,
  stopping: (person: string) =>
    `:octagonal_sign: ${person} stopped the search. What was found is still being saved.`,
  done: (channel: string) => `:white_check_mark: *Saved the older files of* ${channel}`,
  stopped: (person: string) =>
    `:octagonal_sign: ${person} stopped the search. \`${COMMAND} backfill\` goes on from there.`,
  failed: (channel: string) => `:warning: *Could not read all of* ${channel}`,
  failedBecause: (code: string) =>
    `Slack says ${code}. When that is solved, \`${COMMAND} backfill\` goes on from there.`,
  found: (n: number) => `${count(n, 'file')} found`,
  known: (n: number) => `${numbers.format(n)} saved before`,
  stored: (n: number) => `${numbers.format(n)} saved`,
  skipped: (n: number, reasons: string) => `${numbers.format(n)} not saved (${reasons})`,
  left: (n: number) => `${numbers.format(n)} left`,
  failing: (n: number) => `${numbers.format(n)} being tried again`,
  read: (pages: number, messages: number) => `${count(messages, 'message')} on ${count(pages, 'page')} read`,
  reached: (day: string) => `back to ${day}`,
  timeLeft: (minutes: number) =>
    minutes < 1
      ? 'less than a minute left'
      : minutes < 90
        ? `about ${count(minutes, 'minute')} left`
        : `about ${count(Math.round(minutes / 60), 'hour')} left`,
  heldUp: 'Slack is slow; it goes on by itself.',
  startedBy: (person: string) => `Started by ${person}`,
  stop: 'Stop',
  /** Plain. */
  stopLabel: 'Stop looking for older files',
  started: (channel: string) => `Looking for older files in ${channel}. A message there shows how it goes.`,
};
