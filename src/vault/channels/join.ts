import { inTransaction } from '../../catalog/db/transaction.ts';
import { channelById, channels as knownChannels } from '../../catalog/files/channels.ts';
import { recordAudit } from '../../catalog/governance/audit.ts';
import type { ChannelRow } from '../../catalog/model.ts';
import { touchHomes } from '../../catalog/notices/homes.ts';
import {
  type DueJoin,
  deferJoin,
  forgetJoin,
  joinOver,
  joinsWaiting,
  wantJoins,
} from '../../catalog/sweep/joins.ts';
import { loseChannel } from '../../catalog/sweep/refresh.ts';
import { errorCode, waitAskedFor } from '../../errors.ts';
import { cannotJoin, joinRefused } from '../../refusals/channels.ts';
import { SlackApiError } from '../../slack/api.ts';
import { type PublicChannel, publicChannelNow } from '../../slack/coverage.ts';
import { mayJoin } from '../../slack/identity.ts';
import { HOUR_MS, MINUTE_MS } from '../../time.ts';
import { requireAdmin } from '../access.ts';
import type { Vault } from '../context.ts';
import { barOf, isWanted } from './join-rule.ts';
import { keepChannel } from './joined.ts';

/** Nobody waits, so a join may wait long for its turn. Slack allows 50 a minute (tier 3). */
const PATIENCE = { patienceMs: MINUTE_MS };
/** A person waits for this. */
const PERSON_PATIENCE = { patienceMs: 10_000 };
const RETRY_MS = 30_000;

/** The public channels that people took the bot out of: it does not come back by itself. */
export async function removedFrom({ catalog, identity }: Vault): Promise<ReadonlySet<string>> {
  return removedAmong(await knownChannels(catalog, identity.teamId));
}

/** The same of channels that were read already. */
export function removedAmong(known: readonly ChannelRow[]): ReadonlySet<string> {
  return new Set(known.filter(({ removedAt }) => removedAt != null).map(({ channelId }) => channelId));
}

/** Those that the bot is in, as far as is known. */
export function membersAmong(known: readonly ChannelRow[]): ReadonlySet<string> {
  return new Set(known.filter(({ isMember }) => isMember).map(({ channelId }) => channelId));
}

/**
 * Compares what Slack says at `askedAt` of the public channels that the bot is not in with what is known. Where the catalog has
 * the bot in, people removed it while no bot ran, and it does not come back by itself. What waits to be joined is forgotten
 * where the bot may not go by itself any more. Returns the channels that it was removed from.
 */
export async function compareChannels(
  vault: Vault,
  channels: readonly PublicChannel[],
  askedAt: number,
): Promise<string[]> {
  const { catalog, identity, log, policy, now } = vault;
  const { teamId } = identity;
  const known = await knownChannels(catalog, teamId);
  // Slack's lists may be a little late: what was joined just now may not be in them.
  const ours = membersAmong(known.filter(({ checkedAt }) => checkedAt < askedAt - MINUTE_MS));
  const lost = channels.filter(({ channelId }) => ours.has(channelId)).map(({ channelId }) => channelId);
  for (const channelId of lost)
    await loseChannel(catalog, { teamId, channelId, code: 'not_in_channel', now: now() });
  if (lost.length > 0) log.warn({ channels: lost }, 'the bot is not in these channels any more');
  const [removed, waiting] = [removedAmong(known), await joinsWaiting(catalog, teamId)];
  for (const channel of channels)
    if (waiting.has(channel.channelId) && barOf(channel, policy, removed) !== null)
      await forgetJoin(catalog, { teamId, channelId: channel.channelId });
  return lost;
}

/** Makes rows due for the channels that VAULT_JOIN wants the bot in. Returns how many there are. */
export async function wantByRule(
  vault: Vault,
  channels: readonly PublicChannel[],
  newSince: number | null,
): Promise<number> {
  const { catalog, identity, policy, now } = vault;
  if (policy.join === 'off') return 0;
  const known = await knownChannels(catalog, identity.teamId);
  const [removed, ours] = [removedAmong(known), membersAmong(known)];
  const wanted = channels.filter(
    (channel) =>
      // If the catalog is wrong about that, people removed the bot: see `compareChannels`.
      !ours.has(channel.channelId) &&
      isWanted(channel, policy, newSince) &&
      barOf(channel, policy, removed) === null,
  );
  await wantJoins(catalog, { teamId: identity.teamId, channels: wanted, wantedBy: null, now: now() });
  if (wanted.length > 0) vault.wake();
  return wanted.length;
}

/** A public channel was made. */
export async function channelMade(vault: Vault, channel: PublicChannel): Promise<void> {
  await wantByRule(vault, [channel], channel.createdAt);
}

