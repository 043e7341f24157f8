import { backfillProgress, backfillStarted } from '../blocks/backfill-progress.ts';
import type { Screen } from '../blocks/elements.ts';
import { backfillFiles, startBackfill } from '../catalog/sweep/backfills.ts';
import { UserError } from '../errors.ts';
import { SlackApiError } from '../slack/api.ts';
import { BOT_HANDLE } from '../text/handles.ts';
import type { Vault } from '../vault/context.ts';

/**
 * Starts a backfill of a channel for an admin, or shows the one that runs. Throws `UserError` for anybody else, and
 * where the bot is not in the channel.
 */
export async function beginBackfill(
  vault: Vault,
  { userId, channelId }: { userId: string; channelId: string },
): Promise<Screen> {
  const { catalog, rights, identity } = vault;
  if (!(await rights.isAdmin(userId))) {
    throw new UserError('not_an_admin', 'Only workspace admins can have a channel’s past kept.');
  }
  const channelCreatedAt = await madeAt(vault, channelId);
  const now = vault.now();
  const { backfill, isNew } = await startBackfill(catalog, {
    ...{ teamId: identity.teamId, channelId, requestedBy: userId, channelCreatedAt, now },
  });
  vault.wake();
  if (isNew) return backfillStarted({ channelId });
  return backfillProgress({ backfill, files: await backfillFiles(catalog, backfill.id), now });
}

/** When the channel was made (ms). Throws `UserError` when the bot is not in it. */
async function madeAt(vault: Vault, channelId: string): Promise<number | null> {
  const outside = new UserError(
    'not_in_channel',
    `I am not in this channel, so I cannot read its past. Type \`/invite @${BOT_HANDLE}\` first.`,
  );
  try {
    const { channel } = await vault.slack.call<{
      channel: { is_member?: boolean; is_im?: boolean; created?: number };
    }>('conversations.info', { channel: channelId }, { patienceMs: 5_000 });
    if (channel.is_member === false && channel.is_im !== true) throw outside;
    return channel.created === undefined ? null : channel.created * 1_000;
  } catch (error) {
    if (error instanceof SlackApiError && error.code === 'channel_not_found') throw outside;
    throw error;
  }
}
