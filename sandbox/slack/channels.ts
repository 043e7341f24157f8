/** What happens to channels: people come and go, names change. */
import { channelType } from './access.ts';
import { ApiError } from './errors.ts';
import { newId, seconds } from './ids.ts';
import { postMessage } from './messages.ts';
import { contextTeam, isGranted, orgOf, teamsOfPerson } from './organisation.ts';
import type { ChannelRecord, Json } from './types.ts';
import { tellWorkspace } from './workspace.ts';
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

/**
 * A person makes a channel. Of a public one every app that is subscribed is told, in it or not: `channel_created` is "sent to
 * all connections for a workspace" (docs.slack.dev/reference/events/channel_created; its fields as in Slack's own types and a
 * recording). Of a private one nobody is told but its members.
 */
export function createChannel(
  world: World,
  creator: string,
  { name, isPrivate = false, isShared = false }: { name: string; isPrivate?: boolean; isShared?: boolean },
): ChannelRecord {
  checkName(world, name);
  const channel: ChannelRecord = {
    ...{
      id: newId('C'),
      name,
      kind: isPrivate ? 'private' : 'public',
      members: [creator],
      topic: '',
      creator,
    },
    ...{ created: seconds(), is_archived: false, ...(isShared ? { is_ext_shared: true } : {}) },
    ...(orgOf(world) === undefined
      ? {}
      : { teams: teamsOfPerson(world, world.state.people.get(creator)).slice(0, 1) }),
  };
  world.state.channels.set(channel.id, channel);
  if (isPrivate) {
    tellWorkspace(world);
    return channel;
  }
  const { id, created } = channel;
  const told = {
    ...{ id, name, name_normalized: name, created, creator, is_channel: true, is_group: false, is_im: false },
    ...{ is_mpim: false, is_private: false, is_archived: false, is_frozen: false, is_general: false },
    ...{ is_shared: isShared, is_ext_shared: isShared, is_org_shared: false, is_pending_ext_shared: false },
    context_team_id: contextTeam(world, { channel }),
  };
  const made = { type: 'channel_created', channel: told, event_ts: world.state.nextTs() };
  if (isGranted(world, channel)) world.emit(made, {});
  tellWorkspace(world);
  return channel;
}

/**
 * "Channel names may only contain lowercase letters, numbers, hyphens, and underscores, and must be 80 characters or less", and
 * `name_taken` (docs.slack.dev/reference/methods/conversations.create, where letters of other scripts count, too).
 */
function checkName(world: World, name: string): void {
  if (name.length > 80) throw new ApiError('invalid_name_maxlength');
  if (!/^[\p{Ll}\p{Lo}\p{M}\p{N}_-]+$/u.test(name)) throw new ApiError('invalid_name_specials');
  if ([...world.state.channels.values()].some((other) => other.name === name && other.kind !== 'im'))
    throw new ApiError('name_taken');
}

/** A person (or the bot) leaves; nothing happens if they were not in. */
export function leaveChannel(world: World, channel: ChannelRecord, user: string, by = user): void {
  if (!channel.members.includes(user)) return;
  channel.members = channel.members.filter((other) => other !== user);
  world.state.channels.set(channel.id, channel);
  emit(world, channel, { type: 'member_left_channel', user, ...membership(world, channel) });
  if (user !== world.state.identity.botUserId) return;
  const type = channel.kind === 'private' ? 'group_left' : 'channel_left';
  emit(world, channel, { type, channel: channel.id, actor_id: by });
}

/**
 * Gives a channel another name; the old ones are in `previous_names` (docs.slack.dev/reference/objects/
 * conversation-object). That the newest of them comes first is our reading.
 */
export function renameChannel(world: World, channel: ChannelRecord, name: string): void {
  channel.previous_names = [channel.name, ...(channel.previous_names ?? [])];
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

/**
 * Makes a public channel private. Its members read a line of Slack's own, in these words and with `channel_type: group`,
 * which the app is told only where it is one of them (docs.slack.dev/reference/events/message/
 * channel_convert_to_private); `untold` loses that event.
 */
export function makePrivate(world: World, channel: ChannelRecord, { untold = false } = {}): void {
  channel.kind = 'private';
  world.state.channels.set(channel.id, channel);
  const text = 'made this channel *private*. Now, it can only be viewed or joined by invitation.';
  const subtype = 'channel_convert_to_private';
  if (!untold) postMessage(world, { channel: channel.id, user: channel.creator, text, subtype });
  tellWorkspace(world);
}

/** Gives a channel another id, as Slack does when a private one begins to be shared. Answers the new id. */
export function changeChannelId(world: World, channel: ChannelRecord): string {
  const { channels, messages, files } = world.state;
  const old = channel.id;
  const moved = messages.in(old);
  const id = newId('C');
  channels.delete(old);
  channels.set(id, Object.assign(channel, { id }));
  for (const message of moved) {
    messages.delete(message);
    messages.set({ ...message, channel: id });
  }
  for (const file of [...files.values()]) {
    const shown = file.shown_in?.includes(old) === true;
    if (!shown && !file.shares.some((share) => share.channel === old)) continue;
    const shares = file.shares.map((share) => (share.channel === old ? { ...share, channel: id } : share));
    const shown_in = file.shown_in?.map((place) => (place === old ? id : place)) ?? [];
    files.set(file.id, { ...file, shares, ...(shown ? { shown_in } : {}) });
  }
  emit(world, channel, { type: 'channel_id_changed', old_channel_id: old, new_channel_id: id });
  return id;
}

function membership(world: World, channel: ChannelRecord): Json {
  const type = channelType(channel);
  return {
    channel: channel.id,
    channel_type: type === 'channel' ? 'C' : 'G',
    team: contextTeam(world, { channel }),
  };
}

function emit(world: World, channel: ChannelRecord, event: Json): void {
  world.emit({ ...event, event_ts: world.state.nextTs() }, { channel });
  tellWorkspace(world);
}
