import type { ChannelPolicy } from '../../config-channels.ts';
import type { PublicChannel } from '../../slack/coverage.ts';
import { isNamedBy } from '../../text/channel-pattern.ts';

/**
 * Why the bot does not join a channel by itself: people removed it, it is shared with another organisation, or the owner
 * named it in VAULT_JOIN_EXCEPT. A person may still bring it in.
 */
export type Bar = 'removed' | 'shared' | 'except';

/** What keeps the bot from joining this channel by itself; null: nothing. `removed` are channels that it was taken out of. */
export function barOf(
  channel: PublicChannel,
  { joinExcept }: Pick<ChannelPolicy, 'joinExcept'>,
  removed: ReadonlySet<string>,
): Bar | null {
  if (removed.has(channel.channelId)) return 'removed';
  if (channel.isShared) return 'shared';
  return isNamedBy(joinExcept, channel) ? 'except' : null;
}

/**
 * Whether VAULT_JOIN wants the bot in this channel. `newSince` (ms) is since when new channels are joined; Slack tells
 * whole seconds.
 */
export function isWanted(
  { createdAt }: PublicChannel,
  { join }: Pick<ChannelPolicy, 'join'>,
  newSince: number | null,
): boolean {
  if (join === 'all') return true;
  return join === 'new' && newSince !== null && createdAt !== null && createdAt >= newSince - 1_000;
}
