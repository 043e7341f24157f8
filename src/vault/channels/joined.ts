import { clearAlert } from '../../catalog/alerts/alerts.ts';
import { upsertChannel } from '../../catalog/files/channels.ts';
import { renewHomes, touchHomes } from '../../catalog/notices/homes.ts';
import { sayHello } from '../../catalog/sweep/hello.ts';
import { meetChannel } from '../../catalog/sweep/sweeps.ts';
import type { Vault } from '../context.ts';

/** Slack repeats a failed delivery a minute and five minutes later. Source: docs.slack.dev/apis/events-api. */
const NEWS_MS = 10_000;

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
  if (userId === vault.identity.botUserId) await keepChannel(vault, joined);
  else await renewHomes(vault.catalog, { teamId: vault.identity.teamId, userId, now: vault.now() });
  vault.wake();
}

async function keepChannel(vault: Vault, { channelId, kind, at }: Joined): Promise<void> {
  const { catalog, identity, people } = vault;
  const { teamId } = identity;
  people.forgetChannel(channelId);
  people.forgetMemberships();
  await upsertChannel(catalog, { teamId, channelId, kind, isMember: true, checkedAt: vault.now() });
  await clearAlert(catalog, teamId, `removed ${channelId}`, vault.now());
  const now = vault.now();
  await touchHomes(catalog, teamId, now);
  const joinedAt = Math.min(now, at || now);
  // The next sweep asks again for what Slack did not give while the bot was out.
  await meetChannel(catalog, { teamId, channelId, joinedAt, now });
  await sayHello(catalog, { teamId, channelId, now });
}
