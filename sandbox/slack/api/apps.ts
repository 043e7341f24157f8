import { ApiError } from '../errors.ts';
import { grantedTeams, orgOf, teamAsked } from '../organisation.ts';
import { botProfile } from '../render.ts';
import { type Family, paged } from './call.ts';

/** Who am I, and where do I connect. */
export const apps: Family = {
  'api.test': { tier: 4, run: () => ({}) },
  'auth.test': {
    tier: 'special',
    run({ world }) {
      const { teamId, teamName, botUserId, botId } = world.state.identity;
      const user = world.state.people.get(botUserId)?.name;
      const url = `${world.baseUrl}/`;
      const organisation = orgOf(world);
      const ids = { team_id: organisation?.id ?? teamId, user_id: botUserId, bot_id: botId };
      if (organisation !== undefined) {
        const { id: enterprise_id, name: enterprise_name } = organisation;
        const whole = { enterprise_id, enterprise_name, is_enterprise_install: true };
        return { url, team: enterprise_name, user, ...ids, ...whole };
      }
      return { url, team: teamName, user, ...ids, is_enterprise_install: false };
    },
  },
  // "No scopes required"; limit "no larger than 1000", 100 by default (docs.slack.dev/reference/methods/auth.teams.list).
  'auth.teams.list': {
    tier: 2,
    run({ world, args }) {
      const { teamId, teamName: name, domain, organisation } = world.state.identity;
      const all = organisation?.workspaces ?? [{ id: teamId, name, domain }];
      const teams = all.filter(({ id }) => grantedTeams(world).includes(id));
      const options = { fallback: 100, most: 1000, key: (one: { id: string }) => one.id };
      const { page, next_cursor } = paged(teams, args, options);
      return { teams: page.map(({ id, name }) => ({ id, name })), response_metadata: { next_cursor } };
    },
  },
  'apps.connections.open': {
    tier: 1,
    token: 'app',
    run({ world }) {
      if (world.app.requestUrl !== undefined || world.app.manifest.settings?.socket_mode_enabled === false) {
        // Socket Mode is switched off for this app.
        throw new ApiError('internal_error');
      }
      const link = `${world.baseUrl.replace(/^http/, 'ws')}/link/`;
      return { url: `${link}?ticket=${world.sockets.ticket()}&app_id=${world.state.identity.appId}` };
    },
  },
  'bots.info': {
    tier: 3,
    scopes: ['users:read'],
    run({ world, args }) {
      const { botId, botUserId } = world.state.identity;
      teamAsked({ world, args });
      if (args.str('bot') !== botId) throw new ApiError('bot_not_found');
      return { bot: { ...botProfile(world), user_id: botUserId } };
    },
  },
  'team.info': {
    tier: 3,
    scopes: ['team:read'],
    run({ world }) {
      const { teamId, teamName, domain } = world.state.identity;
      const icon = { image_default: true };
      return {
        team: {
          id: teamId,
          name: teamName,
          domain,
          url: `${world.baseUrl}/`,
          email_domain: '',
          icon,
        },
      };
    },
  },
};
