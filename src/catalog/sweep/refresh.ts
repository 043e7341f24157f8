import { DAY_MS } from '../../time.ts';
import type { Catalog } from '../db/schema.ts';
import { channelById, channels, holdsPrivateUploads, upsertChannel } from '../files/channels.ts';
import type { ChannelRow } from '../model.ts';
import type { Met } from './follow.ts';
import { forgetJoin } from './joins.ts';
import { knowChannels, wantSweep, wantSweeps } from './sweeps.ts';

/**
 * How far back a channel is looked at when the vault finds itself in it unexpectedly: the event of the join was lost.
 * Slack repeats events for at most a day.
 */
const UNTOLD_MS = DAY_MS;

/** Slack's word for a workspace that the app was taken out of. Source: docs.slack.dev/reference/methods, "Errors". */
const NOT_GRANTED = 'team_access_not_granted';

/**
 * Makes the table of channels agree with the conversations that the bot is in, and asks for a sweep of each, or of those in
 * `walked`. Returns
 * the channels that are missing among them: they were lost without notice. Direct messages are not checked for that:
 * Slack does not list those that a person has closed. `askedAt` is when Slack was asked: a channel joined since then
 * is not in its answer.
 */
export async function refreshChannels(
  catalog: Catalog,
  teamId: string,
  conversations: Met[],
  o: {
    askedAt: number;
    /** The channels to walk now; missing: all. */
    walked?: ReadonlySet<string> | undefined;
    /** The workspaces of an organisation that the app may work in; missing for the token of one workspace. */
    workspaces?: readonly string[] | undefined;
    now: number;
  },
): Promise<string[]> {
  const known = new Map((await channels(catalog, teamId)).map((channel) => [channel.channelId, channel]));
  const wanted: string[] = [];
  const later: string[] = [];
  for (const conversation of conversations) {
    const { channelId } = conversation;
    const before = known.get(channelId);
    known.delete(channelId);
    // Nothing more is shared in an archived channel; one archived since the last round is swept once more.
    const isNewlyArchived = conversation.isArchived && before?.isArchived !== true;
    const isTurn =
      o.walked === undefined
        ? !conversation.isArchived || isNewlyArchived
        : o.walked.has(channelId) || (isNewlyArchived && before !== undefined);
    if (isTurn) wanted.push(channelId);
    else if (before === undefined) later.push(channelId);
    if (before === undefined || differs(before, conversation)) {
      const { previousNames, ...told } = conversation;
      await upsertChannel(catalog, { ...told, teamId, isMember: true, removedAt: null, checkedAt: o.now });
    }
  }
  const since = o.now - UNTOLD_MS;
  // Slack may list a conversation twice, when one was made between two pages.
  await wantSweeps(catalog, { teamId, channelIds: [...new Set(wanted)], since, now: o.now });
  await knowChannels(catalog, { teamId, channelIds: [...new Set(later)], since, now: o.now });
  const lost: string[] = [];
  for (const channel of known.values()) {
    if (holdsPrivateUploads(channel)) continue;
    if (channel.kind === 'im') {
      if (!mayBeOurs(channel)) continue;
      await wantSweep(catalog, { teamId, channelId: channel.channelId, since, now: o.now });
    } else if (channel.isMember && channel.checkedAt < o.askedAt) {
      const { channelId } = channel;
      const isAway = isInNone(channel, o.workspaces);
      await loseChannel(catalog, { teamId, channelId, code: 'not_in_channel', isAway, now: o.now });
      lost.push(channelId);
    }
  }
  return lost;
}

/**
 * Whether a direct message may be one with the bot. Those of an archive are between other people, or of one with themselves,
 * and Slack was never asked about them.
 */
function mayBeOurs({ isMember, imOtherId, checkedAt }: ChannelRow): boolean {
  return isMember || (imOtherId == null && checkedAt > 0);
}

/** Whether the app was taken out of all workspaces that the channel is in, as far as they are known. */
export function isInNone({ workspaces }: ChannelRow, granted: readonly string[] | null | undefined): boolean {
  if (granted == null || !workspaces) return false;
  return !workspaces.split(' ').some((id) => granted.includes(id));
}

/**
 * The bot is not in a channel any more: people removed it, unless the channel was archived, or the app was taken out of its
 * workspaces (`isAway`). Everything kept of it stays.
 */
export async function loseChannel(
  catalog: Catalog,
  o: { teamId: string; channelId: string; code: string; isAway?: boolean; now: number },
): Promise<void> {
  const { teamId, channelId, code, isAway = false, now } = o;
  const known = await channelById(catalog, teamId, channelId);
  const isRemoved = known?.isMember === true && !known.isArchived && !isAway;
  const lost = { isMember: false, checkedAt: now, ...(isRemoved ? { removedAt: now } : {}) };
  await upsertChannel(catalog, { teamId, channelId, ...lost });
  await forgetJoin(catalog, { teamId, channelId });
  await catalog.db
    .updateTable('sweep')
    .set({
      dueAt: null,
      leaseOwner: null,
      beganAt: null,
      position: null,
      errorCode: isAway ? NOT_GRANTED : code,
    })
    .where('teamId', '=', teamId)
    .where('channelId', '=', channelId)
    .execute();
}

function differs(before: ChannelRow, told: Met): boolean {
  return (
    !before.isMember ||
    before.isArchived !== told.isArchived ||
    before.name !== told.name ||
    before.kind !== told.kind ||
    before.imUserId !== told.imUserId ||
    (told.workspaces !== undefined && before.workspaces !== told.workspaces) ||
    (told.createdAt != null && before.createdAt !== told.createdAt)
  );
}
