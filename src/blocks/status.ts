import type { KnownBlock } from '@slack/types';
import type { Alert } from '../catalog/alerts/alerts.ts';
import type { FailingReason } from '../catalog/alerts/failing.ts';
import type { FileRow, Proof } from '../catalog/model.ts';
import { nameOf } from '../text/file-name.ts';
import { lackInWords, type ReadingLack } from '../text/reading-lacks.ts';
import { readingReasons } from '../text/reading-reasons.ts';
import { alertSentence, failureReason, sameChannel } from './alert.ts';
import { bytesOf } from './file-line.ts';
import { type HealthInput, healthLines, uncoveredBlocks } from './health.ts';
import { type Counted, failedFile, type Reader } from './home.ts';
import {
  actions,
  button,
  context,
  divider,
  firstOf,
  type Screen,
  section,
  sectionsOf,
} from './kit/elements.ts';
import { limits, nameLength } from './kit/limits.ts';
import { boldName, code, moment } from './kit/mrkdwn.ts';
import { channelNamed, type Named, NO_NAMES } from './kit/names.ts';
import { sizeInWords } from './kit/size.ts';
import { type NotKept, notKeptGroup } from './not-kept.ts';
import { type ScanHealthInput, scanHealthBlocks } from './scan.ts';
import { common, home } from './text/wording.ts';
import { alerts as alertWords, status as words } from './text/wording-status.ts';

const ON_THE_WAY = 5;
/** So many files that failed, and so many infected ones, have a row at most. */
const ROWS = 10;
const REASONS = 10;
const ALERTS = 10;

/** The state of the whole vault, for people who run it. */
export interface AdminStatus extends HealthInput {
  version: string;
  bucket: string;
  /** Null while the bucket has not answered since the start. */
  proof: Proof | null;
  /** `SQLite` or `PostgreSQL`. */
  database: string;
  /** Searches by text read all names: the database lacks pg_trgm. */
  slowSearch?: boolean;
  /** The schemas that the running bots know, the oldest first; null for a version that does not say it. */
  schemas?: ReadonlyArray<string | null>;
  queue: { pending: number; storing: number; failed: number };
  reasons: FailingReason[];
  alerts: Alert[];
  /** The malware scanner; null if nothing is scanned here. */
  scan?: ScanHealthInput | null;
  /** How far the vault is with reading what is in files; null if it does not. */
  reading?: {
    waiting: number;
    older?: number;
    unread: { reason: string; files: number }[];
    /** What the bot's machine lacks to read. */
    lacks?: ReadingLack[];
  } | null;
}

export interface StatusInput {
  /** Milliseconds since 1970. */
  now: number;
  /** Only what this person may know. */
  onTheWay: Counted<FileRow>;
  /** Files that are tried again until it works. */
  failures: Counted<FileRow>;
  /** Files that are not kept, and why. */
  notKept?: NotKept;
  /** Files that are outside Slack. */
  links?: { total: number; atLeast?: boolean };
  /** False if files not listed here are not kept either: their channel is off, or Slack deleted them first. */
  isWhole?: boolean;
  /** Since when the bucket has been away, if it has not answered since the start. */
  bucketAwaySince?: number | null;
  admin: AdminStatus | null;
  names?: Named;
}

/** `/vault status`. Where much is wrong, fewer files have a row of their own, so that the message holds all the rest. */
export function statusScreen(input: StatusInput): Screen {
  for (let rows = ROWS; ; rows--) {
    const screen = withRows(input, rows);
    if (screen.blocks.length <= limits.messageBlocks || rows === 0) return screen;
  }
}

function withRows(input: StatusInput, rows: number): Screen {
  const { now, onTheWay, failures, notKept = { files: [], total: 0 }, links = { total: 0 }, admin } = input;
  const { isWhole = true, bucketAwaySince = null, names = NO_NAMES } = input;
  const atWork = onTheWay.total + failures.total;
  const leftOut = notKept.total + links.total;
  const forAdmin = admin !== null;
  return {
    text: isWhole || atWork + leftOut > 0 ? words.text(onTheWay.total, failures.total, leftOut) : words.quiet,
    blocks: [
      section(words.title),
      ...(bucketAwaySince === null ? [] : [section(words.bucketAway(moment(bucketAwaySince)))]),
      // Only if it is true for everything that was shared.
      ...(atWork > 0 ? [] : [section(leftOut === 0 && isWhole ? words.upToDate : words.nothingWaits)]),
      ...waiting(onTheWay, names),
      ...failed(failures, { now, forAdmin, names }, rows),
      ...notKeptGroup({ notKept, links, forAdmin, names }),
      ...(admin ? adminBlocks(admin, rows) : []),
    ],
  };
}

