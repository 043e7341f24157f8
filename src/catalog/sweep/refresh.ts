import { DAY_MS } from '../../time.ts';
import type { Catalog } from '../db/schema.ts';
import { channels, holdsPrivateUploads, upsertChannel } from '../files/channels.ts';
import type { ChannelRow } from '../model.ts';
import type { Met } from './follow.ts';
import { wantSweep } from './sweeps.ts';

/**
 * How far back a channel is looked at when the vault finds itself in it unexpectedly: the event of the join was lost.
 * Slack repeats events for at most a day.
 */
const UNTOLD_MS = DAY_MS;

/**
 * Makes the table of channels agree with the conversations that the bot is in, and asks for a sweep of each. Returns
 * the channels that are missing among them: they were lost without notice. Direct messages are not checked for that:
 * Slack does not list those that a person has closed. `askedAt` is when Slack was asked: a channel joined since then
 * is not in its answer.
 */
export async function refreshChannels(
  catalog: Catalog,
  teamId: string,
  conversations: Met[],
  o: { askedAt: number; now: number },
): Promise<string[]> {
  const known = new Map((await channels(catalog, teamId)).map((channel) => [channel.channelId, channel]));
  for (const conversation of conversations) {
    const { channelId } = conversation;
    const before = known.get(channelId);
    known.delete(channelId);
    // Nothing more is shared in an archived channel; one archived since the last round is swept once more.
    if (!conversation.isArchived || before === undefined || !before.isArchived) {
      await wantSweep(catalog, { teamId, channelId, since: o.now - UNTOLD_MS, now: o.now });
    }
    if (before === undefined || differs(before, conversation)) {
      const { previousNames, ...told } = conversation;
      await upsertChannel(catalog, { ...told, teamId, isMember: true, checkedAt: o.now });
    }
  }
  const lost: string[] = [];
  for (const channel of known.values()) {
    if (holdsPrivateUploads(channel)) continue;
    if (channel.kind === 'im') {
      await wantSweep(catalog, {
        teamId,
        channelId: channel.channelId,
        since: o.now - UNTOLD_MS,
        now: o.now,
      });
    } else if (channel.isMember && channel.checkedAt < o.askedAt) {
      await loseChannel(catalog, {
        teamId,
        channelId: channel.channelId,
        code: 'not_in_channel',
        now: o.now,
      });
      lost.push(channel.channelId);
    }
  }
  return lost;
}

/** The bot is not in a channel any more. Everything kept of it stays. */
export async function loseChannel(
  catalog: Catalog,
  o: { teamId: string; channelId: string; code: string; now: number },
): Promise<void> {
  const { teamId, channelId, code, now } = o;
  await upsertChannel(catalog, { teamId, channelId, isMember: false, checkedAt: now });
  await catalog.db
    .updateTable('sweep')
    .set({ dueAt: null, leaseOwner: null, beganAt: null, position: null, errorCode: code })
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
    (told.createdAt != null && before.createdAt !== told.createdAt)
  );
}
