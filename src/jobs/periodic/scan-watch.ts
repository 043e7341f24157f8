import { backOff } from '../../capture/back-off.ts';
import { type Alert, clearAlert, openAlerts, raiseAlert, topicOf } from '../../catalog/alerts/alerts.ts';
import {
  deferPeriodicJob,
  type PeriodicJob,
  periodicJobDone,
  setUpPeriodicJob,
} from '../../catalog/alerts/periodic-jobs.ts';
import { foundMalware, hasInfected } from '../../catalog/scan/counts.ts';
import { tellUploader, untold } from '../../catalog/scan/telling.ts';
import { countDue, markUnseen, type ScanWalk, wantAgain } from '../../catalog/scan/walk.ts';
import { errorCode } from '../../errors.ts';
import type { ScannerVersion } from '../../scan/answers.ts';
import type { Scanner, ScannerFacts } from '../../scan/scanner.ts';
import { SlackApiError } from '../../slack/api-error.ts';
import { DAY_MS, HOUR_MS } from '../../time.ts';
import type { Vault } from '../../vault/context.ts';
import { WAITED_MS } from '../../vault/scan/gate.ts';
import { areMixed } from '../../vault/scan/others.ts';
import type { PeriodicWork } from './periodic-work.ts';

const EVERY_MS = 60_000;
/** While the walk through old files goes on. */
const WALK_MS = 2_000;
/** The walk rests while so many files are due: what is shared meanwhile never waits for more of them than this. */
const ENOUGH_DUE = 100;
/** Pages of the walk in one go. */
const PAGES = 20;
/** The walk is done again after this time: some ways of storing a file do not mark it. */
const WALK_AGAIN_MS = 7 * DAY_MS;
/** Rows that are made due again in one go. */
const AGAIN_AT_ONCE = 1_000;
/** ClamAV's signatures come every day. Source: docs.clamav.net/faq/faq-freshclam.html. */
const OLD_MS = 7 * DAY_MS;
/** While bots are exchanged, old and new ones run side by side for a moment. */
const MIXED_MS = 10 * 60_000;
/** Without any scanner, only what was found before is looked after. */
const IDLE_MS = HOUR_MS;
/** Bots with a clamd each get the same signatures within hours. Older ones count only if nobody has had newer ones for so long. */
const NEWER_MS = DAY_MS;
const TELL_AT_ONCE = 20;

interface Memo extends Record<string, unknown> {
  /** The signatures whose rescan has been ordered: the scanner's version line, their number, and when (ms). */
  version?: string;
  number?: number;
  orderedAt?: number;
  /** Since when the bots have had different settings (ms). */
  mixedSince?: number | null;
  /** There may be more to make due for these signatures. */
  ordering?: boolean;
  walk?: ScanWalk | null;
  walkedAt?: number;
}

/** Looks after the malware scanner, and says what is to be scanned that nobody has marked. */
export const scanWatch: PeriodicWork = {
  name: 'scan',
  async setUp({ catalog, scan, now }) {
    // A bot without a scanner never switches off what others have ordered.
    const isWanted = (scan?.scanner ?? null) !== null || (await hasInfected(catalog));
    if (isWanted) await setUpPeriodicJob(catalog, 'scan', now(), now());
  },
  work: watch,
};

async function watch(vault: Vault, owner: string, periodicJob: PeriodicJob): Promise<void> {
  const { catalog, scan, log, now } = vault;
  try {
    let memo = periodicJob.memo as Memo;
    const scanner = scan?.scanner ?? null;
    if (scanner !== null) {
      await scanner.isThere();
      memo = await orderAgain(vault, scanner, memo);
      memo = await walkOn(vault, memo);
    }
    const isMixed = scan !== undefined && areMixed(scan);
    memo = { ...memo, mixedSince: isMixed ? (memo.mixedSince ?? now()) : null };
    await tellUploaders(vault);
    await alertOn(vault, [...scannerAlerts(scanner?.facts(), now()), ...mixedAlert(memo, now())]);
    const isIdle = scanner === null && !(await hasInfected(catalog));
    const dueAt = now() + (isIdle ? IDLE_MS : memo.walk || memo.ordering ? WALK_MS : EVERY_MS);
    await periodicJobDone(catalog, periodicJob.name, owner, { memo, dueAt });
    vault.wake();
  } catch (error) {
    log.warn({ code: errorCode(error), err: error }, 'the vault could not look after the malware scanner');
    await deferPeriodicJob(catalog, periodicJob.name, owner, now() + backOff(periodicJob.attempts + 4));
  }
}

/**
 * With other signatures, what was stored lately is scanned again, and so is everything in which something was found: it
 * may have been a false alarm. Signatures of one's own have no number, so with them alone each day counts as new.
 */
