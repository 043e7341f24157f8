import { botIsIn, channelForBot } from '../access.ts';
import { ApiError } from '../errors.ts';
import { react } from '../messages.ts';
import { messageObject } from '../render.ts';
import type { Json, MessageRecord } from '../types.ts';
import type { Call, Family } from './call.ts';

/**
 * Different emoji on one message, and those of one person on it. Slack's text says that there are such limits and names
 * no numbers (docs.slack.dev/reference/methods/reactions.add); these are our reading.
 */
const MOST_EMOJI = 50;
const MOST_OWN = 23;

/**
 * Reactions of the bot. The errors are those of docs.slack.dev/reference/methods/reactions.add. When each comes is our
 * reading: in Slack's text `not_reactable` means "can't be reacted to anymore"; here that is a deleted parent.
 */
export const reactions: Family = {
  'reactions.add': {
    tier: 3,
    scopes: ['reactions:write'],
    run(call) {
      const { message, name, mine } = target(call);
      if (mine) throw new ApiError('already_reacted');
      const others = message.reactions ?? [];
      const own = others.filter((one) => one.users.includes(call.world.state.identity.botUserId));
      if (!others.some((one) => one.name === name) && others.length >= MOST_EMOJI) {
        throw new ApiError('too_many_emoji');
      }
      if (own.length >= MOST_OWN) throw new ApiError('too_many_reactions');
      react(call.world, message, name, call.world.state.identity.botUserId, true);
      return {};
    },
  },
  'reactions.remove': {
    tier: 2,
    scopes: ['reactions:write'],
    run(call) {
      const { message, name, mine } = target(call);
      if (!mine) throw new ApiError('no_reaction');
      react(call.world, message, name, call.world.state.identity.botUserId, false);
      return {};
    },
  },
  'reactions.get': {
    tier: 3,
    scopes: ['reactions:read'],
    run(call): Json {
      const message = messageOf(call);
      return { type: 'message', channel: message.channel, message: messageObject(call.world, message) };
    },
  },
};

function target(call: Call): { message: MessageRecord; name: string; mine: boolean } {
  const name = call.args.str('name')?.replace(/^:|:$/g, '');
  if (name === undefined || !/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(name))
    throw new ApiError('invalid_name');
  const message = messageOf(call);
  const users = message.reactions?.find((reaction) => reaction.name === name)?.users ?? [];
  return { message, name, mine: users.includes(call.world.state.identity.botUserId) };
}

function messageOf({ world, args }: Call): MessageRecord {
  if (!args.has('channel') || !args.has('timestamp')) throw new ApiError('no_item_specified');
  const channel = channelForBot(world, args.str('channel'));
  if (!botIsIn(world, channel)) throw new ApiError('not_in_channel');
  if (channel.is_archived) throw new ApiError('is_archived');
  if (!/^\d+\.\d+$/.test(args.str('timestamp') ?? '')) throw new ApiError('bad_timestamp');
  const message = world.state.messages.get(channel.id, args.str('timestamp') ?? '');
  if (message === undefined) throw new ApiError('message_not_found');
  if (message.subtype === 'tombstone') throw new ApiError('not_reactable');
  return message;
}
