import { button, type Screen, section } from './kit/elements.ts';
import { joined as words } from './text/wording-backfill.ts';

/** What this channel saves: every file, all but some kinds, or nothing. */
interface JoinedInput {
  saves: 'all' | 'some' | 'nothing';
}

/** What the bot says in a channel that it has joined: one line, and where files are saved, the offer with its button. */
export function joinedMessage({ saves }: JoinedInput = { saves: 'all' }): Screen {
  const what = words.what[saves];
  if (saves === 'nothing') return { text: what, blocks: [section(what)] };
  const start = button({ actionId: 'backfill_start', text: words.start, label: words.startLabel });
  return { text: what, blocks: [section(`${what}\n${words.offer}`, start)] };
}
