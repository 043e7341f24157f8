import { botIsIn, channelForBot, imWithBot, person, scopeKind } from '../access.ts';
import { joinChannel } from '../channels.ts';
import { ApiError } from '../errors.ts';
import { canvasProperties } from '../kinds/canvas.ts';
import { contextTeam, orgOf, teamAsked, teamsOfChannel } from '../organisation.ts';
import { addIm } from '../state.ts';
import type { ChannelRecord, Json } from '../types.ts';
import type { World } from '../world.ts';
import { type Call, type Family, paged } from './call.ts';

const READ = ['channels:read', 'groups:read', 'im:read', 'mpim:read'];
const TYPES: Record<string, ChannelRecord['kind']> = {
  public_channel: 'public',
  private_channel: 'private',
  im: 'im',
  mpim: 'mpim',
};

/** Channels: which there are and who is in them. */
export const conversations: Family = {
  'conversations.info': {
    tier: 3,
    scopes: READ,
    run(call) {
      const channel = readable(call);
      const members = call.args.bool('include_num_members') ? { num_members: channel.members.length } : {};
      return { channel: { ...channelObject(call.world, channel), ...members } };
    },
  },
  // "Must be an integer under 1000" (docs.slack.dev/reference/methods/conversations.list).
  'conversations.list': { tier: 2, scopes: READ, run: (call) => listed(call, () => true, 999) },
  // Tier 3 in docs.slack.dev/reference/methods/users.conversations.
  'users.conversations': {
    tier: 3,
    scopes: READ,
    run(call) {
      const { botUserId } = call.world.state.identity;
      const user = person(call.world, call.args.str('user') ?? botUserId).id;
      return listed(call, (channel) => channel.members.includes(user), 999);
    },
  },
  'conversations.members': {
    tier: 4,
    scopes: READ,
    run(call) {
      const channel = readable(call);
      // "A max value of 999" (node-slack-sdk, ConversationsMembersArguments).
      const options = { fallback: 100, most: 999, key: (id: string) => id };
      const { page, next_cursor } = paged(channel.members, call.args, options);
      return { members: page, response_metadata: { next_cursor } };
    },
  },
  'conversations.open': { tier: 3, scopes: ['im:write', 'mpim:write'], run: open },
  'conversations.join': { tier: 3, scopes: ['channels:join'], run: join },
};

function readable({ world, args, requireScope }: Call): ChannelRecord {
  const channel = channelForBot(world, args.need('channel'));
  requireScope(`${scopeKind(channel)}:read`);
  return channel;
}

function listed(call: Call, wanted: (channel: ChannelRecord) => boolean, most: number): Json {
  const { world, args, requireScope } = call;
  const kinds = (args.str('types') ?? 'public_channel').split(',').map((type) => {
    const kind = Object.hasOwn(TYPES, type.trim()) ? TYPES[type.trim()] : undefined;
    if (kind === undefined) throw new ApiError('invalid_types');
    return kind;
  });
  for (const kind of kinds) requireScope(`${scopeKind({ kind } as ChannelRecord)}:read`);
  const team = teamAsked(call);
  const channels = [...world.state.channels.values()].filter((channel) => {
    if (team !== undefined && !teamsOfChannel(world, channel).includes(team)) return false;
    if (!kinds.includes(channel.kind) || !wanted(channel)) return false;
    if (args.bool('exclude_archived') && channel.is_archived) return false;
    return channel.kind === 'public' || botIsIn(world, channel);
  });
  const { page, next_cursor } = paged(channels, args, { fallback: 100, most, key: (channel) => channel.id });
  return {
    channels: page.map((channel) => ({
      ...channelObject(world, channel),
      num_members: channel.members.length,
    })),
    response_metadata: { next_cursor },
  };
}

function open({ world, args }: Call): Json {
  const wanted = args.str('channel');
  if (wanted !== undefined) return { channel: { id: channelForBot(world, wanted).id } };
  const users = args.need('users').split(',');
  // Group conversations would be another kind of channel, which the sandbox does not make.
  if (users.length !== 1) throw new ApiError('method_not_supported_for_channel_type');
  const user = person(world, users[0]?.trim()).id;
  if (user === world.state.identity.botUserId) throw new ApiError('cannot_dm_bot');
  const known = imWithBot(world, user);
  const channel = known ?? addIm(world.state, user, world.state.identity.botUserId);
  const already = known === undefined ? {} : { no_op: true, already_open: true };
  return { ...already, channel: args.bool('return_im') ? channelObject(world, channel) : { id: channel.id } };
}

/**
 * For a bot already in, the answer is a success with a warning (the page's example: `already_in_channel`, in `warning` and in
 * `response_metadata.warnings`). Errors of its own: `channel_not_found`, `is_archived`,
 * `method_not_supported_for_channel_type`, `too_many_members`, `channel_is_limited_access` (docs.slack.dev/reference/methods/
 * conversations.join). Which comes first for an archived channel that the bot is in is our reading.
 */
function join({ world, args }: Call): Json {
  const channel = channelForBot(world, args.need('channel'));
  if (channel.kind !== 'public') throw new ApiError('method_not_supported_for_channel_type');
  if (channel.is_archived) throw new ApiError('is_archived');
  const warning = 'already_in_channel';
  const already = botIsIn(world, channel) ? { warning, response_metadata: { warnings: [warning] } } : {};
  joinChannel(world, channel, world.state.identity.botUserId);
  return { channel: channelObject(world, channel), ...already };
}

/** A conversation as the API shows it. */
function channelObject(world: World, channel: ChannelRecord): Json {
  const { botUserId } = world.state.identity;
  const organisation = orgOf(world);
  const teams = teamsOfChannel(world, channel);
  const isOrgShared = channel.kind !== 'im' && teams.length > 1;
  const common = {
    id: channel.id,
    created: channel.created,
    is_archived: channel.is_archived,
    is_im: channel.kind === 'im',
    is_org_shared: isOrgShared,
    // Direct messages belong to the organisation (seen in gammons/slk#5).
    context_team_id:
      organisation && channel.kind === 'im' ? organisation.id : contextTeam(world, { channel }),
    updated: channel.created * 1000,
  };
  if (channel.kind === 'im') {
    return {
      ...common,
      user: channel.members.find((id) => id !== botUserId),
      is_user_deleted: false,
      is_open: true,
    };
  }
  const note = (value: string) => ({ value, creator: value === '' ? '' : channel.creator, last_set: 0 });
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'public' || channel.kind === 'private',
    is_group: false,
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'public',
    is_general: channel.name === 'general',
    // Both are true over Slack Connect; between workspaces of one organisation only the first
    // (docs.slack.dev/reference/objects/conversation-object).
    is_shared: channel.is_ext_shared === true || isOrgShared,
    is_ext_shared: channel.is_ext_shared === true,
    is_pending_ext_shared: false,
    is_member: botIsIn(world, channel),
    unlinked: 0,
    creator: channel.creator,
    shared_team_ids: teams,
    ...(organisation === undefined ? {} : { enterprise_id: organisation.id, internal_team_ids: teams }),
    pending_shared: [],
    topic: note(channel.topic),
    purpose: note(''),
    ...canvasProperties(world, channel),
    previous_names: channel.previous_names ?? [],
  };
}
