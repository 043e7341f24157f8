/** Events: who may get them, and the envelope around them. */
import { channelType, grantedScopes } from './access.ts';
import { newId, seconds } from './ids.ts';
import { contextTeam, installation, isGranted, orgOf } from './organisation.ts';
import type { ChannelRecord, Json } from './types.ts';
import type { World } from './world.ts';

/** Where an event belongs. An event of a channel reaches the app only if its bot is a member. */
export interface EventScope {
  channel?: ChannelRecord;
}

/**
 * The scope that an app needs for an event (docs.slack.dev/reference/events, each page's "Required Scopes"; so
 * `user_change`: metacpan.org/pod/Net::Async::Slack::Event::UserChange). Events not named here need none.
 */
const EVENT_SCOPES: Record<string, string> = {
  'message.channels': 'channels:history',
  'message.groups': 'groups:history',
  'message.im': 'im:history',
  'message.mpim': 'mpim:history',
  app_mention: 'app_mentions:read',
  file_shared: 'files:read',
  file_created: 'files:read',
  file_public: 'files:read',
  file_change: 'files:read',
  file_deleted: 'files:read',
  file_unshared: 'files:read',
  reaction_added: 'reactions:read',
  reaction_removed: 'reactions:read',
  channel_created: 'channels:read',
  channel_rename: 'channels:read',
  channel_archive: 'channels:read',
  channel_unarchive: 'channels:read',
  channel_left: 'channels:read',
  channel_id_changed: 'channels:read',
  group_rename: 'groups:read',
  group_archive: 'groups:read',
  group_unarchive: 'groups:read',
  group_left: 'groups:read',
  user_change: 'users:read',
};

/** The name under which the manifest subscribes to an event. */
function subscriptionName(event: Json, scope: EventScope): string {
  if (event.type !== 'message' || scope.channel === undefined) return event.type;
  const kind = channelType(scope.channel);
  return `message.${kind === 'channel' || kind === 'group' ? `${kind}s` : kind}`;
}

/** Whether the app is subscribed, has the scope and is in the conversation. */
export function appMayKnow(world: World, event: Json, scope: EventScope): boolean {
  const name = subscriptionName(event, scope);
  const { settings } = world.app.manifest;
  if (!settings?.event_subscriptions?.bot_events?.includes(name)) return false;
  // Only the app of an organisation gets these two (docs.slack.dev/reference/events/team_access_granted).
  if (name.startsWith('team_access_')) return orgOf(world) !== undefined;
  if (scope.channel !== undefined && !isGranted(world, scope.channel)) return false;
  const needed = neededScope(name, scope);
  if (needed !== undefined && !grantedScopes(world).includes(needed)) return false;
  // The event that the bot itself has left comes when it is no longer a member.
  if (name === 'channel_left' || name === 'group_left') return true;
  const { botUserId } = world.state.identity;
  if (name === 'member_left_channel' && event.user === botUserId) return true;
  return scope.channel === undefined || scope.channel.members.includes(botUserId);
}

function neededScope(name: string, scope: EventScope): string | undefined {
  if (name === 'member_joined_channel' || name === 'member_left_channel') {
    return scope.channel?.kind === 'private' ? 'groups:read' : 'channels:read';
  }
  return EVENT_SCOPES[name];
}

/** The envelope in which Slack sends an event. */
export function envelopeOf(world: World, event: Json, { channel }: EventScope = {}): Json {
  const { appId } = world.state.identity;
  const organisation = orgOf(world);
  const user = typeof event.user === 'string' ? event.user : event.user?.id;
  const teamId = contextTeam(world, { channel, user });
  const isAboutOrg = event.type.startsWith('team_access_');
  return {
    token: VERIFICATION_TOKEN,
    team_id: isAboutOrg ? null : teamId,
    ...(organisation === undefined ? {} : { enterprise_id: organisation.id }),
    context_team_id: isAboutOrg ? null : teamId,
    context_enterprise_id: organisation?.id ?? null,
    api_app_id: appId,
    event,
    type: 'event_callback',
    event_id: newId('Ev'),
    event_time: seconds(),
    authorizations: [installation(world)],
    is_ext_shared_channel: false,
    event_context: `4-${Buffer.from(JSON.stringify({ et: event.type, tid: teamId, aid: appId })).toString('base64url')}`,
  };
}

/** The old verification token that payloads still carry; apps must not rely on it. */
export const VERIFICATION_TOKEN = 'sandbox-verification-token';
