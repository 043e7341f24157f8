import type { KnownBlock } from '@slack/types';
import type { Alert } from '../catalog/alerts/alerts.ts';
import { alertSentence } from './alert.ts';
import { coverageInWords, notSavedBlocks } from './coverage.ts';
import { actions, button, context, firstOf, section } from './kit/elements.ts';
import { moment } from './kit/mrkdwn.ts';
import { sizeInWords } from './kit/size.ts';
import { common } from './text/wording.ts';
import { coverage as coverageWords } from './text/wording-coverage.ts';
import { adminCard as words } from './text/wording-home.ts';
import { alerts as alertWords, status } from './text/wording-status.ts';

const ALERTS = 5;
/** So many channels have a line; a window has the others. */
const UNCOVERED = 3;

/** How the vault stands, for people who run it. */
export interface AdminSummary {
  /** Public channels, all of them (null when Slack has not said it) and those that are saved. */
  channels: {
    saved: number;
    total: number | null;
    atLeast: boolean;
    since: number | null;
    /** The largest that are not saved. */
    others?: readonly string[];
    /** So many would be joined by *Join all*. */
    joinable?: number;
    mayJoin?: boolean;
  };
  /** Current problems. */
  alerts: Alert[];
  waiting: number;
  failed: number;
  trash: { files: number; bytes: number };
}

/** The channels that the card shows with *Join*. */
export function joinable({ channels }: AdminSummary): readonly string[] {
  return channels.mayJoin ? (channels.others ?? []).slice(0, UNCOVERED) : [];
}

/** The problems, a line each. */
export function troubleLines({ alerts }: AdminSummary): string[] {
  const { shown, more } = firstOf(alerts, ALERTS);
  const lines = shown.map((alert) => alertWords.line(alertSentence(alert)));
  return more > 0 ? [...lines, common.more(more)] : lines;
}

/** Whether all is well, which channels are saved, and the four ways on. `besides` counts other warnings above it. */
export function adminCard(admin: AdminSummary, { besides }: { besides: number }): KnownBlock[] {
  const { alerts, waiting, failed, trash } = admin;
  const isTold = alerts.some(({ kind }) => kind === 'failing');
  const things = alerts.length + besides + Number(failed > 0 && !isTold);
  const coverage = coverageFacts(admin);
  const facts = common.joined([
    words.work(waiting, failed),
    ...(trash.files > 0 ? [words.trash(trash.files, sizeInWords(trash.bytes))] : []),
  ]);
  const { others = [], joinable = 0, mayJoin = false } = admin.channels;
  const notSaved = {
    ...admin.channels,
    joinable,
    mayJoin,
    notSaved: others.map((channelId) => ({ channelId })),
  };
  return [
    section(things === 0 ? words.allWell(coverage) : words.needsHand(things, coverage)),
    ...(facts === '' ? [] : [context(facts)]),
    ...(others.length === 0 ? [] : [section(coverageWords.notSaved)]),
    ...notSavedBlocks(notSaved, UNCOVERED, 'list'),
    ...actions([
      button({ actionId: 'home_audit', text: words.audit, label: words.auditLabel, value: 'audit' }),
      button({ actionId: 'home_holds', text: words.holds, label: words.holdsLabel, value: 'holds' }),
      button({ actionId: 'retry_all', text: status.retryAll, label: status.retryAllLabel, value: 'all' }),
      button({ actionId: 'home_settings', text: words.settings, label: words.settingsLabel, value: 'all' }),
    ]),
  ];
}

function coverageFacts({ channels }: AdminSummary): string {
  const { since } = channels;
  return common.joined([
    coverageInWords(channels),
    ...(since === null ? [] : [words.since(moment(since))]),
    words.private,
  ]);
}
