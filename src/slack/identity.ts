import { connectionProblem } from '../connection-problem.ts';
import { ConfigError } from '../errors.ts';
import { type SlackApi, SlackApiError } from './api.ts';
import { SLACK } from './api-error.ts';
import { missingScopes } from './scopes.ts';
import { textOf } from './shapes.ts';

export interface Identity {
  teamId: string;
  team: string;
  botUserId: string;
  botId: string;
  /** The workspace's own address with a slash at the end, e.g. `https://acme.slack.com/`. */
  url: string;
}

/** Slack's errors for a token that does not work. Source: docs.slack.dev/reference/methods/auth.test. */
const BAD_TOKEN = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
]);

/**
 * Asks Slack who we are and what we may do. Throws a `ConfigError` with the name of the variable when Slack refuses the
 * token, when Slack cannot be reached, or when the app lacks a scope that the code uses.
 */
export async function whoAmI(api: SlackApi, apiUrl: string): Promise<Identity> {
  const me = await api
    .call<{
      team_id: string;
      team?: string;
      user_id: string;
      bot_id?: string;
      url?: string;
      response_metadata?: { scopes?: string[] };
    }>('auth.test', {}, { patienceMs: 10_000 })
    .catch((error: unknown) => {
      throw asConfigError(error, apiUrl);
    });
  if (me.bot_id === undefined) {
    throw new ConfigError(
      'SLACK_BOT_TOKEN',
      'SLACK_BOT_TOKEN belongs to a person, not to a bot: use the Bot User OAuth Token (xoxb-…).',
    );
  }
  const missing = missingScopes(me.response_metadata?.scopes ?? []);
  if (missing.length > 0) {
    throw new ConfigError(
      'SLACK_BOT_TOKEN',
      `SLACK_BOT_TOKEN lacks the scope${missing.length > 1 ? 's' : ''} ${missing.join(', ')}: update the app from manifest.yml, reinstall it to the workspace, and use the token shown then.`,
    );
  }
  return {
    teamId: me.team_id,
    team: textOf(me.team) ?? me.team_id,
    botUserId: me.user_id,
    botId: me.bot_id,
    url: textOf(me.url) ?? 'https://slack.com/',
  };
}

/** The scopes that the token has now; empty when Slack does not list them. Throws `SlackApiError`. */
export async function grantedScopes(api: SlackApi): Promise<string[]> {
  const { response_metadata } = await api.call<{ response_metadata?: { scopes?: string[] } }>('auth.test');
  return response_metadata?.scopes ?? [];
}

function asConfigError(error: unknown, apiUrl: string): unknown {
  if (!(error instanceof SlackApiError)) return error;
  if (BAD_TOKEN.has(error.code)) {
    return new ConfigError(
      'SLACK_BOT_TOKEN',
      `Slack refused SLACK_BOT_TOKEN (${error.code}): copy the Bot User OAuth Token again from "OAuth & Permissions", or reinstall the app.`,
      { cause: error },
    );
  }
  return new ConfigError(
    'SLACK_API_URL',
    connectionProblem(error, { ...SLACK, what: `Slack at ${new URL(apiUrl).host}` })?.sentence ??
      `Slack could not be reached at ${new URL(apiUrl).host} (${error.code}): check this machine's network, or SLACK_API_URL if you set it.`,
    { cause: error },
  );
}