/**
 * Joins a channel whose row is due, if it is still wanted: the settings may have changed since the row was written, people may
 * have removed the bot, and the channel may have been shared with another organisation, closed or renamed. Throws only when
 * the catalog cannot be written.
 */
export async function joinDue(vault: Vault, owner: string, row: DueJoin): Promise<void> {
  const { catalog, log, now, policy, slack } = vault;
  const { channelId } = row;
  if (row.wantedBy === null && policy.join === 'off') return forgetJoin(catalog, row);
  try {
    const channel = await publicChannelNow(slack, channelId, PATIENCE);
    if (channel === null || !(await isStillWanted(vault, row, channel)))
      return await forgetJoin(catalog, row);
    // A bot that was killed may have joined it already, at some time since it was wanted; what was shared there since is news.
    const at = channel.isMember ? row.wantedAt : now();
    if (!channel.isMember) await slack.call('conversations.join', { channel: channelId }, PATIENCE);
    await keepChannel(vault, { channelId, kind: 'public', at, byItself: true });
    if ((await joinOver(catalog, row, owner)) === false) return;
    log.info({ channel: channelId }, 'the bot has joined a channel');
  } catch (error) {
    const code = errorCode(error);
    const isScope = code === 'missing_scope';
    if (error instanceof SlackApiError && error.permanent && !isScope) {
      log.warn({ code, channel: channelId }, 'Slack does not let the bot join a channel');
      await joinOver(catalog, row, owner, code);
      return;
    }
    log.warn({ code, channel: channelId, err: error }, 'a channel could not be joined; it is tried again');
    const wait = isScope ? HOUR_MS : Math.max(waitAskedFor(error), RETRY_MS);
    await deferJoin(catalog, row, owner, now() + wait);
  }
}

async function isStillWanted(
  { catalog, policy }: Vault,
  { teamId, channelId }: DueJoin,
  channel: PublicChannel,
): Promise<boolean> {
  const known = await channelById(catalog, teamId, channelId);
  const removed = new Set(known?.removedAt == null ? [] : [channelId]);
  return barOf(channel, policy, removed) === null;
}

/** Joins one channel for an admin, now. Throws `UserError`. */
export async function joinChannel(
  vault: Vault,
  { userId, channelId }: { userId: string; channelId: string },
): Promise<void> {
  const { catalog, identity, log, slack, now } = vault;
  await requireAdmin(vault, userId);
  try {
    // What is shared while Slack answers is news, too.
    const at = now();
    // To be in already is success. Source: docs.slack.dev/reference/methods/conversations.join (`already_in_channel`).
    await slack.call('conversations.join', { channel: channelId }, PERSON_PATIENCE);
    await keepChannel(vault, { channelId, kind: 'public', at, byItself: false });
  } catch (error) {
    if (!(error instanceof SlackApiError) || !error.permanent) throw error;
    throw error.code === 'missing_scope' ? cannotJoin() : joinRefused(error.code);
  }
  const by = { at: now(), teamId: identity.teamId, actorId: userId, action: 'joined' as const };
  await recordAudit(catalog, { ...by, fileId: null, channelId, detail: {} });
  log.info({ channel: channelId, user: userId }, 'an admin had the bot join a channel');
  vault.wake();
}

/**
 * Joins all public channels for an admin, one after the other; not those that people removed the bot from, that are shared
 * with another organisation, or that VAULT_JOIN_EXCEPT names. Returns how many are joined. Throws `UserError`.
 */
export async function joinAllChannels(vault: Vault, { userId }: { userId: string }): Promise<number> {
  const { catalog, coverage, identity, log, policy, slack, now } = vault;
  const { teamId } = identity;
  await requireAdmin(vault, userId);
  if (!(await mayJoin(slack))) throw cannotJoin();
  const [{ channels }, known, waiting] = await Promise.all([
    coverage.uncovered(),
    knownChannels(catalog, teamId),
    joinsWaiting(catalog, teamId),
  ]);
  const [removed, ours] = [removedAmong(known), membersAmong(known)];
  const wanted = channels.filter(
    (channel) =>
      !ours.has(channel.channelId) &&
      !waiting.has(channel.channelId) &&
      barOf(channel, policy, removed) === null,
  );
  if (wanted.length > 0)
    await inTransaction(catalog, async (scope) => {
      await wantJoins(scope, { teamId, channels: wanted, wantedBy: userId, now: now() });
      const by = { at: now(), teamId, actorId: userId, action: 'joined' as const };
      await recordAudit(scope, { ...by, fileId: null, channelId: null, detail: { channels: wanted.length } });
    });
  await touchHomes(catalog, teamId, now());
  log.info({ channels: wanted.length, user: userId }, 'an admin had the bot join all public channels');
  vault.wake();
  return wanted.length;
}
