import { UserError } from '../errors.ts';
import { BOT_HANDLE, COMMAND } from '../text/handles.ts';

/** A click that comes from no channel. */
export const noChannel = (subcommand: 'backfill' | 'channel') =>
  new UserError('no_channel', `Type \`${COMMAND} ${subcommand}\` in the channel itself.`);

export const botNotInChannel = () =>
  new UserError('not_in_channel', `I am not in this channel. Type \`/invite @${BOT_HANDLE}\` first.`);

export const notRunning = () => new UserError('not_running', 'Nothing is running here.');
