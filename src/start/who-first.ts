import { ConfigError } from '../errors.ts';
import type { Account } from '../slack/http-receiver.ts';
import type { Identity } from '../slack/identity.ts';

/**
 * Who we are, so that deliveries can be written down. Slack is asked; while it is away, what it said at the last start
 * counts, and if there was none, the account that a signed delivery names. What Slack says later replaces it.
 */
export async function whoFirst(o: {
  /** Slack's answer. */
  asked: Promise<Identity>;
  /** Resolves when Slack is away. */
  isAway: Promise<void>;
  remembered: Identity | null;
  /** In HTTP mode: the account that the first delivery names. */
  delivered: Promise<Account> | undefined;
}): Promise<Identity> {
  const { asked, isAway, remembered, delivered } = o;
  const otherwise = isAway.then(async () => {
    if (remembered !== null) return remembered;
    if (delivered === undefined) return asked;
    // Slack alone knows the rest. It is not needed to write things down.
    const { teamId, botUserId, isOrganisation } = await delivered;
    const whole = isOrganisation ? { isOrganisation } : {};
    return { teamId, ...whole, botUserId, team: teamId, botId: '', url: 'https://slack.com/' };
  });
  return Promise.race([asked, otherwise]);
}

/** What Slack says about us, if it is about the workspace that this catalog's rows are of. Throws `ConfigError`. */
export function sameWorkspace(before: Identity, now: Identity): Identity {
  if (before.teamId === now.teamId) return now;
  throw new ConfigError(
    'SLACK_BOT_TOKEN',
    `SLACK_BOT_TOKEN belongs to the workspace ${now.teamId}, but this catalog to ${before.teamId}: use a token of that workspace, or give this bot a catalog of its own (DATABASE_URL or VAULT_DATA_DIR).`,
  );
}
