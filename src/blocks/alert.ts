/** What is wrong with the vault, for people who can solve it: their message, App Home and `/vault status`. */
import type { KnownBlock } from '@slack/types';
import type { Alert, AlertRow } from '../catalog/alerts/alerts.ts';
import type { FindingCounts, FindingKind } from '../catalog/alerts/findings.ts';
import type { FileRow } from '../catalog/model.ts';
import { damagesInWords } from './drill.ts';
import { actions, button, context, firstOf, type Screen, section, sectionsOf } from './kit/elements.ts';
import { channel, code, moment, quietName } from './kit/mrkdwn.ts';
import { failureSentence, nextTry } from './state.ts';
import { common } from './text/wording.ts';
import { drills as drillWords } from './text/wording-drill.ts';
import { scanAlerts } from './text/wording-scan.ts';
import { findingWords, NEEDS_ADMIN, remedies, scopeWords, alerts as words } from './text/wording-status.ts';

const ALERTS = 15;

/** An alert and its remedy in one or two sentences of mrkdwn. */
export function alertSentence(alert: Alert): string {
  switch (alert.kind) {
    case 'failing':
      return words.failing(alert.files, failureReason(alert));
    case 'scope':
      return words.scope(code(alert.scope, 60), manifestWith(alert.scope));
    case 'removed':
      return words.removed(channel(alert.channelId));
    case 'unsaved':
      return words.unsaved(channel(alert.channelId), alert.mayJoin === true);
    case 'renewed':
      return words.renewed(quietName(alert.name ?? alert.from, 80), channel(alert.to));
    case 'verify':
      return words.verify(findingsInWords(alert.counts));
    case 'drill':
      return drillWords.alert(damagesInWords(alert.counts));
    case 'infected':
      return scanAlerts.infected(code(alert.signature, 80), alert.files);
    case 'scanner':
      return scannerSentence(alert);
  }
}

/** The manifest that asks for a scope: that for joining channels is in one of its own. */
function manifestWith(scope: string): string | undefined {
  return scope === 'channels:join' ? 'manifest.join.json' : undefined;
}

function scannerSentence({ problem, since }: Extract<Alert, { kind: 'scanner' }>): string {
  const when = since === null ? '' : moment(since);
  return problem === 'limits' ? scanAlerts.limits : scanAlerts[problem](when);
}

/** Why files fail, and what an admin can do about it. */
export function failureReason(reason: { code: string | null; text: string | null }): string {
  if (isScope(reason.code)) return scopeReason(reason.text);
  const sentence = failureSentence({ errorCode: reason.code, errorText: reason.text });
  const remedy = reason.code !== null && Object.hasOwn(remedies, reason.code) ? remedies[reason.code] : null;
  // For an admin, the remedy is more useful than "an admin is needed".
  return remedy ? `${sentence.replace(NEEDS_ADMIN, '')} ${remedy}` : sentence;
}

/** Slack names the scope that a call needed; see slack/api.ts. */
function scopeReason(text: string | null): string {
  const scope = /needs the scope ([a-z:._,-]{1,100})/.exec(text ?? '')?.[1];
  return scope === undefined ? scopeWords.someScope : words.scope(code(scope, 100));
}

/** After this many attempts, the vault's own check has told the admins; see catalog/alerts/failing.ts. */
const TOLD_AFTER = 6;

/**
 * Under a file that is tried again: why, and when. People who run the vault read what they can do; others read that the
 * admins have been told or will be. `now` is in ms.
 */
export function failureNote(file: FileRow, now: number, forAdmin: boolean): string {
  const { errorCode: code, errorText: text, dueAt, attempts } = file;
  const why = forAdmin ? failureReason({ code, text }) : forEverybody({ code, text }, attempts);
  return `:warning: ${why} ${nextTry(dueAt, now)}`.trimEnd();
}

function forEverybody(
  { code, text }: { code: string | null; text: string | null },
  attempts: number,
): string {
  const isForAdmins = needsAdmin(code);
  const sentence = isForAdmins
    ? failureSentence({ errorCode: code, errorText: isScope(code) ? scopeWords.everybody : text })
    : failureSentence({ errorCode: code, errorText: text });
  if (!isForAdmins && !sentence.includes(NEEDS_ADMIN)) return sentence;
  return sentence.replace(NEEDS_ADMIN, '') + (attempts >= TOLD_AFTER ? words.told : words.willBeTold);
}

/** Codes of problems that only the people who run the vault can solve. */
function needsAdmin(code: string | null): boolean {
  return code !== null && (isScope(code) || Object.hasOwn(remedies, code));
}

function isScope(code: string | null): boolean {
  return code === 'missing_scope' || code === 'not_allowed_token_type';
}

/** A sentence that says that an alert is over. */
function mendedSentence(alert: Alert): string {
  switch (alert.kind) {
    case 'failing': {
      const reason = failureSentence({ errorCode: alert.code, errorText: alert.text });
      return words.stored(reason.replace(NEEDS_ADMIN, ''));
    }
    case 'scope':
      return words.scopeBack(code(alert.scope, 60));
    case 'removed':
      return words.back(channel(alert.channelId));
    case 'unsaved':
      return words.savedNow(channel(alert.channelId));
    case 'renewed':
      return words.settled(quietName(alert.name ?? alert.from, 80));
    case 'verify':
      return words.agree;
    case 'drill':
      return drillWords.mended;
    case 'infected':
      return scanAlerts.infectedOver(code(alert.signature, 80));
    case 'scanner':
      return scanAlerts[`${alert.problem}Over`];
  }
}

/** For a channel that may have a new id: the button for an admin to say that it is the same channel. */
export function sameChannel(alert: Alert): KnownBlock[] {
  if (alert.kind !== 'renewed') return [];
  const name = quietName(alert.name ?? alert.from, 40);
  const value = `${alert.from} ${alert.to}`;
  return actions([
    button({ actionId: 'same_channel', text: words.same, label: words.sameLabel(name), value }),
  ]);
}

/** `2 missing, 1 unknown`. */
export function findingsInWords(counts: FindingCounts): string {
  const found = Object.entries(counts).filter(([, n]) => n > 0);
  return found.map(([kind, n]) => `${n} ${findingWords[kind as FindingKind]}`).join(', ');
}

/** Only of these it is true that nothing is lost and that the bot tries again by itself. */
const isTriedAgain = ({ alert }: AlertRow) => alert.kind === 'failing' || alert.kind === 'scope';

/** To the admins: what is wrong. It is edited when problems are solved, or new ones appear within the hour. */
export function alertMessage({ alerts }: { alerts: AlertRow[] }): Screen {
  const open = alerts.filter(({ clearedAt }) => clearedAt === null);
  if (alerts.length === 0) return { text: words.mendedText, blocks: [section(words.nothing)] };
  const { shown, more } = firstOf(alerts, ALERTS);
  const lines = shown.map(({ alert, clearedAt }) =>
    clearedAt === null
      ? words.line(alertSentence(alert))
      : words.mended(mendedSentence(alert), moment(clearedAt)),
  );
  const [first] = open;
  return {
    text: first === undefined ? words.mendedText : words.text(alertSentence(first.alert)),
    blocks: [
      section(open.length > 0 ? words.title(open.length) : words.titleMended),
      ...sectionsOf([...lines, ...(more > 0 ? [common.more(more)] : [])]),
      ...open.flatMap(({ alert }) => sameChannel(alert)).slice(0, ALERTS),
      context(open.length === 0 ? words.mendedHint : open.every(isTriedAgain) ? words.hintAgain : words.hint),
    ],
  };
}
