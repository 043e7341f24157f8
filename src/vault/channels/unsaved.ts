import { openAlerts, raiseAlert } from '../../catalog/alerts/alerts.ts';
import { sharedInAmong } from '../../catalog/sweep/unsaved.ts';
import type { PublicChannel } from '../../slack/coverage.ts';
import { DAY_MS } from '../../time.ts';
import type { Vault } from '../context.ts';
import { removedFrom } from './join.ts';
import { barOf } from './join-rule.ts';

/** What was shared longer ago is no news. */
const NEWS_MS = 7 * DAY_MS;
/** So many of these alerts are open at once; the next ones follow when they are over. `/vault status` lists all channels. */
const MOST_OPEN = 10;
/** Of so many channels that are saved or gone by now it is remembered that admins were told. */
const MOST_REMEMBERED = 2_000;

/**
 * Tells admins, once a channel, that files are shared where the bot is not. Channels that people removed it from have a
 * message of their own, and those of VAULT_JOIN_EXCEPT are meant to be left out. The largest come first. Returns the channels
 * that were told. `mayJoin`: whether the app has the scope to join them.
 */
export async function tellUnsaved(
  vault: Vault,
  notIn: readonly PublicChannel[],
  told: readonly string[],
  mayJoin = false,
): Promise<string[]> {
  const { catalog, identity, policy, now } = vault;
  const { teamId } = identity;
  const removed = await removedFrom(vault);
  const known = new Set(told);
  const asked = notIn.filter((channel) => {
    const bar = barOf(channel, policy, removed);
    return !known.has(channel.channelId) && bar !== 'removed' && bar !== 'except';
  });
  const channelIds = asked.map(({ channelId }) => channelId);
  const found = new Set(await sharedInAmong(catalog, { teamId, channelIds, since: now() - NEWS_MS }));
  const open = (await openAlerts(catalog, teamId)).filter(({ alert }) => alert.kind === 'unsaved').length;
  const news = channelIds.filter((channelId) => found.has(channelId)).slice(0, Math.max(0, MOST_OPEN - open));
  for (const channelId of news)
    await raiseAlert(catalog, teamId, { kind: 'unsaved', channelId, ...(mayJoin ? { mayJoin } : {}) }, now());
  const still = new Set(notIn.map(({ channelId }) => channelId));
  const over = told.filter((channelId) => !still.has(channelId)).slice(-MOST_REMEMBERED);
  return [...over, ...told.filter((channelId) => still.has(channelId)), ...news];
}
