import type { App } from '@slack/bolt';
import { receive } from '../capture/receive.ts';
import { type KnownOfChannel, upsertChannel } from '../catalog/channels.ts';
import { renewHomes } from '../catalog/home.ts';
import type { ChannelKind, Sighting } from '../catalog/model.ts';
import { parentDeleted } from '../catalog/notice-judge.ts';
import { placeOfReaction } from '../catalog/notice-places.ts';
import { touchPost } from '../catalog/notices.ts';
import { type RemovedShare, removeShare } from '../catalog/unshare.ts';
import { channelKind, filesOfMessage, type SlackMessage } from '../slack/message-files.ts';
import { idOf, momentOf, momentOr, tsOf } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';

interface MessageEvent extends SlackMessage {
  subtype?: string;
  channel: string;
  channel_type?: string;
  deleted_ts?: string;
  event_ts?: string;
  /** The message as it is now, and as it was, in `message_changed` and `message_deleted`. */
  message?: SlackMessage;
  previous_message?: SlackMessage;
}

/** What a person posts. Other messages name people, too: who left, for example. */
const SPOKEN = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message']);

/** Source: docs.slack.dev/reference/events/message/channel_convert_to_private and …_to_public. */
const MADE = new Map<string, ChannelKind>([
  ['channel_convert_to_private', 'private'],
  ['channel_convert_to_public', 'public'],
]);

/**
 * A message in a conversation we are in. Any message with files counts, whatever its subtype: shared, broadcast
 * from a thread, posted by a bot, forwarded, or edited in later. Files that left the message are unshared.
 */
export function message(app: App, vault: Vault): void {
  app.event('message', async ({ event }) => {
    const change = event as unknown as MessageEvent;
    const channelId = idOf(change.channel);
    if (channelId === null) return;
    const channel = { id: channelId, kind: channelKind(change.channel_type) };
    const teamId = vault.identity.teamId;
    await noticePeople(vault, change, channelId);
    const now =
      change.subtype === 'message_changed'
        ? change.message
        : change.subtype === 'message_deleted'
          ? undefined
          : change;
    const at = tsOf(change.event_ts) ?? tsOf(change.ts);
    const found = (now ? filesOfMessage(teamId, channel, now) : []).map((one) =>
      change.subtype === 'message_changed' && at !== null
        ? { ...one, share: { ...one.share, shownAt: momentOf(at) } }
        : one,
    );

    if (found.length > 0) {
      const { botUserId } = vault.identity;
      const known = knownOfChannel(vault, channel, idOf(now?.user));
      const due = await receive(
        vault.catalog,
        { teamId, botUserId, policy: vault.policy, now: vault.now(), channel: known },
        found,
      );
      if (due > 0) vault.poke('capture', 'journal');
    }

    await takeBack(vault, removals(teamId, channel, change, found), momentOr(at, vault.now()));
    const deletedTs = change.subtype === 'message_deleted' ? tsOf(change.deleted_ts) : null;
    if (deletedTs !== null)
      await parentDeleted(vault.catalog, { teamId, channelId: channel.id, ts: deletedTs });
  });
}

/** Unshares what one message lost at the moment `at`, by Slack's clock. */
async function takeBack(vault: Vault, removed: readonly RemovedShare[], at: number): Promise<void> {
  const [first] = removed;
  if (first === undefined) return;
  const { catalog, identity, now } = vault;
  // It was there before it was gone, whatever the clock says.
  const gone = Math.max(at, momentOf(first.ts) + 1);
  for (const one of removed) await removeShare(catalog, identity.teamId, one, now(), gone);
  // What is left of the message may all be stored by now.
  await touchPost(catalog, identity.teamId, placeOfReaction(first.channelId, first.ts, now()));
  vault.poke('confirm', 'home', 'journal');
}

/** Whoever shares or writes in a channel is in it, and a channel that was made private or public says so. */
async function noticePeople(
  { catalog, identity, people, ...vault }: Vault,
  change: MessageEvent,
  channelId: string,
) {
  const userId = idOf(change.user);
  if (userId !== null && SPOKEN.has(change.subtype)) people.sawIn(userId, channelId);
  const kind = MADE.get(change.subtype ?? '');
  if (kind === undefined) return;
  const now = vault.now();
  people.forgetChannel(channelId);
  people.forgetMemberships();
  await upsertChannel(catalog, { teamId: identity.teamId, channelId, kind, checkedAt: now });
  await renewHomes(catalog, { teamId: identity.teamId, now });
  vault.poke();
}

/**
 * What a change took back, all of it from one message. A deleted message takes all of its files with it, whatever Slack
 * still says of them; the parent of a thread leaves a tombstone in its place. A file that is a tombstone was deleted in
 * Slack, which takes back nothing.
 */
function removals(
  teamId: string,
  channel: { id: string; kind: ReturnType<typeof channelKind> },
  change: MessageEvent,
  found: readonly Sighting[],
): RemovedShare[] {
  const { subtype, message: now, previous_message: before } = change;
  if (subtype !== 'message_changed' && subtype !== 'message_deleted') return [];
  const was = before ? filesOfMessage(teamId, channel, before) : [];
  const except = new Set(was.filter(({ skip }) => skip === 'tombstone').map(({ file }) => file.fileId));
  const isGone =
    subtype === 'message_deleted' || (now as { subtype?: string } | undefined)?.subtype === 'tombstone';
  const ts = tsOf(change.deleted_ts) ?? tsOf(now?.ts) ?? tsOf(before?.ts);
  if (ts === null) return [];
  const place = { channelId: channel.id, ts, except };
  const still = new Set(found.map(({ file }) => file.fileId));
  const taken = was.filter(
    // What was attached to an e-mail is there as long as the mail is, also where a stub no longer tells of it.
    ({ file }) => !still.has(file.fileId) && !still.has(file.parentId ?? '') && !except.has(file.fileId),
  );
  const named = taken.map(({ file }) => ({ ...place, fileId: file.fileId }));
  // Slack may leave out what a deleted message was like. Without any word of it, it is remembered for a message to come.
  return isGone ? [...named, { ...place, isUnseen: !before }] : named;
}

/** Who may see a direct message hangs on who its one person is: whoever else than the bot writes in it. */
function knownOfChannel(
  { identity, now }: Vault,
  { id: channelId, kind }: { id: string; kind: ReturnType<typeof channelKind> },
  userId: string | null,
): KnownOfChannel | undefined {
  if (kind === null) return undefined;
  const known = { teamId: identity.teamId, channelId, kind, isMember: true, checkedAt: now() };
  const isTheOther = kind === 'im' && userId !== null && userId !== identity.botUserId;
  return isTheOther ? { ...known, imUserId: userId } : known;
}
