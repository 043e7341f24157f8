import {
  type Backfill,
  type BackfillFiles,
  backfillFiles,
  startBackfill,
  stopBackfill as stopRunning,
} from '../catalog/sweep/backfills.ts';
import { botNotInChannel, notRunning } from '../refusals/backfill.ts';
import { SlackApiError } from '../slack/api.ts';
import { requireAdmin } from './access.ts';
import type { Vault } from './context.ts';

/** A backfill that began, or the one that is already running and its progress. */
export type BegunBackfill =
  | { isNew: true; channelId: string }
  | { isNew: false; backfill: Backfill; files: BackfillFiles; now: number };

/**
 * Starts a backfill of a channel for an admin, or returns the running one. Throws `UserError` for anybody else, and if
 * the bot is not in the channel.
 */
export async function beginBackfill(
  vault: Vault,
  { userId, channelId }: { userId: string; channelId: string },
): Promise<BegunBackfill> {
  const { catalog, identity } = vault;
  await requireAdmin(vault, userId);
  const channelCreatedAt = await madeAt(vault, channelId);
  const now = vault.now();
  const { backfill, isNew } = await startBackfill(catalog, {
    ...{ teamId: identity.teamId, channelId, requestedBy: userId, channelCreatedAt, now },
  });
  vault.wake();
  if (isNew) return { isNew, channelId };
  return { isNew, backfill, files: await backfillFiles(catalog, backfill.id), now };
}

/** When the channel was made (ms). Throws `UserError` when the bot is not in it. */
async function madeAt(vault: Vault, channelId: string): Promise<number | null> {
  try {
    const { channel } = await vault.slack.call<{
      channel: { is_member?: boolean; is_im?: boolean; created?: number };
    }>('conversations.info', { channel: channelId }, { patienceMs: 5_000 });
    if (channel.is_member === false && channel.is_im !== true) throw botNotInChannel();
    return channel.created === undefined ? null : channel.created * 1_000;
  } catch (error) {
    if (error instanceof SlackApiError && error.code === 'channel_not_found') throw botNotInChannel();
    throw error;
  }
}

/** Stops a channel's backfill for an admin: files that were found are still stored. Throws `UserError`. */
export async function stopBackfill(
  vault: Vault,
  { userId, channelId }: { userId: string; channelId: string | null },
): Promise<void> {
  await requireAdmin(vault, userId);
  const { catalog, identity, now } = vault;
  const where = channelId === null ? null : { teamId: identity.teamId, channelId };
  const isStopped = where !== null && (await stopRunning(catalog, { ...where, actorId: userId, now: now() }));
  if (!isStopped) throw notRunning();
  vault.wake();
}
