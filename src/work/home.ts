import type { HomeView } from '@slack/types';
import { homeView } from '../blocks/home.ts';
import { deferHome, type HomeRef, homePublished, queueDepth, totals } from '../catalog/home.ts';
import { recentFiles } from '../catalog/search/recent.ts';
import { channelSums, monthSums, uploadedBy } from '../catalog/stats.ts';
import { inTrouble, onTheWay, trashTotal } from '../catalog/under-way.ts';
import { openTroubles } from '../catalog/watch/troubles.ts';
import { monthsBefore } from '../charts/growth.ts';
import { limitsOf } from '../commands/files-page.ts';
import { COMMANDS } from '../commands/index.ts';
import { errorCode } from '../errors.ts';
import { SlackApiError } from '../slack/api.ts';
import type { Vault } from '../vault.ts';
import { vaultHealth } from '../vault-health.ts';

const RECENT = 10;
const IN_TROUBLE = 10;
const ON_THE_WAY = 5;
const CHANNELS = 5;

/** Slack's answers after which nobody is looking any more. Source: docs.slack.dev/reference/methods/views.publish. */
const NOBODY = new Set(['user_not_found', 'not_enabled', 'account_inactive', 'user_disabled']);

/** Draws a person's App Home anew and publishes it. One row's work: whatever fails is tried again later. */
export async function publishHome(vault: Vault, owner: string, home: HomeRef): Promise<void> {
  const { catalog, log, now } = vault;
  try {
    const view = await drawHome(vault, home.userId);
    await vault.slack.call('views.publish', { user_id: home.userId, view });
    await homePublished(catalog, { ...home, owner, now: now() });
  } catch (error) {
    const code = errorCode(error);
    const over = NOBODY.has(code);
    const wait = error instanceof SlackApiError ? (error.retryAfterMs ?? 5_000) : 5_000;
    if (!over) log.warn({ code, user: home.userId, err: error }, 'cannot publish an App Home; trying again');
    await deferHome(catalog, { ...home, owner, dueAt: over ? null : now() + wait });
  }
}

/** What one person sees: everything in it is limited to what they could see in Slack. */
async function drawHome(vault: Vault, userId: string): Promise<HomeView> {
  const { catalog, rights, identity, bucket } = vault;
  const { teamId } = identity;
  const [channelIds, isAdmin] = await Promise.all([rights.visibleChannels(userId), rights.isAdmin(userId)]);
  const viewer = { teamId, channelIds, userId };
  const [stored, glance, recent, waiting, trouble, admin] = await Promise.all([
    totals(catalog, { teamId, channelIds, ownUserId: userId }),
    atAGlance(vault, userId, channelIds),
    recentFiles(catalog, { teamId, channelIds, ownUserId: userId, limit: RECENT }),
    onTheWay(catalog, viewer, ON_THE_WAY),
    inTrouble(catalog, viewer, IN_TROUBLE),
    isAdmin ? adminSummary(vault) : null,
  ]);
  return homeView({
    userId,
    now: vault.now(),
    stored,
    glance,
    recent,
    onTheWay: waiting,
    failures: trouble,
    mayDelete: (file) => isAdmin || file.uploaderId === userId,
    maxBytes: await limitsOf(vault, recent),
    commands: [...COMMANDS],
    admin: admin === null ? null : { ...admin, bucket: bucket.name, proof: bucket.capabilities.proof },
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
  const [health, depth, trash, troubles] = await Promise.all([
    vaultHealth(vault),
    queueDepth(catalog),
    trashTotal(catalog, identity.teamId),
    openTroubles(catalog, identity.teamId),
  ]);
  return {
    database: catalog.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL',
    health,
    waiting: depth.pending + depth.storing,
    failed: depth.failed,
    trash,
    troubles: troubles.map(({ trouble }) => trouble),
  };
}
