import type { KnownBlock } from '@slack/types';
import type { FailingReason } from '../catalog/failing.ts';
import type { VerifySummary } from '../catalog/findings.ts';
import type { FileRow, Proof } from '../catalog/model.ts';
import type { Trouble } from '../catalog/troubles.ts';
import { actions, button, context, divider, firstOf, type Screen, section, sectionsOf } from './elements.ts';
import { bytesOf, nameOf } from './file-line.ts';
import { type Counted, failedFile } from './home.ts';
import { nameLength } from './limits.ts';
import { boldName, channel, code, moment } from './mrkdwn.ts';
import { sizeInWords } from './size.ts';
import { failureReason, findingsInWords, troubleSentence } from './trouble.ts';
import { common, home } from './wording.ts';
import { troubles as troubleWords, status as words } from './wording-status.ts';

const ON_THE_WAY = 5;
const FAILURES = 10;
const REASONS = 10;
const CHANNELS = 10;
const TROUBLES = 10;

/** How the whole vault is doing, for those who run it. */
export interface AdminStatus {
  version: string;
  bucket: string;
  proof: Proof;
  /** `SQLite` or `PostgreSQL`. */
  database: string;
  queue: { pending: number; storing: number; failed: number };
  reasons: FailingReason[];
  /** When the last sweep of all channels ended, and the channels that could not be read. */
  sweep: { lastAt: number | null; unreadable: string[] };
  /** The last comparison of catalog and bucket; null before the first. */
  verified: VerifySummary | null;
  verifyHours: number;
  /** Channels that the bot is in. */
  covered: number;
  /** Public channels that it is not in, the largest first; null when Slack does not say. */
  uncovered: { channelIds: string[]; total: number; atLeast: boolean } | null;
  /** Channels that it was in. */
  left: string[];
  troubles: Trouble[];
}

export interface StatusInput {
  /** Milliseconds since 1970. */
  now: number;
  /** Only what this person may know of. */
  onTheWay: Counted<FileRow>;
  failures: Counted<FileRow>;
  admin: AdminStatus | null;
}

/** `/vault status`. */
export function statusScreen({ now, onTheWay, failures, admin }: StatusInput): Screen {
  const quiet = onTheWay.total + failures.total === 0;
  return {
    text: words.text(onTheWay.total, failures.total),
    blocks: [
      section(words.title),
      ...(quiet ? [section(words.upToDate)] : []),
      ...waiting(onTheWay),
      ...failed(failures, now),
      ...(admin ? adminBlocks(admin) : []),
    ],
  };
}

function waiting({ files, total }: Counted<FileRow>): KnownBlock[] {
  if (total === 0) return [];
  const { shown } = firstOf(files, ON_THE_WAY);
  const lines = shown.map((file) => {
    const facts = [sizeInWords(bytesOf(file)), home.inChannel(channel(file.channelId))];
    return words.line(boldName(nameOf(file), nameLength.line), common.joined(facts));
  });
  return [...sectionsOf([words.onTheWay(total), ...lines]), ...rest(total - shown.length)];
}

function failed({ files, total }: Counted<FileRow>, now: number): KnownBlock[] {
  if (total === 0) return [];
  const { shown } = firstOf(files, FAILURES);
  return [
    section(words.failures(total)),
    ...shown.map((file) => failedFile(file, now)),
    ...rest(total - shown.length),
  ];
}

function adminBlocks(admin: AdminStatus): KnownBlock[] {
  const { queue, reasons, sweep, troubles } = admin;
  const work = [words.queue(queue.pending, queue.storing, queue.failed), ...reasonLines(reasons)];
  const retry = button({
    actionId: 'retry_all',
    text: words.retryAll,
    label: words.retryAllLabel,
    value: 'all',
  });
  const open = firstOf(troubles, TROUBLES);
  return [
    divider(),
    ...sectionsOf([words.admin, ...work]),
    ...actions(queue.failed > 0 || reasons.length > 0 ? [retry] : []),
    ...(troubles.length > 0
      ? sectionsOf([
          ...open.shown.map((trouble) => troubleWords.line(troubleSentence(trouble))),
          ...(open.more > 0 ? [common.more(open.more)] : []),
        ])
      : []),
    ...sectionsOf([
      sweep.lastAt === null ? words.noSweep : words.sweep(moment(sweep.lastAt)),
      ...(sweep.unreadable.length > 0 ? [words.unreadable(channelList(sweep.unreadable))] : []),
      verifyLine(admin),
      words.covered(admin.covered),
      ...coverage(admin),
    ]),
    context(
      words.facts(
        code(admin.version, 30),
        admin.database,
        code(admin.bucket, 80),
        home.adminChecks[admin.proof],
      ),
    ),
  ];
}

function reasonLines(reasons: FailingReason[]): string[] {
  const { shown, more } = firstOf(reasons, REASONS);
  const lines = shown.map(({ code: errorCode, text, files }) =>
    words.reason(files, errorCode === null ? words.retried : failureReason({ code: errorCode, text })),
  );
  return more > 0 ? [...lines, common.more(more)] : lines;
}

function verifyLine({ verified, verifyHours }: AdminStatus): string {
  if (verified === null) return verifyHours === 0 ? words.verifyOff : words.notVerified;
  const { finishedAt, objects, bytes, counts } = verified;
  const outcome = findingsInWords(counts) || words.agree;
  return common.joined([words.verified(moment(finishedAt), objects, sizeInWords(bytes)), outcome]);
}

function coverage({ uncovered, left }: AdminStatus): string[] {
  const lines: string[] = [];
  if (uncovered === null) lines.push(words.coverageUnknown);
  else if (uncovered.total > 0)
    lines.push(
      words.uncovered(uncovered.total, uncovered.atLeast, channelList(uncovered.channelIds, uncovered.total)),
    );
  if (left.length > 0) lines.push(words.left(channelList(left)));
  return lines;
}

function channelList(ids: string[], total = ids.length): string {
  const { shown } = firstOf(ids, CHANNELS);
  const more = total - shown.length;
  return [...shown.map(channel), ...(more > 0 ? [common.more(more)] : [])].join(', ');
}

function rest(more: number): KnownBlock[] {
  return more > 0 ? [context(common.more(more))] : [];
}
