import {
  deferPeriodicJob,
  type PeriodicJob,
  periodicJobDone,
  setUpPeriodicJob,
} from '../../catalog/alerts/periodic-jobs.ts';
import { touchHomes } from '../../catalog/notices/homes.ts';
import { errorCode } from '../../errors.ts';
import { mayJoin } from '../../slack/identity.ts';
import { MINUTE_MS } from '../../time.ts';
import { mendBookmarks } from '../../vault/bookmark.ts';
import { compareChannels, removedFrom, wantByRule } from '../../vault/channels/join.ts';
import { barOf } from '../../vault/channels/join-rule.ts';
import { tellUnsaved } from '../../vault/channels/unsaved.ts';
import type { Vault } from '../../vault/context.ts';
import type { ChannelCount } from '../../vault/home/channel-count.ts';
import type { PeriodicWork } from './periodic-work.ts';

/**
 * One request for each thousand channels, of the twenty that Slack allows in a minute. In between, what the bot joins
 * and leaves is known from its events.
 * Source: docs.slack.dev/reference/methods/conversations.list (tier 2).
 */
const EVERY_MS = 15 * MINUTE_MS;
const RETRY_MS = 2 * MINUTE_MS;

export const countOfChannels: PeriodicWork = {
  name: 'channels',
  // Channels that were made while no bot ran, and a VAULT_JOIN that was just set, do not wait.
  setUp: ({ catalog, now, policy }) =>
    setUpPeriodicJob(catalog, 'channels', now(), policy.join === 'off' ? undefined : now()),
  work: countChannels,
};

interface Memo extends Partial<ChannelCount> {
  /** Since when VAULT_JOIN=new has been set (ms): channels made before that are not joined by it. */
  newSince?: number;
  /** Channels of which admins were told that files are shared there and not saved: once each. */
  told?: string[];
}

/**
 * Asks Slack how many public channels there are, and writes it down for App Home. Channels that VAULT_JOIN wants are made
 * due, also those whose event was lost. Bookmarks that could not be set before are set now.
 */
async function countChannels(vault: Vault, owner: string, { name, memo }: PeriodicJob): Promise<void> {
  const { catalog, coverage, identity, log, policy, slack, now } = vault;
  const before = memo as Memo;
  try {
    await mendBookmarks(vault);
    const newSince = policy.join === 'new' ? (before.newSince ?? now()) : undefined;
    const askedAt = now();
    const [{ inside, total, atLeast, channels, channelIds }, may] = await Promise.all([
      coverage.count(),
      mayJoin(slack).catch(() => false),
    ]);
    // First of all, so that nothing is joined that people removed the bot from while no bot ran.
    await compareChannels(vault, channels, askedAt);
    const removed = await removedFrom(vault);
    await wantByRule(vault, channels, newSince ?? null);
    const told = await tellUnsaved(vault, channels, before.told ?? [], may);
    const joinable = channels.filter((channel) => barOf(channel, policy, removed) === null).length;
    const count: ChannelCount = {
      ...{ at: now(), total: inside + total, inside, atLeast, others: channelIds },
      ...{ joinable, mayJoin: may },
    };
    const isDone = await periodicJobDone(catalog, name, owner, {
      memo: { ...count, told, ...(newSince === undefined ? {} : { newSince }) },
      dueAt: now() + EVERY_MS,
    });
    if (!isDone || (count.total === before.total && count.inside === before.inside)) return;
    await touchHomes(catalog, identity.teamId, now());
    vault.wake('home');
  } catch (error) {
    log.warn({ code: errorCode(error), err: error }, 'the public channels cannot be counted; trying again');
    await deferPeriodicJob(catalog, name, owner, now() + RETRY_MS);
  }
}
