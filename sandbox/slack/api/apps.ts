import { ApiError } from '../errors.ts';
import { botProfile } from '../render.ts';
import type { Family } from './call.ts';

/** Who am I, and where do I connect. */
export const apps: Family = {
  'api.test': { tier: 4, run: () => ({}) },
  'auth.test': {
    tier: 'special',
    run({ world }) {
      const { teamId, teamName, botUserId, botId } = world.state.identity;
      const user = world.state.people.get(botUserId)?.name;
      const url = `${world.baseUrl}/`;
      const ids = { team_id: teamId, user_id: botUserId, bot_id: botId };
      return { url, team: teamName, user, ...ids, is_enterprise_install: false };
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
