import { type Screen, section } from './kit/elements.ts';
import { limits } from './kit/limits.ts';
import { channel } from './kit/mrkdwn.ts';
import { list } from './text/wording.ts';
import { home as words } from './text/wording-home.ts';

/**
 * A screen with a warning over it, unless it says so itself: the bot is not in this channel. What an empty list says of dropping a
 * file there is not true then, and is left out.
 */
export function notSavedHere(channelId: string, { text, blocks }: Screen): Screen {
  const said = words.notSavedHere(channel(channelId));
  if (isSaidIn(blocks, said)) return { text, blocks };
  const rest = blocks.filter((block) => !isSaidIn(block, list.nothingYetHint));
  return { text, blocks: [section(said), ...rest].slice(0, limits.messageBlocks) };
}

const isSaidIn = (blocks: unknown, words: string): boolean =>
  JSON.stringify(blocks).includes(JSON.stringify(words).slice(1, -1));
