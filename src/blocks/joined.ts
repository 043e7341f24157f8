import { actions, button, context, type Screen, section } from './kit/elements.ts';
import { joined as words } from './text/wording-backfill.ts';

/** What the bot says in a channel that it has joined: what it does, and an offer. */
export function joinedMessage(): Screen {
  return {
    text: words.what,
    blocks: [
      section(words.what),
      context(words.offer),
      ...actions([button({ actionId: 'backfill_start', text: words.start, label: words.startLabel })]),
    ],
  };
}
