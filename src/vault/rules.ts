import { periodicJobSoon } from '../catalog/alerts/periodic-jobs.ts';
import { isBookmarkSet } from '../catalog/governance/bookmarks.ts';
import { type ChannelFacts, channelFacts } from '../catalog/governance/channel-facts.ts';
import { countHoldsHere } from '../catalog/governance/channel-holds.ts';
import { countExpired } from '../catalog/governance/retention.ts';
import type { Overrides, Rules } from '../catalog/governance/rule-model.ts';
import { applyRules, overridesOf, saveOverrides } from '../catalog/governance/rules.ts';
import { type UnkeptSums, unkeptSums } from '../catalog/totals/stats.ts';
import { requireAdmin, requireBucket, requireChannel } from './access.ts';
import { type BookmarkProblem, mendBookmark } from './bookmark.ts';
import type { Vault } from './context.ts';
import { type Named, namesShown } from './names.ts';

/** Who asks, and about which channel. */
interface Asked {
  userId: string;
  channelId: string;
}

export interface KeptChannel extends ChannelFacts {
  channelId: string;
  /** The rules that apply here. */
  rules: Rules;
  /** The rules that were set for this channel. */
  own: Overrides;
  changedBy: string | null;
  changedAt: number | null;
  unkept: UnkeptSums;
  /** Holds in force that may cover files of the channel; only for admins. */
  holds: number;
  mayChange: boolean;
  names: Named;
}

/** How a channel is kept, for people who can see it in Slack now. Throws `UserError`. */
export async function channelKept(vault: Vault, { userId, channelId }: Asked): Promise<KeptChannel> {
  const { catalog, identity, rights, policy } = vault;
  const { teamId } = identity;
  await requireChannel(vault, userId, channelId);
  const [mayChange, facts, unkept, rule, holds] = await Promise.all([
    rights.isAdmin(userId),
    channelFacts(catalog, teamId, channelId),
    unkeptSums(catalog, { teamId, channelIds: [channelId], whole: false }),
    overridesOf(catalog, teamId, channelId),
    countHoldsHere(catalog, { teamId, channelId }),
  ]);
  const rules = applyRules(policy, rule.own);
  const names = await namesShown(vault, userId, { people: [rule.changedBy], channels: [channelId] });
  return { channelId, rules, ...rule, ...facts, unkept, holds: mayChange ? holds : 0, mayChange, names };
}

/**
 * Throws `UserError` unless this person may change the rules of this channel now. Only admins may change rules, not the
 * channel's creator: retention deletes other people's files, and the bucket belongs to the owner.
 */
async function requireRules(vault: Vault, { userId, channelId }: Asked): Promise<void> {
  await requireAdmin(vault, userId);
  await requireChannel(vault, userId, channelId);
}

/** The rules of a channel, for people who may change them now. Throws `UserError`. */
export async function rulesToChange(
  vault: Vault,
  asked: Asked,
): Promise<{ channelId: string; own: Overrides; defaults: Rules }> {
  await requireRules(vault, asked);
  const { channelId } = asked;
  const { own } = await overridesOf(vault.catalog, vault.identity.teamId, channelId);
  return { channelId, own, defaults: applyRules(vault.policy) };
}

export type RulesChange =
  | { isSaved: true; isChanged: boolean; bookmarkProblem?: BookmarkProblem }
  | ({ isSaved: false } & Expiring);

/** How many files would go to the trash at once if a channel keeps them for `days`, and whether these are all. */
interface Expiring {
  days: number;
  files: number;
  atLeast: boolean;
}

/**
 * Changes the rules of a channel and tells the channel. If files would go to the trash at once, it only says how many,
 * unless the person is sure. Throws `UserError`.
 */
export async function changeRules(
  vault: Vault,
  asked: Asked & { own: Overrides; isSure: boolean },
): Promise<RulesChange> {
  const { userId, channelId, own, isSure } = asked;
  await requireRules(vault, asked);
  requireBucket(vault);
  const { catalog, identity, now } = vault;
  if (!isSure) {
    const expiring = await expiringWith(vault, channelId, own);
    if (expiring.files > 0) return { isSaved: false, ...expiring };
  }
  const which = { teamId: identity.teamId, channelId };
  const changes = await saveOverrides(catalog, { ...which, own, actorId: userId, now: now() });
  if (changes.retentionDays !== undefined) await periodicJobSoon(catalog, 'retention', now());
  vault.wake();
  // A change that waits for a scope or a place is tried at each saving, too.
  const bookmarkProblem = (await isBookmarkSet(catalog, which)) ? null : await mendBookmark(vault, channelId);
  const isChanged = Object.keys(changes).length > 0;
  return { isSaved: true, isChanged, ...(bookmarkProblem === null ? {} : { bookmarkProblem }) };
}

async function expiringWith(vault: Vault, channelId: string, own: Overrides): Promise<Expiring> {
  const { catalog, identity, policy, now } = vault;
  const { teamId } = identity;
  const days = applyRules(policy, own).retentionDays;
  const before = applyRules(policy, (await overridesOf(catalog, teamId, channelId)).own).retentionDays;
  if (days === 0 || days === before) return { days, files: 0, atLeast: false };
  const defaultDays = policy.retentionDays;
  return { days, ...(await countExpired(catalog, { teamId, channelId, days, defaultDays, now: now() })) };
}
