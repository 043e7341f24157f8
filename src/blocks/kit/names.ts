/** People and channels by their plain names: quieter than Slack's chips, and a name notifies nobody. */
import { channel, type Names, person, quietName } from './mrkdwn.ts';

/** What is known of the names on a screen. */
export interface Named {
  people: Names;
  /** Only of channels that the reader sees now. */
  channels: Names;
  /** Only of files whose names the reader may know. */
  files?: Names;
}

export const NO_NAMES: Named = { people: new Map(), channels: new Map() };

/** The longest name that is shown. */
const LONGEST = 40;

/** A person's plain name. If it is not known, a mention: Slack fills in the name. Only for what one person sees. */
export function personNamed(userId: string | null | undefined, { people }: Named): string {
  const name = people.get(userId ?? '');
  return name === undefined ? person(userId) : quietName(name, LONGEST);
}

/** `#general`. If the name is not known, a link: Slack shows the name to those who may know it. */
export function channelNamed(channelId: string | null | undefined, { channels }: Named): string {
  const name = channels.get(channelId ?? '');
  return name === undefined ? channel(channelId) : quietName(`#${name}`, LONGEST);
}
