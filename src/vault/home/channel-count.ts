import { memoOf } from '../../catalog/alerts/periodic-jobs.ts';
import { channelById, channels } from '../../catalog/files/channels.ts';
import { errorCode } from '../../errors.ts';
import { HOUR_MS } from '../../time.ts';
import type { Vault } from '../context.ts';

/** An answer of Slack's that is older is shown with its date. */
const OLD_MS = HOUR_MS;

/** What Slack said of the workspace's public channels, as the periodic job wrote it down. */
export interface ChannelCount {
  /** When it was asked (ms). */
  at: number;
  total: number;
  /** Of these, the bot was in. */
  inside: number;
  /** True when there are more than were looked at. */
  atLeast: boolean;
  /** The largest that the bot is not in. */
  others: string[];
  /** So many would be joined by *Join all*. Versions before this one did not write it down. */
  joinable?: number;
  /** Whether the app may join channels by itself. */
  mayJoin?: boolean;
}

/** How many public channels are saved, of how many. */
export interface PublicChannels {
  saved: number;
  /** Null when Slack has not said it yet. */
  total: number | null;
  atLeast: boolean;
  /** When Slack said it (ms), if that is long ago; else null. */
  since: number | null;
  /** The largest that the bot is not in, at most ten. */
  others: string[];
  /** So many would be joined by *Join all*; 0 where the app may not join. */
  joinable: number;
  mayJoin: boolean;
}

/** From the catalog alone, so that every App Home of an admin can ask: no call to Slack. */
export async function publicChannels({ catalog, identity, now }: Vault): Promise<PublicChannels> {
  const [memo, known] = await Promise.all([
    memoOf(catalog, 'channels') as Promise<Partial<ChannelCount>>,
    channels(catalog, identity.teamId),
  ]);
  const ours = known.filter(({ kind, isMember, isArchived }) => kind === 'public' && isMember && !isArchived);
  const { at = null, total = null, inside = 0, atLeast = false, others = [] } = memo;
  const { joinable = 0, mayJoin = false } = memo;
  const ids = new Set(ours.map(({ channelId }) => channelId));
  // Before its first look around, the catalog knows no channel.
  const saved = ours.length === 0 ? inside : ours.length;
  return {
    saved,
    // The bot may be in a channel that was made since then.
    total: total === null ? null : Math.max(total, saved),
    atLeast,
    since: at !== null && now() - at > OLD_MS ? at : null,
    others: others.filter((channelId) => !ids.has(channelId)),
    // Some may have been joined since Slack said so.
    joinable: mayJoin ? Math.max(0, Math.min(joinable, (total ?? 0) - saved)) : 0,
    mayJoin,
  };
}

/** The public channels of a person: where the bot is, too, and where it is not. */
export interface OwnChannels {
  saved: string[];
  notSaved: string[];
}

const UNKNOWN: OwnChannels = { saved: [], notSaved: [] };

/**
 * Which public channels this person is in, and whether what is shared there is saved. Empty when Slack does not say it
 * now: nobody is warned of what is not known.
 */
export async function ownChannels(vault: Vault, userId: string): Promise<OwnChannels> {
  const { catalog, coverage, identity, people, log } = vault;
  try {
    const mine = await coverage.publicChannelsOf(userId);
    if (mine === null) return UNKNOWN;
    const known = await channels(catalog, identity.teamId);
    const ours = new Set(known.filter(({ isMember }) => isMember).map(({ channelId }) => channelId));
    const away = mine.filter((channelId) => !ours.has(channelId));
    // What the catalog has not heard of yet: Slack's answer is shared by everybody for a minute.
    const bot = away.length === 0 ? new Map() : await people.botChannels();
    const notSaved = away.filter((channelId) => !bot.has(channelId));
    return { saved: mine.filter((channelId) => !notSaved.includes(channelId)), notSaved };
  } catch (error) {
    log.info(
      { code: errorCode(error), user: userId, err: error },
      'the channels of a person are not known now',
    );
    return UNKNOWN;
  }
}

/** Whether the bot is not in this channel, so that nothing shared there is saved. False when that is not certain. */
export async function isAwayFrom(vault: Vault, channelId: string): Promise<boolean> {
  if (!/^[CG]/.test(channelId)) return false;
  try {
    const known = await channelById(vault.catalog, vault.identity.teamId, channelId);
    if (known?.isMember === true) return false;
    return !(await vault.people.botChannels()).has(channelId);
  } catch (error) {
    const { log } = vault;
    log.info(
      { code: errorCode(error), channel: channelId, err: error },
      'the bot’s channels are not known now',
    );
    return false;
  }
}
