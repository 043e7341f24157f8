import type { App } from '@slack/bolt';
import type { ChannelKind } from '../catalog/model.ts';
import { channelKind, filesOfMessage, type SlackMessage } from '../slack/message-files.ts';
import { saidIn } from '../slack/said.ts';
import { idOf, momentOf, tsOf } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';
import { messageWasSeen, type SeenMessage } from '../vault/files/message.ts';

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

/** The subtypes of messages that a person posts. Others name people too: who left, for example. */
const SPOKEN = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message']);

/** Source: docs.slack.dev/reference/events/message/channel_convert_to_private and …_to_public. */
const MADE = new Map<string, ChannelKind>([
  ['channel_convert_to_private', 'private'],
  ['channel_convert_to_public', 'public'],
]);

/**
 * A message in a conversation we are in. Any message with files counts, with any subtype: shared, broadcast
 * from a thread, posted by a bot, forwarded, or edited in later. Files that left the message are unshared.
 */
export function message(app: App, vault: Vault): void {
  app.event('message', async ({ event }) => {
    const seen = seenIn(vault.identity.teamId, event as unknown as MessageEvent);
    if (seen !== null) await messageWasSeen(vault, seen);
  });
}

function seenIn(teamId: string, event: MessageEvent): SeenMessage | null {
  const channelId = idOf(event.channel);
  if (channelId === null) return null;
  const { subtype } = event;
  const isEdit = subtype === 'message_changed';
  const isDeletion = subtype === 'message_deleted';
  const now = isEdit ? event.message : isDeletion ? undefined : event;
  const kind = channelKind(event.channel_type);
  const filesOf = (one: SlackMessage) => filesOfMessage(teamId, { id: channelId, kind }, one);
  const ts = tsOf(event.event_ts) ?? tsOf(event.ts);
  const at = ts === null ? null : momentOf(ts);
  const found = now ? filesOf(now) : [];
  const shown = (files: SeenMessage['files'], shownAt: number) =>
    files.map((one) => ({ ...one, share: { ...one.share, shownAt } }));
  return {
    channelId,
    kind,
    speaker: SPOKEN.has(subtype) ? idOf(event.user) : null,
    becomes: MADE.get(subtype ?? '') ?? null,
    author: idOf(now?.user),
    files: isEdit && at !== null ? shown(found, at) : found,
    at,
    change: isEdit || isDeletion ? changeIn(event, isDeletion, filesOf) : null,
    root: isEdit ? changedRoot(event.message) : null,
    deletedTs: isDeletion ? tsOf(event.deleted_ts) : null,
  };
}

/** What the first message of a thread says now. */
function changedRoot(message: SlackMessage | undefined): SeenMessage['root'] {
  const ts = tsOf(message?.ts);
  const said =
    message === undefined || ts === null || tsOf(message.thread_ts) !== ts ? null : saidIn(message);
  return said === null || ts === null ? null : { ts, said };
}

function changeIn(
  { deleted_ts, message: now, previous_message: before }: MessageEvent,
  isDeletion: boolean,
  filesOf: (message: SlackMessage) => SeenMessage['files'],
): SeenMessage['change'] {
  return {
    ts: tsOf(deleted_ts) ?? tsOf(now?.ts) ?? tsOf(before?.ts),
    // A deleted parent of a thread is replaced by a tombstone.
    isGone: isDeletion || (now as { subtype?: string } | undefined)?.subtype === 'tombstone',
    before: before ? filesOf(before) : null,
  };
}
