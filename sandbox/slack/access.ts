/** Who is in which conversation and who sees what. */
import { ApiError } from './errors.ts';
import { areTogether, isGranted } from './organisation.ts';
import type { ChannelRecord, FileRecord, PersonRecord } from './types.ts';
import type { World } from './world.ts';

/** Whether a person can open this channel: members can, and full members of its workspace can look into public ones. */
export function seesChannel(world: World, userId: string, channelId: string): boolean {
  const channel = world.state.channels.get(channelId);
  if (channel === undefined) return false;
  if (channel.members.includes(userId)) return true;
  const person = world.state.people.get(userId);
  if (channel.kind !== 'public' || person === undefined || person.is_bot || person.role === 'guest')
    return false;
  return areTogether(world, person, channel);
}

/** Whether the bot is a member. */
export function botIsIn(world: World, channel: ChannelRecord): boolean {
  return channel.members.includes(world.state.identity.botUserId);
}

/** The channel as the app knows it; private conversations without the bot do not exist for it. */
export function channelForBot(world: World, id: string | undefined): ChannelRecord {
  const channel = id === undefined ? undefined : world.state.channels.get(id);
  if (channel === undefined) throw new ApiError('channel_not_found');
  // What the app may not reach in an organisation, it may not ask about (recorded: slackapi/bolt-js#998).
  if (!isGranted(world, channel)) throw new ApiError('team_access_not_granted');
  if (channel.kind !== 'public' && !botIsIn(world, channel)) throw new ApiError('channel_not_found');
  return channel;
}

/** The direct conversation of a person with the bot. */
export function imWithBot(world: World, userId: string): ChannelRecord | undefined {
  for (const channel of world.state.channels.values()) {
    if (channel.kind === 'im' && channel.members.includes(userId) && botIsIn(world, channel)) return channel;
  }
  return undefined;
}

/**
 * The scopes that the app was given. `bot_optional` are those that the installer of an app may leave out
 * (docs.slack.dev/changelog/2026/03/16/optional-scopes); here they were left ticked.
 */
export function grantedScopes(world: World): string[] {
  const { bot = [], bot_optional = [] } = world.app.manifest.oauth_config?.scopes ?? {};
  return [...bot, ...bot_optional];
}

/** Whether the App Home has its Messages tab; it has, unless the manifest says no. */
export function hasMessagesTab(world: World): boolean {
  return world.app.manifest.features?.app_home?.messages_tab_enabled !== false;
}

/** Whether the bot may see a file: its own, those given to it in a modal, those shared where it is a member. */
export function botSeesFile(world: World, file: FileRecord): boolean {
  if (file.user === world.state.identity.botUserId || file.given) return true;
  return placesOf(file).some((place) => {
    const channel = world.state.channels.get(place);
    return channel !== undefined && botIsIn(world, channel) && isGranted(world, channel);
  });
}

/**
 * The channels that show a file: by a share, or inside a block. Slack says only that who posts such a block must have
 * access to the file (docs.slack.dev/reference/block-kit/composition-objects/slack-file-object); that its readers see
 * it, an app among them, is our reading.
 */
function placesOf(file: FileRecord): string[] {
  return [...file.shares.map((share) => share.channel), ...(file.shown_in ?? [])];
}

/** Whether a person may see a file: their own, and those shared where they can look. */
export function personSeesFile(world: World, userId: string, file: FileRecord): boolean {
  return file.user === userId || placesOf(file).some((place) => seesChannel(world, userId, place));
}

/**
 * Slackbot is in every workspace: "Slackbot is special, so `is_bot` will be false for it"
 * (docs.slack.dev/reference/objects/user-object). `users.list` has it too (slackapi/python-slack-sdk,
 * integration_tests/web/test_issue_1053.py leaves it out by its id).
 */
export const SLACKBOT: PersonRecord = {
  id: 'USLACKBOT',
  name: 'slackbot',
  real_name: 'Slackbot',
  role: 'member',
  color: '#757575',
  tz: 'America/Los_Angeles',
  is_bot: false,
  updated: 0,
};

/** The person with this id; `user_not_found` otherwise. */
export function person(world: World, id: string | undefined): PersonRecord {
  if (id === 'USLACKBOT') return SLACKBOT;
  const found = id === undefined ? undefined : world.state.people.get(id);
  if (found === undefined) throw new ApiError('user_not_found');
  return found;
}

/** The middle of `<kind>:history` and `<kind>:read`. */
export function scopeKind(channel: ChannelRecord): 'channels' | 'groups' | 'im' | 'mpim' {
  if (channel.kind === 'public') return 'channels';
  return channel.kind === 'private' ? 'groups' : channel.kind;
}

/** What events call the kind of a channel. */
export function channelType(channel: ChannelRecord): 'channel' | 'group' | 'im' | 'mpim' {
  if (channel.kind === 'public') return 'channel';
  return channel.kind === 'private' ? 'group' : channel.kind;
}
