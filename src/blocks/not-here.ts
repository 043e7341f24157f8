import { type Screen, section } from './kit/elements.ts';
import { limits } from './kit/limits.ts';
import { channel } from './kit/mrkdwn.ts';
import { home as words } from './text/wording-home.ts';

/** A screen with a warning over it, unless it says so itself: the bot is not in this channel. */
export function notSavedHere(channelId: string, { text, blocks }: Screen): Screen {
  const said = words.notSavedHere(channel(channelId));
  if (JSON.stringify(blocks).includes(JSON.stringify(said).slice(1, -1))) return { text, blocks };
  const warning = section(said);
  return { text, blocks: [warning, ...blocks].slice(0, limits.messageBlocks) };
}