async function orderAgain({ catalog, policy, now }: Vault, scanner: Scanner, memo: Memo): Promise<Memo> {
  const { version } = scanner.facts();
  if (version === null) return memo;
  const isNumbered = version.signatures !== null;
  const key = isNumbered ? version.text : `${version.text} ${Math.floor(now() / DAY_MS)}`;
  if (memo.version === key || isOlder(version, memo, now())) return memo;
  const storedAfter = now() - (policy.scan?.againDays ?? 0) * DAY_MS;
  const scannedBefore = isNumbered ? now() : Math.floor(now() / DAY_MS) * DAY_MS;
  const o = { version: isNumbered ? version.text : '', storedAfter, scannedBefore, now: now() };
  const n = await wantAgain(catalog, { ...o, limit: AGAIN_AT_ONCE });
  if (n > 0) return { ...memo, ordering: true };
  const number = Number(version.signatures ?? 0);
  return { ...memo, version: key, number, orderedAt: now(), ordering: false };
}

/** Two bots, each with a clamd of its own, do not order again and again what the other one's signatures have done. */
function isOlder({ text, signatures }: ScannerVersion, memo: Memo, now: number): boolean {
  if (signatures === null || memo.number === undefined || now - (memo.orderedAt ?? 0) >= NEWER_MS)
    return false;
  const number = Number(signatures);
  // The same signatures of another engine: one of the two orders, always the same one.
  return number < memo.number || (number === memo.number && text < (memo.version ?? ''));
}

/** Goes on through what was stored before the scanner came, newest first. */
async function walkOn({ catalog, identity, now }: Vault, memo: Memo): Promise<Memo> {
  const isTime = memo.walkedAt === undefined || now() - memo.walkedAt >= WALK_AGAIN_MS;
  let walk = memo.walk ?? (isTime ? ({ of: 'file', before: Number.MAX_SAFE_INTEGER } as ScanWalk) : null);
  if (walk === null) return memo;
  let room = ENOUGH_DUE - (await countDue(catalog, ENOUGH_DUE));
  for (let page = 0; walk !== null && room > 0 && page < PAGES; page++) {
    const { next, marked } = await markUnseen(catalog, walk, {
      teamId: identity.teamId,
      due: room,
      now: now(),
    });
    walk = next;
    room -= marked;
  }
  return walk === null ? { ...memo, walk, walkedAt: now() } : { ...memo, walk };
}

/** Each uploader once for each file. Whoever cannot be told (a bot, a guest of another workspace) is left out. */
async function tellUploaders(vault: Vault): Promise<void> {
  const { catalog, identity, now } = vault;
  const channels = new Map<string | null, string | null | undefined>([[null, null]]);
  for (const one of await untold(catalog, identity.teamId, TELL_AT_ONCE)) {
    const { uploaderId: user } = one;
    if (user !== null && !channels.has(user)) channels.set(user, await conversationWith(vault, user));
    const channelId = channels.get(user);
    if (channelId !== undefined) await tellUploader(catalog, identity.teamId, one, { channelId, now: now() });
  }
}

/** The direct conversation with this person; null if there can be none, undefined if Slack does not say it now. */
async function conversationWith({ slack, log }: Vault, user: string): Promise<string | null | undefined> {
  try {
    const { channel } = await slack.call<{ channel: { id: string } }>('conversations.open', { users: user });
    return channel.id;
  } catch (error) {
    const isFinal = error instanceof SlackApiError && error.permanent;
    log.warn({ code: errorCode(error), user, isFinal }, 'an uploader cannot be told of malware in a file');
    return isFinal ? null : undefined;
  }
}

/** Tells admins what was found, and what is wrong with the scanner; and when it is over. */
async function alertOn({ catalog, identity, now }: Vault, others: readonly Alert[]): Promise<void> {
  const { teamId } = identity;
  const found = (await foundMalware(catalog, teamId)).map((one) => ({ kind: 'infected', ...one }) as const);
  const wrong: Alert[] = [...found, ...others];
  for (const alert of wrong) await raiseAlert(catalog, teamId, alert, now());
  const still = new Set(wrong.map(topicOf));
  for (const { alert } of await openAlerts(catalog, teamId)) {
    const isOurs = alert.kind === 'infected' || alert.kind === 'scanner';
    if (isOurs && !still.has(topicOf(alert))) await clearAlert(catalog, teamId, topicOf(alert), now());
  }
}

function scannerAlerts(facts: ScannerFacts | undefined, now: number): Alert[] {
  if (facts === undefined) return [];
  const { awaySince, tellsLimits, version } = facts;
  const madeAt = version?.signaturesAt ?? null;
  const isAway = awaySince !== null && now - awaySince >= WAITED_MS;
  return [
    ...(isAway ? [{ kind: 'scanner', problem: 'away', since: awaySince } as const] : []),
    ...(madeAt !== null && now - madeAt >= OLD_MS
      ? [{ kind: 'scanner', problem: 'old', since: madeAt } as const]
      : []),
    ...(tellsLimits === false ? [{ kind: 'scanner', problem: 'limits', since: null } as const] : []),
  ];
}

function mixedAlert({ mixedSince = null }: Memo, now: number): Alert[] {
  if (mixedSince === null || now - mixedSince < MIXED_MS) return [];
  return [{ kind: 'scanner', problem: 'mixed', since: mixedSince }];
}
