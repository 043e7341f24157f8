import { type Screen, section } from './kit/elements.ts';
import { channel } from './kit/mrkdwn.ts';
import { alerts as words } from './text/wording-status.ts';

/** To the admin who said yes: the files of the lost channel now belong to this one. */
export function sameChannelScreen({ channelId }: { channelId: string }): Screen {
  const text = words.moved(channel(channelId));
  return { text, blocks: [section(text)] };
}
