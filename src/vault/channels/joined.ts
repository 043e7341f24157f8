import { clearAlert } from '../../catalog/alerts/alerts.ts';
import { periodicJobSoon } from '../../catalog/alerts/periodic-jobs.ts';
import { upsertChannel } from '../../catalog/files/channels.ts';
import { renewHomes, touchHomes } from '../../catalog/notices/homes.ts';
import { sayHello } from '../../catalog/sweep/hello.ts';
import { joinsByItself } from '../../catalog/sweep/joins.ts';
import { meetChannel } from '../../catalog/sweep/sweeps.ts';
import type { Vault } from '../context.ts';

/** Slack repeats a failed delivery a minute and five minutes later. Source: docs.slack.dev/apis/events-api. */
const NEWS_MS = 10_000;
/** A bot is often brought to many channels at once: these are counted together. */
export const COUNT_AFTER_MS = 30_000;

interface Joined {
  userId: string;
  channelId: string;
  kind: 'private' | 'public';
  /** When they joined, in ms, if Slack said so. */
  at: number | null;
}

/** Somebody joined a channel: what we know about them is old. If it is the bot, the channel is now kept and told so. */
export async function joinedChannel(vault: Vault, joined: Joined): Promise<void> {
  const { userId, channelId, at } = joined;
  vault.people.forgetPerson(userId);
  // A late event: they may have left again, so Slack is asked.
  const isNews = at !== null && vault.now() - at < NEWS_MS;
  if (isNews) vault.people.joined(userId, channelId);
  else vault.people.sawIn(userId, channelId);
  if (userId === vault.identity.botUserId) {
    const byItself = await joinsByItself(vault.catalog, vault.identity.teamId, channelId);
    await keepChannel(vault, { ...joined, byItself });
  } else await renewHomes(vault.catalog, { teamId: vault.identity.teamId, userId, now: vault.now() });
  vault.wake();
}

/**
 * The bot is in this channel from now on. Where it came by itself (`byItself`), it says hello when it is its turn, and
 * nothing is counted anew: many channels may follow. Harmless when it is told again.
 */
export async function keepChannel(
  vault: Vault,
  { channelId, kind, at, byItself }: Omit<Joined, 'userId'> & { byItself: boolean },
): Promise<void> {
  const { catalog, identity, people, policy } = vault;
  const { teamId } = identity;
  if (kind === 'public') people.botJoinedPublic(channelId);
  else {
    people.forgetChannel(channelId);
    people.forgetMemberships();
  }
  const now = vault.now();
  const isIn = { kind, isMember: true, removedAt: null, checkedAt: now };
  await upsertChannel(catalog, { teamId, channelId, ...isIn });
  await clearAlert(catalog, teamId, `removed ${channelId}`, now);
  await clearAlert(catalog, teamId, `unsaved ${channelId}`, now);
  await touchHomes(catalog, teamId, now);
  if (!byItself) await periodicJobSoon(catalog, 'channels', now + COUNT_AFTER_MS);
  const joinedAt = Math.min(now, at || now);
  // The next sweep asks again for what Slack did not give while the bot was out.
  await meetChannel(catalog, { teamId, channelId, joinedAt, now });
  if (policy.hello) await sayHello(catalog, { teamId, channelId, inTurn: byItself, now });
}
