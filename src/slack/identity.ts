import { connectionProblem } from '../connection-problem.ts';
import { AwayError, ConfigError } from '../errors.ts';
import { type SlackApi, SlackApiError } from './api.ts';
import { SLACK, unexpectedAnswer } from './api-error.ts';
import { mayJoin as mayJoinNow, noteScopes } from './join-scope.ts';
import { ownerOf } from './owner.ts';
import { JOIN_SCOPE, missingScopes, type WithJoin } from './scopes.ts';
import { textOf } from './shapes.ts';

export interface Identity {
  /** The workspace (T…), or the organisation (E…) if the token is for all its workspaces: all rows are under this id. */
  teamId: string;
  /** Its name. */
  team: string;
  /** Set if it is an organisation. */
  isOrganisation?: boolean;
  botUserId: string;
  botId: string;
  /** The workspace's own address with a slash at the end, e.g. `https://acme.slack.com/`. */
  url: string;
}

/**
 * Slack's refusals of a token that only a person can mend. All others (`ratelimited`, `internal_error`, `fatal_error`,
 * `service_unavailable`, `request_timeout`, `team_added_to_org`, `org_login_required`, names that are not listed) may
 * pass. Source: docs.slack.dev/reference/methods/auth.test and apps.connections.open, "Errors"; the last two are in
 * @slack/socket-mode (UnrecoverableSocketModeStartError).
 */
const BAD_TOKEN = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
  'is_bot',
  'missing_scope',
  'no_permission',
  'access_denied',
  'accesslimited',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'team_access_not_granted',
  'two_factor_setup_required',
  'forbidden_team',
  'method_deprecated',
  'deprecated_endpoint',
  'user_removed_from_team',
  'team_disabled',
]);

/** True when Slack refuses a token for good: a person must change it, or what it may do. */
export function isTokenRefused(code: string): boolean {
  return BAD_TOKEN.has(code);
}

/**
 * Asks Slack who we are and what we may do. Throws a `ConfigError` with the name of the variable when Slack refuses the
 * token, or when the app lacks a scope that the code uses; an `AwayError` when Slack is away or busy.
 */
export async function whoAmI(api: SlackApi, apiUrl: string, policy?: WithJoin): Promise<Identity> {
  const me = await api
    .call<{
      team_id?: string | null;
      team?: string | null;
      enterprise_id?: string;
      enterprise_name?: string;
      is_enterprise_install?: boolean;
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
  const owner = ownerOf(me);
  if (owner === null) throw slackIsAway(apiUrl, unexpectedAnswer('auth.test'));
  api.workspaces?.serve(owner.isOrganisation);
  const granted = me.response_metadata?.scopes ?? [];
  noteScopes(api, granted);
  const missing = missingScopes(granted, policy);
  if (missing.length === 1 && missing[0] === JOIN_SCOPE && policy !== undefined) {
    throw new ConfigError(
      'VAULT_JOIN',
      `VAULT_JOIN=${policy.join} needs the scope ${JOIN_SCOPE}, which the app does not have: update it from manifest.join.json and reinstall it to the workspace, or set VAULT_JOIN=off.`,
    );
  }
  if (missing.length > 0) {
    throw new ConfigError(
      'SLACK_BOT_TOKEN',
      `SLACK_BOT_TOKEN lacks the scope${missing.length > 1 ? 's' : ''} ${missing.join(', ')}: update the app from manifest.yml, reinstall it to the workspace, and use the token shown then.`,
    );
  }
  return {
    teamId: owner.teamId,
    ...(owner.isOrganisation ? { isOrganisation: true } : {}),
    team: textOf(me.team) ?? textOf(me.enterprise_name) ?? owner.teamId,
    botUserId: me.user_id,
    botId: me.bot_id,
    url: textOf(me.url) ?? 'https://slack.com/',
  };
}

/** The scopes that the token has now; empty when Slack does not list them. Throws `SlackApiError`. */
export async function grantedScopes(api: SlackApi): Promise<string[]> {
  const { response_metadata } = await api.call<{ response_metadata?: { scopes?: string[] } }>('auth.test');
  const granted = response_metadata?.scopes ?? [];
  noteScopes(api, granted);
  return granted;
}

/** Whether the app may join channels by itself; asked seldom. Throws `SlackApiError`. */
export const mayJoin = (api: SlackApi): Promise<boolean> => mayJoinNow(api, grantedScopes);

function asConfigError(error: unknown, apiUrl: string): unknown {
  if (!(error instanceof SlackApiError)) return error;
  if (!isTokenRefused(error.code)) return slackIsAway(apiUrl, error);
  return new ConfigError(
    'SLACK_BOT_TOKEN',
    `Slack refused SLACK_BOT_TOKEN (${error.code}): copy the Bot User OAuth Token again from "OAuth & Permissions", or reinstall the app.`,
    { cause: error },
  );
}

/** Slack's own words for: not now. With any other code, no answer of Slack's came. */
const BUSY = /^(rate_?limited|internal_error|fatal_error|service_unavailable|request_timeout)$/;

/** Slack is away or busy, or something on the way to it is in between. `doing` is what the bot wanted of it. */
export function slackIsAway(apiUrl: string, error: { code: string; cause?: unknown }, doing = ''): AwayError {
  const { host } = new URL(apiUrl);
  const said = BUSY.test(error.code) ? 'cannot answer right now' : 'could not be reached';
  return new AwayError(
    'SLACK_API_URL',
    connectionProblem(error, { ...SLACK, what: `Slack at ${host}` })?.sentence ??
      `Slack ${said}${doing} at ${host} (${error.code}): check this machine's network, or SLACK_API_URL if you set it.`,
    { cause: error },
  );
}
