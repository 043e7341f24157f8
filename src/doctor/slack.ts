import { connectionProblem } from '../connection-problem.ts';
import { errorCode } from '../errors.ts';
import { createFetch } from '../network/web.ts';
import { SLACK } from '../slack/api-error.ts';
import { isTokenRefused } from '../slack/identity.ts';
import { ownerOf } from '../slack/owner.ts';
import { BOT_SCOPES, JOIN_SCOPE, JOIN_SCOPES, missingScopes, OPTIONAL_BOT_SCOPES } from '../slack/scopes.ts';
import { TEAMS_PAGE_SIZE } from '../slack/workspaces.ts';
import { askSlack } from './ask-slack.ts';
import { check, type Say } from './check.ts';
import type { Situation } from './situation.ts';

const LATER = 'Run the doctor again in a minute.';

const isLimit = (error: string | undefined) => error !== undefined && /^rate_?limited$/.test(error);

const NO_TOKEN = 'SLACK_BOT_TOKEN is not set right.';

/** The way to Slack and its certificate. Asks without a token. */
export const slackReach = check('slack.reach', { needs: ['proxy'] }, async (situation, say) => {
  const { host } = new URL((situation.slack ?? situation.config.slack).apiUrl);
  const answer = await askSlack(situation, 'api.test');
  if (answer.kind === 'away') return say.fail(answer.isTrust ? 'untrusted' : 'away', answer.sentence);
  if (answer.kind === 'other')
    return say.fail('other', `What answers at ${host} is not Slack (status ${answer.status}).`);
  const isTls = (situation.slack ?? situation.config.slack).apiUrl.startsWith('https:');
  return say.ok(`Slack answers at ${host}${isTls ? ', and its certificate is trusted' : ''}.`);
});

/** Where answers to commands and clicks go: a host of its own, which a firewall may have forgotten (docs/networks.md). */
const HOOKS = 'https://hooks.slack.com/';
const HOOKS_MS = 8_000;

export const slackHooks = check('slack.hooks', { needs: ['slack.reach'] }, async (situation, say) => {
  const { apiUrl } = situation.slack ?? situation.config.slack;
  const url = situation.machine.hooks ?? (apiUrl.startsWith('https://slack.com/') ? HOOKS : undefined);
  if (url === undefined)
    return say.skip('SLACK_API_URL is not Slack’s own: answers go where each command says.');
  const { host } = new URL(url);
  try {
    // Whatever it answers: it is there, and its certificate is trusted.
    const answer = await createFetch(situation.config.proxies)(url, {
      signal: AbortSignal.timeout(HOOKS_MS),
    });
    await answer.body?.cancel();
    return say.ok(`${host}, where answers to commands go, answers.`);
  } catch (error) {
    const problem = connectionProblem(error, { ...SLACK, what: host });
    const isSlow = (error as Error).name === 'TimeoutError';
    const code = isSlow ? 'no answer in time' : errorCode((error as Error).cause ?? error);
    return say.fail('away', problem?.sentence ?? `${host} cannot be reached (${code}).`);
  }
});

/** Whose the token is, and whether Slack takes it. */
export const slackToken = check('slack.token', { needs: ['slack.reach'] }, async (situation, say) => {
  const { slack, found } = situation;
  if (slack === undefined) return say.skip(NO_TOKEN);
  const answer = await askSlack(situation, 'auth.test', slack.botToken);
  if (answer.kind !== 'answer')
    return say.fail(
      'busy',
      answer.kind === 'away' ? answer.sentence : 'Slack’s auth.test gave no answer of Slack’s.',
    );
  const { error, body, scopes } = answer;
  if (isLimit(error))
    return say.skip(`Slack was asked too often to say now whether it takes SLACK_BOT_TOKEN. ${LATER}`);
  if (error !== undefined)
    return isTokenRefused(error)
      ? say.fail('refused', `Slack refuses SLACK_BOT_TOKEN (${error}).`)
      : say.fail('busy', `Slack does not say now whether it takes SLACK_BOT_TOKEN (${error}).`);
  if (typeof body.bot_id !== 'string')
    return say.fail('person', 'SLACK_BOT_TOKEN belongs to a person, not to a bot.');
  const owner = ownerOf(body);
  if (owner === null) return say.fail('busy', 'Slack’s auth.test gave no answer of Slack’s.');
  found.teamId = owner.teamId;
  found.scopes =
    scopes === null
      ? []
      : scopes
          .split(',')
          .map((scope) => scope.trim())
          .filter(Boolean);
  if (owner.isOrganisation) return wholeOrganisation(situation, say, { ...owner, name: body.team });
  return say.ok(`Slack takes SLACK_BOT_TOKEN: workspace ${body.team ?? owner.teamId} (${owner.teamId}).`);
});

/** An organisation installs the app once, and adds it to workspaces one by one. */
async function wholeOrganisation(
  situation: Situation,
  say: Say<'slack.token'>,
  { teamId, name }: { teamId: string; name: unknown },
) {
  const taken = `Slack takes SLACK_BOT_TOKEN: organisation ${name ?? teamId} (${teamId})`;
  const count = await countWorkspaces(situation);
  if (count === null)
    return say.fail('busy', `${taken}, but it does not say now to which workspaces the app was added.`);
  if (count === 0) return say.warn('nowhere', `${taken}. The app was added to none of its workspaces.`);
  return say.ok(
    `${taken}, and the app was added to ${count === 1 ? 'one workspace' : `${count} workspaces`} of it.`,
  );
}

