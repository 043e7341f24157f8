import type { ArchiveProblem } from './archive.ts';
import type { Recorded } from './record.ts';
import type { Conversation } from './source.ts';
import type { Stored } from './store.ts';

/** What an import did, or with `--dry-run` would find. Counts are files, each once for the archive. */
export interface ImportReport {
  archive: string;
  teamId: string;
  dryRun: boolean;
  conversations: number;
  /** Shares: a file that was shared in three places counts three times. */
  shares: number;
  files: number;
  /** New to the catalog. */
  recorded: number;
  already: number;
  stored: number;
  storedBytes: number;
  /** Still to be fetched by a running bot. */
  waits: number;
  /** Bytes of files that are not in the vault yet and can be had, as Slack said; only in a dry run. */
  bytesToCome: number;
  notHad: Record<string, number>;
  byKind: Record<string, number>;
  byChannel: Record<string, number>;
  /** Channels with files; from the first that is not counted by name on, each time that it is met. */
  channels: number;
  /** What is wrong in the archive, and examples of where. */
  problems: Record<string, { count: number; examples: string[] }>;
}

/** At most this many examples of a problem are named. */
const EXAMPLES = 5;
/** So many channels are counted by name, so that the report stays small. */
const CHANNELS = 10_000;
const OTHERS = '(all other channels)';
const UNKNOWN = '(not said where)';

/** A channel may be called like a part of every object: so these have none. */
const counts = (): Record<string, never> => Object.create(null);

export function newReport(archive: string, teamId: string, dryRun: boolean): ImportReport {
  return {
    ...{ archive, teamId, dryRun, conversations: 0, shares: 0, files: 0, recorded: 0, already: 0, stored: 0 },
    ...{ storedBytes: 0, waits: 0, bytesToCome: 0, channels: 0 },
    ...{ notHad: counts(), byKind: counts(), byChannel: counts(), problems: counts() },
  };
}

export function addProblem(report: ImportReport, { path, code }: ArchiveProblem): void {
  const known = report.problems[code] ?? { count: 0, examples: [] };
  known.count += 1;
  if (known.examples.length < EXAMPLES) known.examples.push(path.slice(0, 200));
  report.problems[code] = known;
}

/** Counts a file the first time that the archive shows it. */
export function addFile(report: ImportReport, { kind, conversation, isNew }: Recorded): void {
  report.files += 1;
  if (isNew) report.recorded += 1;
  count(report.byKind, kind);
  const channel = called(conversation);
  const isNewChannel = !(channel in report.byChannel);
  if (isNewChannel) report.channels += 1;
  count(report.byChannel, isNewChannel && report.channels > CHANNELS ? OTHERS : channel);
}

function called({ kind, name, channelId, isUnknown }: Conversation): string {
  if (isUnknown) return UNKNOWN;
  return kind === 'im' ? `direct message ${channelId}` : (name ?? channelId);
}

export function addStored(report: ImportReport, fileId: string, stored: Stored): void {
  if (stored.what === 'stored') {
    report.stored += 1;
    report.storedBytes += stored.bytes;
  } else if (stored.what === 'not_had') count(report.notHad, stored.reason);
  else if (stored.what !== 'busy') report[stored.what] += 1;
  if ('wrong' in stored) addProblem(report, { path: fileId, code: 'damaged' });
}

/** Takes back what was counted for a file, because more became known of it. */
export function takeBack(report: ImportReport, stored: Stored): void {
  if (stored.what === 'waits') report.waits -= 1;
  if (stored.what !== 'not_had') return;
  count(report.notHad, stored.reason, -1);
  if (report.notHad[stored.reason] === 0) delete report.notHad[stored.reason];
}

function count(all: Record<string, number>, name: string, by = 1): void {
  all[name] = (all[name] ?? 0) + by;
}

/** Reasons that are nobody's loss: there are no bytes, or the owner does not want them. */
const NO_LOSS = new Set(['external', 'excluded_type', 'too_large', 'capture_off', 'no_content', 'other_org']);

/** Whether everything that was wanted could be had. What waits is not lost: a running bot fetches it, and the report says how much. */
export function isWhole({ notHad, problems }: ImportReport): boolean {
  return Object.keys(notHad).every((reason) => NO_LOSS.has(reason)) && Object.keys(problems).length === 0;
}
