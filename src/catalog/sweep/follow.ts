import { clearAlert, openAlerts, raiseAlert, topicOf } from '../alerts/alerts.ts';
import type { Catalog } from '../db/schema.ts';
import { channels } from '../files/channels.ts';
import { moveChannel } from '../files/move-channel.ts';
import type { ChannelRow } from '../model.ts';

/** A conversation that the bot is in, as Slack lists it. */
export type Met = Omit<ChannelRow, 'teamId' | 'isMember' | 'checkedAt'> & {
  /** Names that it had before. */
  previousNames?: string[];
};

export interface Followed {
  from: string;
  to: string;
  /** Moved; otherwise a person is asked. */
  isSure: boolean;
}

/** More suggestions than these for one channel do not help. */
const MOST_SUGGESTED = 3;

/**
 * Finds channels whose id changed since the last round, when Slack's event (`channel_id_changed`) was lost. A private
 * channel gets another id once it is shared with another organisation. If a channel is not listed any more, and a new
 * one was made at the same moment and has the same name, they are the same: everything kept under the old id moves.
 * If the moment is not known, or several fit, nothing moves and the admins are asked. `askedAt` is when Slack was
 * asked.
 */
export async function followChannels(
  catalog: Catalog,
  teamId: string,
  o: { conversations: Met[]; askedAt: number; now: number },
): Promise<Followed[]> {
  const known = new Map((await channels(catalog, teamId)).map((channel) => [channel.channelId, channel]));
  const listed = new Set(o.conversations.map(({ channelId }) => channelId));
  const met = o.conversations.filter(({ kind, channelId }) => kind !== 'im' && isNew(known.get(channelId)));
  const lost = [...known.values()].filter(
    (channel) =>
      channel.kind !== 'im' &&
      !listed.has(channel.channelId) &&
      // A channel joined since Slack was asked is not in its answer.
      (!channel.isMember || channel.checkedAt < o.askedAt),
  );
  await forgetReturned(catalog, teamId, { listed, known: new Set(known.keys()), now: o.now });
  const followed: Followed[] = [];
  for (const channel of lost) {
    const alike = met.filter((one) => isAlike(channel, one));
    const [only] = alike;
    if (only === undefined) continue;
    const { channelId: from, name } = channel;
    const isOnly = alike.length === 1 && lost.filter((other) => isAlike(other, only)).length === 1;
    if (isOnly && channel.createdAt != null && only.createdAt === channel.createdAt) {
      await moveTo(catalog, { teamId, from, to: only.channelId, now: o.now });
      followed.push({ from, to: only.channelId, isSure: true });
      continue;
    }
    for (const { channelId: to } of alike.slice(0, MOST_SUGGESTED)) {
      await raiseAlert(catalog, teamId, { kind: 'renewed', from, to, name }, o.now);
      followed.push({ from, to, isSure: false });
    }
  }
  return followed;
}

/**
 * An admin says that a channel is the same as one that was lost. Moves only two channels that the vault itself asked
 * about: for any others it returns false and changes nothing.
 */
export async function confirmSame(
  catalog: Catalog,
  o: { teamId: string; from: string; to: string; now: number },
): Promise<boolean> {
  const asked = (await openAlerts(catalog, o.teamId)).some(
    ({ alert }) => alert.kind === 'renewed' && alert.from === o.from && alert.to === o.to,
  );
  if (asked) await moveTo(catalog, o);
  return asked;
}

/** Moves a channel, and closes the alert about the old id. */
async function moveTo(
  catalog: Catalog,
  { teamId, from, to, now }: { teamId: string; from: string; to: string; now: number },
): Promise<void> {
  await moveChannel(catalog, teamId, from, to);
  await clearAlert(catalog, teamId, `removed ${from}`, now);
  for (const { alert } of await openAlerts(catalog, teamId)) {
    if (alert.kind === 'renewed' && (alert.from === from || alert.to === to))
      await clearAlert(catalog, teamId, topicOf(alert), now);
  }
}

/** The question is over when the old id is listed again, or is not known any more. */
async function forgetReturned(
  catalog: Catalog,
  teamId: string,
  o: { listed: ReadonlySet<string>; known: ReadonlySet<string>; now: number },
): Promise<void> {
  for (const { alert } of await openAlerts(catalog, teamId)) {
    if (alert.kind === 'renewed' && (o.listed.has(alert.from) || !o.known.has(alert.from)))
      await clearAlert(catalog, teamId, topicOf(alert), o.now);
  }
}

/** Not met before, or only by an event that came before the round and said little about it. */
function isNew(channel: ChannelRow | undefined): boolean {
  return channel === undefined || (channel.createdAt == null && channel.name === null);
}

/**
 * It has the same name, now or before, and was not made at another moment or in other workspaces, as far as that is known of
 * both.
 */
function isAlike(lost: ChannelRow, met: Met): boolean {
  if (lost.name === null) return false;
  const bothKnown = lost.createdAt != null && met.createdAt != null;
  if (bothKnown && lost.createdAt !== met.createdAt) return false;
  const places = lost.workspaces?.split(' ') ?? [];
  if (places.length > 0 && met.workspaces && !met.workspaces.split(' ').some((id) => places.includes(id)))
    return false;
  return met.name === lost.name || (met.previousNames ?? []).includes(lost.name);
}
