import {
  type PartSums,
  partSums,
  startBackfillOfAll,
  stopBackfillOfAll as stopAll,
} from '../catalog/sweep/backfill-all.ts';
import {
  type Backfill,
  type BackfillFiles,
  backfillFiles,
  startBackfill,
  stopBackfill as stopRunning,
} from '../catalog/sweep/backfills.ts';
import { botNotInChannel, notRunning } from '../refusals/backfill.ts';
import { SlackApiError } from '../slack/api.ts';
import { namesOf } from '../slack/names.ts';
import { requireAdmin } from './access.ts';
import type { Vault } from './context.ts';

/** A backfill that began, or the one that is already running and its progress. */
export type BegunBackfill =
  | { isNew: true; channelId: string }
  | { isNew: false; backfill: Backfill; files: BackfillFiles; names: Map<string, string>; now: number };

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
  const { id, requestedBy, stoppedBy } = backfill;
  const [files, names] = await Promise.all([
    backfillFiles(catalog, id),
    namesOf(vault.people, [requestedBy, stoppedBy]),
  ]);
  return { isNew, backfill, files, names, now };
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

/** The backfill of all channels that began, or how far the running one is. */
export type BegunBackfillOfAll =
  | { isNew: true; channels: number }
  | { isNew: false; backfill: Backfill; sums: PartSums; names: Map<string, string> };

/** Starts a backfill of every channel that the bot is in, for an admin, or returns the running one. Throws `UserError`. */
export async function beginBackfillOfAll(
  vault: Vault,
  { userId }: { userId: string },
): Promise<BegunBackfillOfAll> {
  const { catalog, identity, log, slack, people, now } = vault;
  await requireAdmin(vault, userId);
  // Its one message stands where it disturbs nobody else.
  const { channel } = await slack.call<{ channel: { id: string } }>('conversations.open', { users: userId });
  const asked = { teamId: identity.teamId, channelId: channel.id, requestedBy: userId, now: now() };
  const { backfill, isNew } = await startBackfillOfAll(catalog, asked);
  const sums = await partSums(catalog, backfill.id);
  vault.wake();
  if (isNew) log.info({ channels: sums.running, user: userId }, 'an admin began a backfill of all channels');
  if (isNew) return { isNew, channels: sums.running };
  return { isNew, backfill, sums, names: await namesOf(people, [backfill.requestedBy, backfill.stoppedBy]) };
}

/** Stops the backfill of all channels for an admin: files that were found are still stored. Throws `UserError`. */
export async function stopBackfillOfAll(vault: Vault, { userId }: { userId: string }): Promise<void> {
  await requireAdmin(vault, userId);
  const { catalog, identity, now } = vault;
  const asked = { teamId: identity.teamId, actorId: userId, now: now() };
  if (!(await stopAll(catalog, asked))) throw notRunning();
  vault.wake();
}
