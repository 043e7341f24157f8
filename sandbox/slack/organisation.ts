/**
 * An organisation of several workspaces (Enterprise Grid) that installed the app as a whole. Sources:
 * docs.slack.dev/enterprise/developing-for-enterprise-orgs (`team_id`, `authorizations`, `context_team_id`),
 * docs.slack.dev/reference/methods/auth.teams.list, and recordings: onyx-dot-app/onyx#6960 (`auth.test`, `missing_argument`),
 * errbotio/err-backend-slackv3#101 (`bots.info`), slackapi/bolt-python tests/scenario_tests/test_events_org_apps.py (events).
 */
import type { Call } from './api/call.ts';
import { ApiError } from './errors.ts';
import { seconds } from './ids.ts';
import type { Identity, Organisation } from './state.ts';
import type { ChannelRecord, Json, PersonRecord } from './types.ts';
import type { World } from './world.ts';

export function orgOf(world: World): Organisation | undefined {
  return world.state.identity.organisation;
}

/** Every workspace, in the organisation or alone. */
function allTeams({ organisation, teamId }: Identity): string[] {
  return organisation?.workspaces.map(({ id }) => id) ?? [teamId];
}

/** The workspaces that the app may work in. */
export function grantedTeams(world: World): string[] {
  return orgOf(world)?.granted ?? [world.state.identity.teamId];
}

/** The workspaces that this person is in. The app's own bot is where the app is. */
export function teamsOfPerson(world: World, person: PersonRecord | undefined): string[] {
  if (orgOf(world) === undefined) return [world.state.identity.teamId];
  return person?.is_bot ? grantedTeams(world) : (person?.teams ?? []);
}

/** The workspaces that a channel is in. People's direct messages are the organisation's (api.slack.com/enterprise/grid). */
export function teamsOfChannel(world: World, channel: ChannelRecord): string[] {
  if (channel.kind !== 'im') return channel.teams ?? [world.state.identity.teamId];
  const [person] = channel.members.filter((id) => id !== world.state.identity.botUserId);
  return teamsOfPerson(world, person === undefined ? undefined : world.state.people.get(person));
}

/** Whether this person is in one of the channel's workspaces. */
export function areTogether(world: World, person: PersonRecord | undefined, channel: ChannelRecord): boolean {
  const teams = teamsOfChannel(world, channel);
  return teamsOfPerson(world, person).some((team) => teams.includes(team));
}

/** Whether the app may work in one of the channel's workspaces. */
export function isGranted(world: World, channel: ChannelRecord): boolean {
  const granted = grantedTeams(world);
  return teamsOfChannel(world, channel).some((team) => granted.includes(team));
}

/** The workspace in which something happens: that of the channel, else the person's; one of the app's if there is one. */
export function contextTeam(
  world: World,
  about: { channel?: ChannelRecord | undefined; user?: string | undefined },
): string {
  const { channel, user } = about;
  const teams =
    channel !== undefined
      ? teamsOfChannel(world, channel)
      : user === undefined
        ? allTeams(world.state.identity)
        : teamsOfPerson(world, world.state.people.get(user));
  const granted = grantedTeams(world);
  return teams.find((team) => granted.includes(team)) ?? teams[0] ?? world.state.identity.teamId;
}

/**
 * The workspace that a call is about, where Slack's text says that the token of an organisation has to name one ("required if
 * org token is used"); undefined for any other token, for which the argument is ignored. Throws `missing_argument`,
 * `invalid_arguments` and `team_access_not_granted`.
 */
export function teamAsked({ world, args }: Pick<Call, 'world' | 'args'>): string | undefined {
  if (orgOf(world) === undefined) return undefined;
  const team = args.str('team_id');
  if (team === undefined) {
    const messages = ['[ERROR] missing required field: team_id'];
    throw new ApiError('missing_argument', { response_metadata: { messages } });
  }
  if (!grantedTeams(world).includes(team)) throw new ApiError('team_access_not_granted');
  return team;
}

/** Which installation an event is for. That of an organisation names no workspace. */
export function installation(world: World): Json {
  const { teamId, botUserId, organisation } = world.state.identity;
  return {
    enterprise_id: organisation?.id ?? null,
    team_id: organisation === undefined ? teamId : null,
    user_id: botUserId,
    is_bot: true,
    is_enterprise_install: organisation !== undefined,
  };
}

/** What commands and interactions say of the organisation. */
export function enterpriseOf(world: World): { id: string; name: string } | null {
  const organisation = orgOf(world);
  return organisation === undefined ? null : { id: organisation.id, name: organisation.name };
}

/** The internet name of a workspace. */
export function domainOf(world: World, team: string): string {
  const known = orgOf(world)?.workspaces.find(({ id }) => id === team);
  return known?.domain ?? world.state.identity.domain;
}

/**
 * An admin of the organisation adds the app to a workspace, or takes it out. The app is told
 * (docs.slack.dev/reference/events/team_access_granted, team_access_revoked). Slack's text does not say what becomes of the
 * bot's channels there; here it stays in them, and sees them again with the access.
 */
export function setAccess(world: World, name: string, granted: boolean): void {
  const organisation = orgOf(world);
  const workspace = organisation?.workspaces.find((one) => one.name === name || one.id === name);
  if (organisation === undefined || workspace === undefined) throw new Error(`There is no workspace ${name}`);
  const others = organisation.granted.filter((id) => id !== workspace.id);
  organisation.granted = granted ? [...others, workspace.id] : others;
  world.state.saveIdentity();
  const type = granted ? 'team_access_granted' : 'team_access_revoked';
  world.emit({ type, team_ids: [workspace.id], event_ts: `${seconds()}.000100` }, {});
}
