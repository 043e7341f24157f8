/** What happens to channels: people come and go, names change. */
import { channelType } from './access.ts';
import type { ChannelRecord, Json } from './types.ts';
import type { World } from './world.ts';

/** A person (or the bot) joins; nothing happens if they are in already. */
export function joinChannel(world: World, channel: ChannelRecord, user: string, inviter?: string): void {
  if (channel.members.includes(user)) return;
  channel.members.push(user);
  world.state.channels.set(channel.id, channel);
  emit(world, channel, {
    type: 'member_joined_channel',
    user,
    ...membership(world, channel),
    ...(inviter ? { inviter } : {}),
  });
}

/** A person (or the bot) leaves; nothing happens if they were not in. */
export function leaveChannel(world: World, channel: ChannelRecord, user: string): void {
  if (!channel.members.includes(user)) return;
  channel.members = channel.members.filter((other) => other !== user);
  world.state.channels.set(channel.id, channel);
  emit(world, channel, { type: 'member_left_channel', user, ...membership(world, channel) });
  if (user !== world.state.identity.botUserId) return;
  const type = channel.kind === 'private' ? 'group_left' : 'channel_left';
  emit(world, channel, { type, channel: channel.id, actor_id: user });
}

/** Gives a channel another name. */
export function renameChannel(world: World, channel: ChannelRecord, name: string): void {
  channel.name = name;
  world.state.channels.set(channel.id, channel);
  const type = channel.kind === 'private' ? 'group_rename' : 'channel_rename';
  const { id, created } = channel;
  emit(world, channel, { type, channel: { id, name, name_normalized: name, created, is_channel: true } });
}

/** Archives a channel or brings it back. */
export function archiveChannel(world: World, channel: ChannelRecord, archived: boolean, by: string): void {
  channel.is_archived = archived;
  world.state.channels.set(channel.id, channel);
  const kind = channel.kind === 'private' ? 'group' : 'channel';
  emit(world, channel, {
    type: `${kind}_${archived ? 'archive' : 'unarchive'}`,
    channel: channel.id,
    user: by,
  });
}

function membership(world: World, channel: ChannelRecord): Json {
  const type = channelType(channel);
  return {
    channel: channel.id,
    channel_type: type === 'channel' ? 'C' : 'G',
    team: world.state.identity.teamId,
  };
}

function emit(world: World, channel: ChannelRecord, event: Json): void {
  world.emit({ ...event, event_ts: world.state.nextTs() }, { channel });
}
