import { channels } from '../../catalog/files/channels.ts';
import { joinsWaiting } from '../../catalog/sweep/joins.ts';
import { errorCode } from '../../errors.ts';
import { mayJoin } from '../../slack/identity.ts';
import { requireAdmin } from '../access.ts';
import type { Vault } from '../context.ts';
import { membersAmong, removedAmong } from './join.ts';
import { type Bar, barOf } from './join-rule.ts';

/** A public channel that is not saved. */
export interface NotSaved {
  channelId: string;
  /** Why *Join all* leaves it out; null if it does not. */
  bar: Bar | null;
  /** It is about to be joined. */
  isOnItsWay: boolean;
}

/** Which public channels are saved, and which are not. */
export interface CoverageList {
  saved: number;
  total: number;
  /** True when the workspace has more channels than were looked at. */
  atLeast: boolean;
  /** Those with the most members first. */
  notSaved: NotSaved[];
  /** So many would be joined by *Join all*. */
  joinable: number;
  /** So many are being joined. */
  onTheirWay: number;
  /** Whether the app has the scope for it. */
  mayJoin: boolean;
}

/** Which public channels are saved, for admins. Slack's word is at most five minutes old. Throws `UserError`. */
export async function coverageFor(vault: Vault, { userId }: { userId: string }): Promise<CoverageList> {
  await requireAdmin(vault, userId);
  return coverageNow(vault);
}

/** What the bot has joined since Slack said it is known from the catalog. Throws `SlackApiError` when Slack does not say now. */
async function coverageNow(vault: Vault): Promise<CoverageList> {
  const { catalog, coverage, identity, policy } = vault;
  const [counted, known, waiting, may] = await Promise.all([
    coverage.uncovered(),
    channels(catalog, identity.teamId),
    joinsWaiting(catalog, identity.teamId),
    // Without Slack's word, nothing is offered that may be refused.
    mayJoin(vault.slack).catch(() => false),
  ]);
  const { inside, total, atLeast } = counted;
  const [removed, ours] = [removedAmong(known), membersAmong(known)];
  const notSaved = counted.channels
    .filter(({ channelId }) => !ours.has(channelId))
    .map((channel) => ({
      channelId: channel.channelId,
      bar: barOf(channel, policy, removed),
      isOnItsWay: waiting.has(channel.channelId),
    }));
  const joinable = notSaved.filter(({ bar, isOnItsWay }) => bar === null && !isOnItsWay).length;
  const onTheirWay = notSaved.filter(({ isOnItsWay }) => isOnItsWay).length;
  const saved = inside + counted.channels.length - notSaved.length;
  return { saved, total: inside + total, atLeast, notSaved, joinable, onTheirWay, mayJoin: may };
}

/** The same for a screen that says more than this; null when Slack does not say now. */
export async function coverageIfKnown(vault: Vault): Promise<CoverageList | null> {
  try {
    return await coverageNow(vault);
  } catch (error) {
    vault.log.warn({ code: errorCode(error), err: error }, 'the channels cannot be listed');
    return null;
  }
}
