/** Which channels are saved. Arguments are safe mrkdwn unless the comment says plain. */
import { BOT_HANDLE, COMMAND } from '../../text/handles.ts';
import { count, numbers } from './wording.ts';

export const coverage = {
  title: '*Channels*',
  private: 'A private channel counts once somebody invites me.',
  saved: (saved: number, total: number, atLeast: boolean) =>
    `${numbers.format(saved)} of ${atLeast ? 'at least ' : ''}${count(total, 'public channel')} saved`,
  /** Slack has not said yet how many there are. */
  savedOfUnknown: (saved: number) =>
    `${count(saved, 'public channel')} saved, Slack has not said of how many`,
  notSaved: '*Channels not saved*',
  bars: {
    removed: 'I was removed',
    shared: 'shared with another organisation',
    except: 'left out by `VAULT_JOIN_EXCEPT`',
  },
  onItsWay: 'I am joining',
  join: 'Join',
  /** Plain. */
  joinLabel: 'Join this channel and save what is shared there',
  joinAll: (n: number) => `Join all ${numbers.format(n)}`,
  joinAllLabel: (n: number) => `Join all ${numbers.format(n)} channels`,
  list: 'All channels',
  listLabel: 'All channels that are not saved',
  invite: `To save what is shared in one of them, type \`/invite @${BOT_HANDLE}\` there.`,
  joined: (channel: string) =>
    `:white_check_mark: I am in ${channel}. What is shared there is saved from now on. \`${COMMAND} backfill\` there saves the past, too.`,
  joiningAll: (n: number) =>
    `:hourglass_flowing_sand: Joining ${count(n, 'channel')}, up to 50 a minute. \`${COMMAND} status\` shows how far I am.`,
  noneToJoin: 'There is no channel left to join.',
  joining: (n: number) => `I am joining ${count(n, 'channel')}, up to 50 a minute.`,
};
