import type { HomeView } from '@slack/types';
import { homeView } from '../blocks/home.ts';
import { openAlerts } from '../catalog/alerts/alerts.ts';
import {
  claimDueHomes,
  type DueHome,
  deferHome,
  type HomeRef,
  homePublished,
  nextHomeDueAt,
} from '../catalog/notices/homes.ts';
import { recentFiles } from '../catalog/search/recent.ts';
import { channelSums, monthSums, totals, trashTotal, uploadedBy } from '../catalog/totals/stats.ts';
import { beingRetried, links, notKept, onTheWay, queueDepth } from '../catalog/totals/under-way.ts';
import { monthsBefore } from '../charts/growth.ts';
import { COMMANDS } from '../commands/index.ts';
import { errorCode } from '../errors.ts';
import { SlackApiError } from '../slack/api.ts';
import { nextTry, refusalOf } from '../slack/refusals.ts';
import type { Vault } from '../vault/context.ts';
import { limitsOf } from '../vault/files/page.ts';
import { vaultHealth } from '../vault/health.ts';
import { checksOf } from '../vault/scan/facts.ts';
import type { Job, JobContext } from './job.ts';

const HOMES_AT_ONCE = 4;

const RECENT = 10;
const FAILED = 10;
const NOT_KEPT = 10;
const ON_THE_WAY = 5;
const CHANNELS = 5;

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
    const view = await drawHome(vault, userId);
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

/** What one person sees: only what they could see in Slack. */
async function drawHome(vault: Vault, userId: string): Promise<HomeView> {
  const { catalog, rights, identity, bucket, bucketAwaySince } = vault;
  const { teamId } = identity;
  const [channelIds, isAdmin, mayDelete] = await Promise.all([
    rights.visibleChannels(userId),
    rights.isAdmin(userId),
    rights.deletes(userId),
  ]);
  const viewer = { teamId, channelIds, userId };
  const [stored, glance, recent, waiting, failures, leftOut, outside, admin] = await Promise.all([
    totals(catalog, { teamId, channelIds, ownUserId: userId }),
    atAGlance(vault, userId, channelIds),
    recentFiles(catalog, { teamId, channelIds, ownUserId: userId, limit: RECENT }),
    onTheWay(catalog, viewer, ON_THE_WAY),
    beingRetried(catalog, viewer, FAILED),
    notKept(catalog, viewer, NOT_KEPT),
    links(catalog, viewer),
    isAdmin ? adminSummary(vault) : null,
  ]);
  const [limits, checks] = await Promise.all([limitsOf(vault, recent), checksOf(vault, recent)]);
  const known = bucketAwaySince === undefined ? bucket.capabilities : null;
  return homeView({
    userId,
    now: vault.now(),
    stored,
    glance,
    recent,
    onTheWay: waiting,
    failures,
    notKept: leftOut,
    links: outside,
    mayDelete,
    maxBytes: ({ listedChannelId }) => limits.get(listedChannelId) ?? null,
    check: ({ fileId }) => checks.get(fileId),
    commands: [...COMMANDS],
    admin: admin === null ? null : { ...admin, bucket: bucket.name, proof: known ? known.proof : null },
  });
}

async function atAGlance({ catalog, identity, now }: Vault, userId: string, channelIds: string[]) {
  const { teamId } = identity;
  const [lastMonth, thisMonth] = [monthsBefore(now(), 1), monthsBefore(now(), 0)];
  const [own, channels, months] = await Promise.all([
    uploadedBy(catalog, teamId, userId),
    channelSums(catalog, { teamId, channelIds, limit: CHANNELS }),
    monthSums(catalog, { teamId, channelIds, whole: false, since: lastMonth }),
  ]);
  const growth = [lastMonth, thisMonth].map((month) => {
    const { files = 0, bytes = 0 } = months.find(({ name }) => name === month) ?? {};
    return { month, added: { files, bytes } };
  });
  return { own, channels, growth };
}

async function adminSummary(vault: Vault) {
  const { catalog, identity } = vault;
  const [health, depth, trash, alerts] = await Promise.all([
    vaultHealth(vault),
    queueDepth(catalog),
    trashTotal(catalog, identity.teamId),
    openAlerts(catalog, identity.teamId),
  ]);
  return {
    database: catalog.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL',
    health,
    waiting: depth.pending + depth.storing,
    failed: depth.failed,
    trash,
    alerts: alerts.map(({ alert }) => alert),
  };
}
