/** What happens to messages: written, edited, deleted, reacted to. Each change tells the app and the pages. */
import { randomUUID } from 'node:crypto';
import { channelType, seesChannel } from './access.ts';
import { withIds } from './blocks.ts';
import { shareFiles, unshareFiles } from './files.ts';
import { seconds } from './ids.ts';
import type { PageEvent } from './page-api.ts';
import { messageObject, pageMessage } from './render.ts';
import { isReply } from './state-messages.ts';
import type { ChannelRecord, Json, MessageRecord } from './types.ts';
import type { World } from './world.ts';

export interface Draft {
  channel: string;
  user: string;
  text: string;
  blocks?: Json[];
  attachments?: Json[];
  files?: string[];
  thread_ts?: string;
  broadcast?: boolean;
  metadata?: MessageRecord['metadata'];
  subtype?: string;
  sender?: MessageRecord['sender'];
  room?: Json;
}

/**
 * Writes a message into a channel. A reply goes to the thread of its parent, even if a reply is named. When the
 * parent is gone, Slack does not refuse: the reply stands at the top of the channel (slack-go/slack#1571).
 */
export function postMessage(world: World, given: Draft): MessageRecord {
  const parent = given.thread_ts && world.state.messages.get(given.channel, given.thread_ts);
  const { thread_ts: _, broadcast: __, ...unthreaded } = given;
  const draft: Draft = parent ? given : unthreaded;
  const message: MessageRecord = {
    ...draft,
    ts: world.state.nextTs(),
    ...(draft.blocks === undefined ? {} : { blocks: withIds(draft.blocks) }),
    ...(draft.broadcast ? { subtype: 'thread_broadcast' } : {}),
    client_msg_id: randomUUID(),
  };
  if (parent) message.thread_ts = parent.thread_ts ?? parent.ts;
  const files = draft.files ?? [];
  if (files.length > 0) {
    message.upload = files.some((id) => world.state.files.get(id)?.shares.length === 0);
  }
  world.state.messages.set(message);
  if (parent && parent.thread_ts === undefined) {
    parent.thread_ts = parent.ts;
    world.state.messages.set(parent);
  }
  const published = shareFiles(world, message, files);
  const channel = channelOf(world, message);
  const plain = !message.broadcast && message.subtype === undefined;
  const subtype = files.length > 0 && plain ? { subtype: 'file_share' } : {};
  emitMessage(world, channel, { ...messageObject(world, message, { event: true }), ...subtype }, message.ts);
  for (const event of published) world.emit(event, { channel });
  tellOfMention(world, channel, message);
  tell(world, { type: 'message', message: pageMessage(world, message) });
  return message;
}

/** A mention of the app in a channel gets a second event of its own; in a direct message it does not. */
function tellOfMention(world: World, channel: ChannelRecord, message: MessageRecord): void {
  const { user, text, ts, thread_ts } = message;
  const { botUserId } = world.state.identity;
  if (channel.kind === 'im' || user === botUserId || !text.includes(`<@${botUserId}`)) return;
  const place = { channel: channel.id, event_ts: ts, ...(thread_ts === undefined ? {} : { thread_ts }) };
  world.emit({ type: 'app_mention', user, text, ts, ...place }, { channel });
}

/** Shows a message to one person only. It is kept in memory, not in the channel's history. */
export function postEphemeral(world: World, draft: Draft, to: string): MessageRecord {
  const message: MessageRecord = {
    ...draft,
    ts: world.state.nextTs(),
    ...(draft.blocks === undefined ? {} : { blocks: withIds(draft.blocks) }),
    ephemeralTo: to,
  };
  world.state.ephemerals.set(`${message.channel}/${message.ts}`, message);
  world.notify({ type: 'message', message: pageMessage(world, message) }, (user) => user === to);
  return message;
}

export interface Change {
  text?: string;
  blocks?: Json[];
  attachments?: Json[];
  files?: string[];
  metadata?: MessageRecord['metadata'];
}

/** Changes a message in place. */
export function editMessage(world: World, message: MessageRecord, change: Change, by: string): void {
  const before = messageObject(world, message, { event: true });
  const { files, ...rest } = change;
  Object.assign(message, rest);
  if (change.blocks !== undefined) message.blocks = withIds(change.blocks);
  if (change.blocks?.length === 0) delete message.blocks;
  if (message.ephemeralTo !== undefined) {
    const shown = pageMessage(world, message);
    world.notify({ type: 'message_changed', message: shown }, (user) => user === message.ephemeralTo);
    return;
  }
  message.edited = { user: by, ts: `${seconds()}.000000` };
  const added = files?.filter((id) => !message.files?.includes(id)) ?? [];
  const removed = files === undefined ? [] : (message.files ?? []).filter((id) => !files.includes(id));
  if (files !== undefined) message.files = files;
  world.state.messages.set(message);
  const channel = channelOf(world, message);
  const shared = [...unshareFiles(world, message, removed), ...shareFiles(world, message, added)];
  emitChanged(world, message, before);
  for (const event of shared) world.emit(event, { channel });
}