function waiting({ files, total }: Counted<FileRow>, names: Named): KnownBlock[] {
  if (total === 0) return [];
  const { shown } = firstOf(files, ON_THE_WAY);
  const lines = shown.map((file) => {
    const facts = [sizeInWords(bytesOf(file)), channelNamed(file.channelId, names)];
    return words.line(boldName(nameOf(file), nameLength.line), common.joined(facts));
  });
  return [...sectionsOf([words.onTheWay(total), ...lines]), ...rest(total - shown.length)];
}

function failed({ files, total }: Counted<FileRow>, reader: Reader, rows: number): KnownBlock[] {
  if (total === 0) return [];
  const { shown } = firstOf(files, rows);
  return [
    section(words.failures(total)),
    ...shown.map((file) => failedFile(file, reader)),
    ...rest(total - shown.length),
  ];
}

function adminBlocks(admin: AdminStatus, rows: number): KnownBlock[] {
  const { queue, reasons, alerts } = admin;
  const work = [
    words.queue(queue.pending, queue.storing, queue.failed),
    ...reasonLines(reasons),
    ...readingLines(admin),
  ];
  const retry = button({
    actionId: 'retry_all',
    text: words.retryAll,
    label: words.retryAllLabel,
    value: 'all',
  });
  const check = button({
    actionId: 'check_everything',
    text: words.checkAll,
    label: words.checkAllLabel,
    value: 'all',
  });
  const open = firstOf(alerts, ALERTS);
  return [
    divider(),
    ...sectionsOf([words.admin, ...work]),
    ...actions([...(queue.failed > 0 || reasons.length > 0 ? [retry] : []), check]),
    ...(alerts.length > 0
      ? sectionsOf([
          ...open.shown.map((alert) => alertWords.line(alertSentence(alert))),
          ...(open.more > 0 ? [common.more(open.more)] : []),
        ])
      : []),
    ...open.shown.flatMap(sameChannel),
    ...(admin.scan ? scanHealthBlocks(admin.scan, rows) : []),
    ...sectionsOf([...databaseLines(admin), ...healthLines(admin)]),
    ...uncoveredBlocks(admin),
    context(
      words.facts(
        code(admin.version, 30),
        admin.database,
        code(admin.bucket, 80),
        admin.proof === null ? home.adminUnchecked : home.adminChecks[admin.proof],
      ),
    ),
  ];
}

function databaseLines({ slowSearch = false, schemas = [] }: AdminStatus): string[] {
  const names = schemas.map((name) => (name === null ? words.olderSchema : code(name, 60)));
  return [
    ...(schemas.length > 1 ? [words.schemas(names.join(', '))] : []),
    ...(slowSearch ? [words.slowSearch] : []),
  ];
}

function reasonLines(reasons: FailingReason[]): string[] {
  const { shown, more } = firstOf(reasons, REASONS);
  const lines = shown.map(({ code: errorCode, text, files }) =>
    words.reason(files, errorCode === null ? words.retried : failureReason({ code: errorCode, text })),
  );
  return more > 0 ? [...lines, common.more(more)] : lines;
}

function readingLines({ reading = null }: AdminStatus): string[] {
  if (reading === null) return [];
  const { waiting: left, older = 0, unread, lacks = [] } = reading;
  return [
    ...lacks.map((lack) => words.lack(lackInWords(lack))),
    ...(left > 0 ? [words.toRead(left, older)] : []),
    ...unread.map(({ reason, files }) => words.unread(files, readingReasons[reason] ?? reason)),
  ];
}

function rest(more: number): KnownBlock[] {
  return more > 0 ? [context(common.more(more))] : [];
}
