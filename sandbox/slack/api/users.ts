import { person, SLACKBOT } from '../access.ts';
import { orgOf, teamAsked, teamsOfPerson } from '../organisation.ts';
import type { Grid, Json, PersonRecord } from '../types.ts';
import type { World } from '../world.ts';
import { type Family, paged } from './call.ts';

/** People. */
export const users: Family = {
  'users.info': {
    tier: 4,
    scopes: ['users:read'],
    run({ world, args }) {
      const user = userObject(world, person(world, args.need('user')));
      // "Set this to `true` to receive the locale for this user" (docs.slack.dev/reference/methods/users.info).
      return { user: args.bool('include_locale') ? { ...user, locale: 'en-US' } : user };
    },
  },
  'users.list': {
    tier: 2,
    scopes: ['users:read'],
    run({ world, args }) {
      const options = { fallback: 200, most: 1000, key: (one: PersonRecord) => one.id };
      const team = teamAsked({ world, args });
      const people = [...world.state.people.values()].filter(
        (one) => team === undefined || teamsOfPerson(world, one).includes(team),
      );
      const { page, next_cursor } = paged([...people, SLACKBOT], args, options);
      return { members: page.map((one) => userObject(world, one)), response_metadata: { next_cursor } };
    },
  },
};

function userObject(world: World, one: PersonRecord): Json {
  const { teamId, botId, appId } = world.state.identity;
  const guest = one.role === 'guest';
  const [first_name = '', ...rest] = one.real_name.split(' ');
  const bot = one.is_bot ? { bot_id: botId, api_app_id: appId, always_active: true } : {};
  const grid = one.grid ?? gridOfOrg(world, one);
  return {
    id: one.id,
    ...(grid === undefined ? { team_id: teamId } : teamOf(grid)),
    name: one.name,
    deleted: false,
    color: one.color.replace('#', ''),
    real_name: one.real_name,
    tz: one.tz,
    tz_label: one.tz,
    // The offset would change with the season; the sandbox names the zone and leaves the offset at zero.
    tz_offset: 0,
    profile: {
      real_name: one.real_name,
      real_name_normalized: one.real_name,
      // The name that Slack shows, if it is not empty (docs.slack.dev/reference/objects/user-object). That it is the same as
      // the real name is our choice: in Slack, people choose it, and many leave it empty.
      display_name: one.real_name,
      display_name_normalized: one.real_name,
      first_name,
      last_name: rest.join(' '),
      team: teamId,
      ...bot,
    },
    is_admin: one.role === 'admin',
    is_owner: false,
    is_primary_owner: false,
    is_restricted: guest,
    is_ultra_restricted: guest,
    is_bot: one.is_bot,
    is_app_user: false,
    updated: one.updated,
    ...(grid?.enterprise_user === undefined
      ? {}
      : {
          enterprise_user: {
            is_admin: false,
            is_owner: false,
            is_primary_owner: false,
            ...grid.enterprise_user,
          },
        }),
    ...(grid?.is_stranger ? { is_stranger: true } : {}),
  };
}

/**
 * How an organisation describes its people to its own app: `team_id` is the organisation's (slackapi/bolt-js#1875), and missing
 * for bots (errbotio/err-backend-slackv3#96).
 */
function gridOfOrg(world: World, one: PersonRecord): Grid | undefined {
  const organisation = orgOf(world);
  if (organisation === undefined || one.id === SLACKBOT.id) return undefined;
  const { id: enterprise_id, name: enterprise_name } = organisation;
  if (one.is_bot) return {};
  return {
    team_id: enterprise_id,
    enterprise_user: {
      ...{ id: one.id, enterprise_id, enterprise_name, teams: teamsOfPerson(world, one) },
      ...{ is_admin: one.orgRole !== undefined, is_owner: one.orgRole === 'owner' },
    },
  };
}

/**
 * On Enterprise Grid `team_id` may be missing (looker/lookerbot#184, abdolence/slack-morphism-rust#215) or another
 * workspace's of the organisation (slackapi/bolt-js#1875); null is what "data that has not been supplied" may be
 * (docs.slack.dev/reference/objects/user-object, which has `enterprise_user` and `is_stranger` too: the latter only of
 * somebody who is in no shared channel that the app sees).
 */
function teamOf(grid: Grid): Json {
  return grid.team_id === undefined ? {} : { team_id: grid.team_id };
}
