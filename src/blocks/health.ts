import type { KnownBlock } from '@slack/types';
import type { DrillMemo } from '../catalog/alerts/drills.ts';
import type { VerifySummary } from '../catalog/alerts/findings.ts';
import type { Rebuilt } from '../catalog/memory.ts';
import { findingsInWords } from './alert.ts';
import { type CoverageInput, coverageInWords, notSavedBlocks } from './coverage.ts';
import { drillLines } from './drill.ts';
import { firstOf, section } from './kit/elements.ts';
import { channel, moment } from './kit/mrkdwn.ts';
import { sizeInWords } from './kit/size.ts';
import { common } from './text/wording.ts';
import { coverage as notSaved } from './text/wording-coverage.ts';
import { adminCard } from './text/wording-home.ts';
import { status as words } from './text/wording-status.ts';

const CHANNELS = 10;
/** So many channels have a line with *Join*; a window has the others. */
const UNCOVERED = 5;

/** Whether anything is missed or lost; for people who run the vault. */
export interface HealthInput {
  /** When the last sweep of all channels ended, and the channels that could not be read. */
  sweep: { lastAt: number | null; unreadable: string[] };
  /** The last comparison of catalog and bucket; null before the first. */
  verified: VerifySummary | null;
  verifyHours: number;
  /** The last restore drill, and one that could not be done since. */
  drill?: Pick<DrillMemo, 'last' | 'failed'>;
  drillDays?: number;
  /** The last rebuild of the catalog, while it is news; null or missing if there was none. */
  rebuilt?: Rebuilt | null;
  /** Channels that the bot is in. */
  covered: number;
  /** Which public channels are saved; null when Slack does not say. */
  channels: CoverageInput | null;
  /** Channels that the bot was in. */
  left: string[];
}

/** The last sweep, the last comparison and the coverage, one line each. */
export function healthLines(health: HealthInput): string[] {
  const { sweep, covered } = health;
  return [
    sweep.lastAt === null ? words.noSweep : words.sweep(moment(sweep.lastAt)),
    ...(sweep.unreadable.length > 0 ? [words.unreadable(channelList(sweep.unreadable))] : []),
    verifyLine(health),
    ...drillLines(health.drill ?? {}, health.drillDays ?? 0),
    ...rebuiltLine(health),
    words.covered(covered),
    ...coverage(health),
  ];
}

function verifyLine({ verified, verifyHours }: HealthInput): string {
  if (verified === null) return verifyHours === 0 ? words.verifyOff : words.notVerified;
  const { finishedAt, objects, bytes, counts } = verified;
  const outcome = findingsInWords(counts) || words.agree;
  return common.joined([words.verified(moment(finishedAt), objects, sizeInWords(bytes)), outcome]);
}

function rebuiltLine({ rebuilt }: HealthInput): string[] {
  if (!rebuilt) return [];
  const { at, byItself, files, bytes, lost, damaged } = rebuilt;
  const outcome = lost + damaged === 0 ? words.rebuiltWhole : words.rebuiltLost(lost, damaged);
  return [common.joined([words.rebuilt(moment(at), files, sizeInWords(bytes), byItself), outcome])];
}

function coverage({ channels, left }: HealthInput): string[] {
  return [
    channels === null ? words.coverageUnknown : common.joined([coverageInWords(channels), adminCard.private]),
    ...(left.length > 0 ? [words.left(channelList(left))] : []),
  ];
}

/** Public channels that are not saved, with the ways to join them. */
export function uncoveredBlocks({ channels }: HealthInput): KnownBlock[] {
  if (channels === null || channels.notSaved.length === 0) return [];
  return [section(notSaved.notSaved), ...notSavedBlocks(channels, UNCOVERED, 'list')];
}

function channelList(ids: string[], total = ids.length): string {
  const { shown } = firstOf(ids, CHANNELS);
  const more = total - shown.length;
  return [...shown.map(channel), ...(more > 0 ? [common.more(more)] : [])].join(', ');
}
