import { backOff } from '../../capture/back-off.ts';
import {
  beginsMessage,
  clearAlert,
  forgetAlerts,
  NOTHING_TOLD,
  openAlerts,
  raiseAlert,
  type Told,
  tellAlerts,
  topicOf,
} from '../../catalog/alerts/alerts.ts';
import { differences, lastDrill } from '../../catalog/alerts/drills.ts';
import { failingReasons } from '../../catalog/alerts/failing.ts';
import { totalOf, type VerifyMemo } from '../../catalog/alerts/findings.ts';
import {
  deferPeriodicJob,
  memoOf,
  type PeriodicJob,
  setUpPeriodicJob,
} from '../../catalog/alerts/periodic-jobs.ts';
import { errorCode } from '../../errors.ts';
import { conversationsWithAdmins } from '../../slack/admins.ts';
import { grantedScopes } from '../../slack/identity.ts';
import { missingScopes } from '../../slack/scopes.ts';
import { DAY_MS } from '../../time.ts';
import type { Vault } from '../../vault/context.ts';
import type { PeriodicWork } from './periodic-work.ts';

/** How often the vault looks at itself; a few small queries. */
const SELF_CHECK_MS = 15_000;
const SCOPES_EVERY_MS = 60 * 60_000;
/** If nobody brought the bot (back) to a channel in this time, that was intended. */
const REMOVED_FOR_MS = 7 * DAY_MS;
/** A question that no admin has answered in this time needs no answer. */
const ASKED_FOR_MS = 30 * DAY_MS;

export const ownCheck: PeriodicWork = {
  name: 'patrol',
  setUp: ({ catalog, now }) => setUpPeriodicJob(catalog, 'patrol', now()),
  work: selfCheck,
};

interface Memo extends Record<string, unknown> {
  told?: Told;
  scopesAt?: number;
}

/**
 * Looks for problems that an admin can solve, and tells the admins once: files that fail for long, missing scopes, what
 * the last comparison and the last restore drill found. (An event tells when the bot was removed from a channel.)
 */
async function selfCheck(vault: Vault, owner: string, periodicJob: PeriodicJob): Promise<void> {
  const { catalog, identity, log, now } = vault;
  const { teamId } = identity;
  const memo = periodicJob.memo as Memo;
  const dueAt = now() + SELF_CHECK_MS;
  try {
    await lookForFailing(vault);
    const scopesAt = await lookForScopes(vault, memo.scopesAt ?? now());
    await lookAtVerify(vault);
    await lookAtDrill(vault);
    await forgetAlerts(catalog, teamId, 'removed', now() - REMOVED_FOR_MS);
    await forgetAlerts(catalog, teamId, 'unsaved', now() - REMOVED_FOR_MS);
    await forgetAlerts(catalog, teamId, 'renewed', now() - ASKED_FOR_MS);

    const told = memo.told ?? NOTHING_TOLD;
    const open = await openAlerts(catalog, teamId);
    const channelIds = beginsMessage(open, told, now()) ? await conversationsWithAdmins(vault) : [];
    const next = { name: periodicJob.name, memo: { ...memo, scopesAt } };
    await tellAlerts(catalog, { teamId, owner, periodicJob: next, told, channelIds, dueAt, now: now() });
    vault.wake();
  } catch (error) {
    log.warn({ code: errorCode(error), err: error }, 'the vault could not look after itself; trying again');
    // With longer and longer waits: each try may ask Slack whom to tell.
    const wait = Math.max(SELF_CHECK_MS, backOff(periodicJob.attempts + 4));
    await deferPeriodicJob(catalog, periodicJob.name, owner, now() + wait);
  }
}

async function lookForFailing({ catalog, identity: { teamId }, now }: Vault): Promise<void> {
  const reasons = await failingReasons(catalog, teamId, now());
  for (const { code, text, files, long } of reasons) {
    if (code !== null && long > 0)
      await raiseAlert(catalog, teamId, { kind: 'failing', code, text, files }, now());
  }
  // Files that are being retried by hand may fail again: until then no alert is cleared.
  if (reasons.some(({ code }) => code === null)) return;
  const failing = new Set(reasons.map(({ code }) => `failing ${code}`));
  for (const { alert } of await openAlerts(catalog, teamId)) {
    const topic = topicOf(alert);
    if (alert.kind === 'failing' && !failing.has(topic)) await clearAlert(catalog, teamId, topic, now());
  }
}

/** Once an hour: an app that was reinstalled with fewer scopes keeps running, and fails where it needs them. */
async function lookForScopes(vault: Vault, lookedAt: number): Promise<number> {
  const { catalog, identity, policy, slack, now } = vault;
  if (now() - lookedAt < SCOPES_EVERY_MS) return lookedAt;
  const missing = missingScopes(await grantedScopes(slack), policy);
  for (const scope of missing) await raiseAlert(catalog, identity.teamId, { kind: 'scope', scope }, now());
  for (const { alert } of await openAlerts(catalog, identity.teamId)) {
    if (alert.kind === 'scope' && !missing.includes(alert.scope))
      await clearAlert(catalog, identity.teamId, topicOf(alert), now());
  }
  return now();
}

async function lookAtVerify({ catalog, identity: { teamId }, now }: Vault): Promise<void> {
  const { last } = (await memoOf(catalog, 'verify')) as VerifyMemo;
  if (last === undefined) return;
  if (totalOf(last.counts) > 0)
    await raiseAlert(catalog, teamId, { kind: 'verify', counts: last.counts }, now());
  else if ((await openAlerts(catalog, teamId)).some(({ alert }) => alert.kind === 'verify'))
    await clearAlert(catalog, teamId, 'verify', now());
}

async function lookAtDrill({ catalog, identity: { teamId }, now }: Vault): Promise<void> {
  const { last } = await lastDrill(catalog);
  if (last === undefined) return;
  if (differences(last) > 0) await raiseAlert(catalog, teamId, { kind: 'drill', counts: last.counts }, now());
  else if ((await openAlerts(catalog, teamId)).some(({ alert }) => alert.kind === 'drill'))
    await clearAlert(catalog, teamId, 'drill', now());
}
