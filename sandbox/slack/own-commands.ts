/** Commands that Slack carries out itself: the app is never asked, and hears only about their effects. */
import { seesChannel } from './access.ts';
import { joinChannel, leaveChannel } from './channels.ts';
import { PageError } from './errors.ts';
import { postMessage } from './messages.ts';
import type { ChannelRecord, PersonRecord } from './types.ts';
import { OWN_COMMANDS } from './workspace.ts';
import type { World } from './world.ts';

type Own = (world: World, user: string, channel: ChannelRecord, text: string) => void;

/**
 * Slack has commands of its own that no app is asked about (docs.slack.dev/interactivity/implementing-slash-commands
 * names `/topic` and `/remind`). Slack's clients offer these names; what they refuse is our reading, with
 * the errors of conversations.invite, .kick and .leave.
 */
const RUN: Record<(typeof OWN_COMMANDS)[number]['command'], Own> = {
  '/invite': invite,
  '/remove': remove,
  '/leave': leave,
};

/** By every name, the aliases too. */
export const OWN: Record<string, Own> = Object.fromEntries(
  OWN_COMMANDS.flatMap(({ command, aliases }) => [command, ...aliases].map((name) => [name, RUN[command]])),
);

/** `/invite @name [#channel]`; several names may be given. */
function invite(world: World, user: string, here: ChannelRecord, text: string): void {
  const channel = namedChannel(world, user, text) ?? here;
  for (const person of namedPeople(world, text)) {
    if (channel.members.includes(person.id)) throw new PageError(400, 'already_in_channel');
    join(world, channel, person.id, user);
  }
}

function remove(world: World, user: string, channel: ChannelRecord, text: string): void {
  for (const person of namedPeople(world, text)) {
    if (!channel.members.includes(person.id)) throw new PageError(400, 'not_in_channel');
    if (person.id === user) throw new PageError(400, 'cant_kick_self');
    part(world, channel, person.id, user);
  }
}

function leave(world: World, user: string, channel: ChannelRecord): void {
  part(world, channel, user, user);
}

/**
 * Somebody joins: `member_joined_channel`, then a message of subtype `channel_join`, "has joined the channel", or in a
 * private channel `group_join`, "has joined the group" (docs.slack.dev/reference/events/message/channel_join,
 * /group_join, /group_leave).
 */
function join(world: World, channel: ChannelRecord, user: string, inviter: string): void {
  open(channel);
  joinChannel(world, channel, user, inviter);
  say(world, channel, user, 'join');
}

/**
 * The reverse; a bot that was removed does not hear the line, as it is no longer a member. What Slack writes
 * about somebody who was removed is our reading; no recording found.
 */
function part(world: World, channel: ChannelRecord, user: string, by: string): void {
  open(channel);
  leaveChannel(world, channel, user, by);
  say(world, channel, user, 'leave', by);
}

function say(world: World, channel: ChannelRecord, user: string, what: 'join' | 'leave', by = user): void {
  const kind = channel.kind === 'private' ? 'group' : 'channel';
  const went = by === user ? `has left the ${kind}` : `was removed from the ${kind} by <@${by}>`;
  const text = `<@${user}> ${what === 'join' ? `has joined the ${kind}` : went}`;
  postMessage(world, { channel: channel.id, user, text, subtype: `${kind}_${what}` });
}

function open(channel: ChannelRecord): void {
  if (channel.kind === 'im') throw new PageError(400, 'method_not_supported_for_channel_type');
  if (channel.is_archived) throw new PageError(400, 'is_archived');
}

function namedPeople(world: World, text: string): PersonRecord[] {
  const names = text.match(/@[a-z0-9._-]+|<@[A-Z0-9]+(?:\|[^>]*)?>/gi) ?? [];
  if (names.length === 0) throw new PageError(400, 'user_not_found');
  return names.map((name) => {
    const wanted = name.replace(/^<?@/, '').replace(/(?:\|.*)?>?$/, '');
    const found =
      world.state.people.get(wanted) ??
      [...world.state.people.values()].find((one) => one.name === wanted.toLowerCase());
    if (found === undefined) throw new PageError(404, 'user_not_found');
    return found;
  });
}

function namedChannel(world: World, user: string, text: string): ChannelRecord | undefined {
  const name = /(?:^|\s)#([a-z0-9_-]+)/i.exec(text)?.[1]?.toLowerCase();
  if (name === undefined) return undefined;
  const found = [...world.state.channels.values()].find((one) => one.name === name);
  if (found === undefined || !seesChannel(world, user, found.id))
    throw new PageError(404, 'channel_not_found');
  if (!found.members.includes(user)) throw new PageError(403, 'not_in_channel');
  return found;
}