/** Sends the events of a change to a message that has already been made. */
export function emitChanged(world: World, message: MessageRecord, before: Json): void {
  const channel = channelOf(world, message);
  emitMessage(
    world,
    channel,
    {
      type: 'message',
      subtype: 'message_changed',
      hidden: true,
      message: messageObject(world, message, { event: true }),
      previous_message: before,
    },
    world.state.nextTs(),
  );
  tell(world, { type: 'message_changed', message: pageMessage(world, message) });
}

/** Deletes a message. A parent that has replies stays as a tombstone, as in Slack. */
export function deleteMessage(world: World, message: MessageRecord): void {
  if (message.ephemeralTo !== undefined) {
    world.state.ephemerals.delete(`${message.channel}/${message.ts}`);
    const gone: PageEvent = { type: 'message_deleted', channel: message.channel, ts: message.ts };
    world.notify(gone, (user) => user === message.ephemeralTo);
    return;
  }
  const before = messageObject(world, message, { event: true });
  const channel = channelOf(world, message);
  const events = unshareFiles(world, message, message.files ?? []);
  if (world.state.messages.replies(message.channel, message.ts).length > 0) {
    for (const field of ['blocks', 'attachments', 'files', 'upload', 'metadata', 'reactions'] as const) {
      delete message[field];
    }
    Object.assign(message, { subtype: 'tombstone', user: 'USLACKBOT', text: 'This message was deleted.' });
    world.state.messages.set(message);
    emitChanged(world, message, before);
  } else {
    world.state.messages.delete(message);
    emitDeleted(world, message, before);
    dropEmptyTombstone(world, message);
  }
  for (const event of events) world.emit(event, { channel });
}

function dropEmptyTombstone(world: World, reply: MessageRecord): void {
  if (!isReply(reply)) return;
  const parent = world.state.messages.get(reply.channel, reply.thread_ts ?? '');
  if (parent === undefined || world.state.messages.replies(parent.channel, parent.ts).length > 0) return;
  if (parent.subtype === 'tombstone') {
    const before = messageObject(world, parent);
    world.state.messages.delete(parent);
    emitDeleted(world, parent, before);
    return;
  }
  delete parent.thread_ts;
  world.state.messages.set(parent);
}

function emitDeleted(world: World, message: MessageRecord, before: Json): void {
  const event = {
    type: 'message',
    subtype: 'message_deleted',
    hidden: true,
    deleted_ts: message.ts,
    previous_message: before,
  };
  emitMessage(world, channelOf(world, message), event, world.state.nextTs());
  tell(world, { type: 'message_deleted', channel: message.channel, ts: message.ts });
}

/** Sets or removes one person's reaction. The caller has checked that this changes something. */
export function react(
  world: World,
  message: MessageRecord,
  name: string,
  user: string,
  added: boolean,
): void {
  const reactions = message.reactions ?? [];
  const found = reactions.find((reaction) => reaction.name === name);
  if (!added && found !== undefined) found.users = found.users.filter((other) => other !== user);
  else if (found === undefined) reactions.push({ name, users: [user] });
  else found.users.push(user);
  message.reactions = reactions.filter((reaction) => reaction.users.length > 0);
  world.state.messages.set(message);
  world.emit(
    {
      type: added ? 'reaction_added' : 'reaction_removed',
      user,
      reaction: name,
      item_user: message.user,
      item: { type: 'message', channel: message.channel, ts: message.ts },
      event_ts: world.state.nextTs(),
    },
    { channel: channelOf(world, message) },
  );
  const { channel, ts } = message;
  tell(world, { type: 'reaction', channel, ts, reactions: message.reactions });
}

function channelOf(world: World, message: { channel: string }): ChannelRecord {
  const channel = world.state.channels.get(message.channel);
  if (channel === undefined) throw new Error(`No channel for a message: ${message.channel}`);
  return channel;
}

function emitMessage(world: World, channel: ChannelRecord, event: Json, ts: string): void {
  const place = { channel: channel.id, channel_type: channelType(channel), event_ts: ts };
  world.emit({ ...event, ts: event.ts ?? ts, ...place }, { channel });
}

/** Tells everybody who can see the channel. */
function tell(world: World, event: PageEvent): void {
  const channel = 'message' in event ? event.message.channel : 'channel' in event ? event.channel : '';
  world.notify(event, (user) => seesChannel(world, user, channel));
}
