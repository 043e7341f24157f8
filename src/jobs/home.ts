import { homeView } from '../blocks/home.ts';
import {
  claimDueHomes,
  type DueHome,
  deferHome,
  type HomeRef,
  homePublished,
  nextHomeDueAt,
} from '../catalog/notices/homes.ts';
import { errorCode } from '../errors.ts';
import { SlackApiError } from '../slack/api.ts';
import { nextTry, refusalOf } from '../slack/refusals.ts';
import type { Vault } from '../vault/context.ts';
import { homeOf } from '../vault/home/draw.ts';
import type { Job, JobContext } from './job.ts';

const HOMES_AT_ONCE = 4;

/** Draws App Homes again. */
export function homeJob({ vault, owner, due }: JobContext): Job<DueHome> {
  const { catalog } = vault;
  return {
    name: 'home',
    rows: 'home',
    urgency: 'home',
    concurrency: HOMES_AT_ONCE,
    claim: (limit) => claimDueHomes(catalog, due(limit)),
    nextDueAt: () => nextHomeDueAt(catalog),
    work: (home) => publishHome(vault, owner, home),
  };
}

/**
 * Draws a person's App Home again and publishes it: one row's work. A failure is tried again, after longer and longer
 * waits. If Slack refuses for good, or for a day, it waits until the home is opened or something changes.
 */
export async function publishHome(
  vault: Vault,
  owner: string,
  home: HomeRef & Partial<DueHome>,
): Promise<void> {
  const { catalog, log, now } = vault;
  const { teamId, userId, attempts = 1 } = home;
  try {
    const view = homeView(await homeOf(vault, userId));
    await vault.slack.call('views.publish', { user_id: userId, view });
    await homePublished(catalog, { teamId, userId, owner, now: now() });
  } catch (error) {
    const code = errorCode(error);
    const refusal = isAboutPerson(error) ? 'final' : refusalOf(error);
    const { failedAt } = home;
    const next = nextTry(error, { refusal, attempts: attempts + 2, failedAt, now: now() });
    const about = { code, user: userId, err: error };
    if (next.dueAt === null) log.info(about, 'an App Home cannot be published');
    else log.warn(about, 'cannot publish an App Home; trying again');
    await deferHome(catalog, { teamId, userId, owner, ...next });
  }
}

/** Slack says that this person does not exist or is disabled. */
function isAboutPerson(error: unknown): boolean {
  return error instanceof SlackApiError && ['user_not_found', 'user_disabled'].includes(error.code);
}