/** To how many workspaces the app was added, over all pages of Slack's list. Null when Slack does not say now. */
async function countWorkspaces(situation: Situation): Promise<number | null> {
  let count = 0;
  let cursor: string | undefined;
  do {
    const args = { limit: String(TEAMS_PAGE_SIZE), ...(cursor === undefined ? {} : { cursor }) };
    const answer = await askSlack(situation, 'auth.teams.list', situation.slack?.botToken, args);
    if (answer.kind !== 'answer' || answer.error !== undefined || !Array.isArray(answer.body.teams))
      return null;
    count += answer.body.teams.length;
    const { next_cursor } = (answer.body.response_metadata ?? {}) as { next_cursor?: string };
    cursor = next_cursor || undefined;
  } while (cursor !== undefined);
  return count;
}

/** The token's workspace against the catalog's. */
export const slackWorkspace = check(
  'slack.workspace',
  { needs: ['slack.token', 'database'] },
  ({ found }, say) => {
    const of = found.database?.teamId;
    if (of === undefined)
      return say.ok('The catalog belongs to no workspace yet; it takes this one at the first start.');
    return of === found.teamId
      ? say.ok(`The catalog belongs to the same workspace (${of}).`)
      : say.fail(
          'other',
          `The catalog belongs to the workspace ${of}, and SLACK_BOT_TOKEN to ${found.teamId}.`,
        );
  },
);

/** The token's scopes against those of manifest.yml, which the code holds: see src/slack/scopes.ts. */
export const slackScopes = check('slack.scopes', { needs: ['slack.token'] }, ({ found, config }, say) => {
  const granted = found.scopes ?? [];
  const { join } = config.policy;
  if (granted.length === 0) return say.warn('unknown', 'Slack did not say which scopes the token has.');
  const missing = missingScopes(granted);
  // Without VAULT_JOIN it is optional: an admin's *Join* needs it, too.
  const optional = { ...OPTIONAL_BOT_SCOPES, ...JOIN_SCOPES };
  const known = { ...BOT_SCOPES, ...optional };
  const superfluous = granted.filter((scope) => !(scope in known));
  const lines = [
    ...(join !== 'off' && !granted.includes(JOIN_SCOPE)
      ? [
          say.fail(
            'join',
            `VAULT_JOIN=${join} needs the scope ${JOIN_SCOPE}, which the token lacks: the bot does not start.`,
          ),
        ]
      : []),
    ...(missing.length > 0
      ? [
          say.fail(
            'missing',
            `The token lacks ${missing.map((scope) => `${scope} (${BOT_SCOPES[scope as keyof typeof BOT_SCOPES]})`).join(', ')}.`,
          ),
        ]
      : []),
    ...(superfluous.length > 0
      ? [say.warn('superfluous', `The token may do more than the bot needs: ${superfluous.join(', ')}.`)]
      : []),
  ];
  if (lines.length > 0) return lines;
  const without = Object.entries(optional).filter(([scope]) => !granted.includes(scope));
  const left = without.map(([scope, why]) => ` Optional and not there: ${scope} (${why}).`).join('');
  return say.ok(
    `The token has the ${Object.keys(BOT_SCOPES).length} scopes of manifest.yml, and no other but optional ones.${left}`,
  );
});

/**
 * How events come. In Socket Mode, Slack is asked for an address, and nothing connects to it: a socket of ours would get
 * deliveries that are the bot's. Source: docs.slack.dev/apis/events-api/using-socket-mode ("up to 10 open connections",
 * each payload goes to one of them).
 */
export const slackLine = check('slack.line', { needs: ['slack.reach'] }, async (situation, say) => {
  const { receiver, env } = situation;
  if (receiver === undefined)
    return say.skip('Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set right.');
  if (receiver.mode === 'http') {
    const secret = receiver.signingSecret;
    if (/^x(ox|app)/.test(secret))
      return say.fail('form', 'SLACK_SIGNING_SECRET is a token, not the signing secret.');
    return /^[0-9a-f]{32}$/.test(secret)
      ? say.ok(
          'Events come over HTTP, and SLACK_SIGNING_SECRET has the right form. Whether it is the right one shows only with a request of Slack’s.',
        )
      : say.warn(
          'form',
          'SLACK_SIGNING_SECRET does not have the form of Slack’s (32 characters from 0-9 and a-f).',
        );
  }
  const answer = await askSlack(situation, 'apps.connections.open', receiver.appToken);
  if (answer.kind === 'other')
    return say.fail('away', 'Slack’s apps.connections.open gave no answer of Slack’s.');
  if (answer.kind === 'away') return say.fail('away', answer.sentence);
  const { error } = answer;
  if (error !== undefined) {
    if (isLimit(error))
      return say.skip(
        `Slack was asked for sockets too often to say now whether it takes SLACK_APP_TOKEN. ${LATER}`,
      );
    if (error === 'socket_mode_not_enabled')
      return say.fail('off', 'Socket Mode is switched off for this app.');
    return isTokenRefused(error)
      ? say.fail('refused', `Slack refuses SLACK_APP_TOKEN (${error}).`)
      : say.fail('off', `Slack opens no socket for SLACK_APP_TOKEN (${error}).`);
  }
  if (env.SLACK_SIGNING_SECRET?.trim())
    return say.warn(
      'both',
      'Both SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are set; Socket Mode is used, and the secret is not needed.',
    );
  return say.ok(
    'Slack takes SLACK_APP_TOKEN and would open a socket. None was opened: it would take deliveries from the bot.',
  );
});
