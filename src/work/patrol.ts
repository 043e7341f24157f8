import { backOff } from '../capture/back-off.ts';
import { type Chore, deferChore, memoOf } from '../catalog/watch/chores.ts';
import { failingReasons } from '../catalog/watch/failing.ts';
import { totalOf } from '../catalog/watch/findings.ts';
import {
  beginsMessage,
  clearTrouble,
  forgetTroubles,
  NOTHING_TOLD,
  openTroubles,
  raiseTrouble,
  type Told,
  tellTroubles,
  topicOf,
} from '../catalog/watch/troubles.ts';
import { errorCode } from '../errors.ts';
import { conversationsWithAdmins } from '../slack/admins.ts';
import { grantedScopes } from '../slack/identity.ts';
import { missingScopes } from '../slack/scopes.ts';
import type { Vault } from '../vault/context.ts';
import type { VerifyMemo } from './light-verify.ts';

/** How often the vault looks at itself; a few small queries. */
const PATROL_MS = 15_000;
const SCOPES_EVERY_MS = 60 * 60_000;
/** A channel that nobody brought the bot back to in this time was meant to go. */
const REMOVED_FOR_MS = 7 * 24 * 60 * 60_000;
/** What no admin has answered in this time needs no answer. */
const ASKED_FOR_MS = 30 * 24 * 60 * 60_000;

interface Memo extends Record<string, unknown> {
  told?: Told;
  scopesAt?: number;
}

/**
 * Looks whether something is wrong that an admin can mend, and tells the admins once: files that fail for long,
 * missing scopes, what the last comparison found. (That the bot was removed from a channel comes as an event.)
 */
export async function patrol(vault: Vault, owner: string, chore: Chore): Promise<void> {
  const { catalog, identity, log, now } = vault;
  const { teamId } = identity;
  const memo = chore.memo as Memo;
  const dueAt = now() + PATROL_MS;
  try {
    await lookForFailing(vault);
    const scopesAt = await lookForScopes(vault, memo.scopesAt ?? now());
    await lookAtVerify(vault);
    await forgetTroubles(catalog, teamId, 'removed', now() - REMOVED_FOR_MS);
    await forgetTroubles(catalog, teamId, 'renewed', now() - ASKED_FOR_MS);

    const told = memo.told ?? NOTHING_TOLD;
    const open = await openTroubles(catalog, teamId);
    const channelIds = beginsMessage(open, told, now()) ? await conversationsWithAdmins(vault) : [];
    const next = { name: chore.name, memo: { ...memo, scopesAt } };
    await tellTroubles(catalog, { teamId, owner, chore: next, told, channelIds, dueAt, now: now() });
    vault.poke();
  } catch (error) {
    log.warn({ code: errorCode(error), err: error }, 'the vault could not look after itself; trying again');
    // Ever more seldom: whom to tell may be asked of Slack each time.
    const wait = Math.max(PATROL_MS, backOff(chore.attempts + 4));
    await deferChore(catalog, chore.name, owner, now() + wait);
  }
}

async function lookForFailing({ catalog, identity: { teamId }, now }: Vault): Promise<void> {
  const reasons = await failingReasons(catalog, teamId, now());
  for (const { code, text, files, long } of reasons) {
    if (code !== null && long > 0)
      await raiseTrouble(catalog, teamId, { kind: 'failing', code, text, files }, now());
  }
  // What is being retried by hand may fail again: until then nothing is mended.
  if (reasons.some(({ code }) => code === null)) return;
  const failing = new Set(reasons.map(({ code }) => `failing ${code}`));
  for (const { trouble } of await openTroubles(catalog, teamId)) {
    const topic = topicOf(trouble);
    if (trouble.kind === 'failing' && !failing.has(topic)) await clearTrouble(catalog, teamId, topic, now());
  }
}

/** Once an hour: an app that was reinstalled with fewer scopes goes on running, and fails where it needs them. */
async function lookForScopes(vault: Vault, lookedAt: number): Promise<number> {
  const { catalog, identity, slack, now } = vault;
  if (now() - lookedAt < SCOPES_EVERY_MS) return lookedAt;
  const missing = missingScopes(await grantedScopes(slack));
  for (const scope of missing) await raiseTrouble(catalog, identity.teamId, { kind: 'scope', scope }, now());
  for (const { trouble } of await openTroubles(catalog, identity.teamId)) {
    if (trouble.kind === 'scope' && !missing.includes(trouble.scope))
      await clearTrouble(catalog, identity.teamId, topicOf(trouble), now());
  }
  return now();
}

async function lookAtVerify({ catalog, identity: { teamId }, now }: Vault): Promise<void> {
  const { last } = (await memoOf(catalog, 'verify')) as VerifyMemo;
  if (last === undefined) return;
  if (totalOf(last.counts) > 0)
    await raiseTrouble(catalog, teamId, { kind: 'verify', counts: last.counts }, now());
  else if ((await openTroubles(catalog, teamId)).some(({ trouble }) => trouble.kind === 'verify'))
    await clearTrouble(catalog, teamId, 'verify', now());
}
