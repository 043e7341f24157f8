import type { Backfill, BackfillFiles } from '../catalog/sweep/backfills.ts';
import { actions, button, context, type Screen, section } from './kit/elements.ts';
import { channel, code, day, type Names, plainPerson } from './kit/mrkdwn.ts';
import { common } from './text/wording.ts';
import { backfill as words } from './text/wording-backfill.ts';
import { sumsByWord } from './text/wording-unkept.ts';

export interface BackfillInput {
  backfill: Backfill;
  files: BackfillFiles;
  /** The plain names of those who started and stopped it. */
  names?: Names;
  /** Milliseconds since 1970. */
  now: number;
}

/** The progress of a backfill, with Stop while it walks; in the end the same message is its summary. */
export function backfillProgress({ backfill, files, names = new Map(), now }: BackfillInput): Screen {
  const title = titleOf(backfill, names);
  const sums = sumsOf(backfill, files);
  return {
    text: `${title} · ${words.found(foundBy(backfill, files))}`,
    blocks: [
      section(`${title}\n${sums}`),
      context(
        common.joined([...factsOf(backfill, now), words.startedBy(plainPerson(backfill.requestedBy, names))]),
      ),
      ...(backfill.state === 'walking'
        ? actions([button({ actionId: 'backfill_stop', text: words.stop, label: words.stopLabel })])
        : []),
    ],
  };
}

/** To the person who starts a backfill: it began, or the progress of the one that is already running. */
export function backfillBegun(
  o: { isNew: true; channelId: string } | ({ isNew: false } & BackfillInput),
): Screen {
  return o.isNew ? backfillStarted(o) : backfillProgress(o);
}

/** A short answer to the person who started a backfill; the message in the channel says the rest. */
export function backfillStarted({ channelId }: { channelId: string }): Screen {
  const text = words.started(channel(channelId));
  return { text, blocks: [section(text)] };
}

function titleOf({ state, stoppedBy, channelId, errorCode }: Backfill, names: Names): string {
  switch (state) {
    case 'walking':
      return words.walking(channel(channelId));
    case 'storing':
      return stoppedBy === null
        ? words.storing(channel(channelId))
        : words.stopping(plainPerson(stoppedBy, names));
    case 'done':
      return words.done(channel(channelId));
    case 'stopped':
      return words.stopped(plainPerson(stoppedBy, names));
    case 'failed':
      return `${words.failed(channel(channelId))}\n${words.failedBecause(code(errorCode ?? 'unknown', 60))}`;
  }
}

function sumsOf(backfill: Backfill, files: BackfillFiles): string {
  const reasons = Object.entries(files.skipped);
  const skipped = reasons.reduce((sum, [, n]) => sum + n, 0);
  const byWord = sumsByWord(reasons);
  const why = [...byWord].map(([word, n]) => (byWord.size > 1 ? `${n} ${word}` : word)).join(', ');
  return common.joined([
    words.found(foundBy(backfill, files)),
    backfill.known > 0 ? words.known(backfill.known) : '',
    words.stored(files.stored),
    skipped > 0 ? words.skipped(skipped, why) : '',
    files.waiting > 0 ? words.left(files.waiting) : '',
    files.failed > 0 ? words.failing(files.failed) : '',
  ]);
}

function foundBy(backfill: Backfill, { stored, waiting, failed, skipped }: BackfillFiles): number {
  return backfill.known + stored + waiting + failed + Object.values(skipped).reduce((sum, n) => sum + n, 0);
}

function factsOf(backfill: Backfill, now: number): string[] {
  const { state, pages, messages, reachedAt, errorCode } = backfill;
  const left = state === 'walking' ? minutesLeft(backfill, now) : null;
  return [
    words.read(pages, messages),
    reachedAt === null ? '' : words.reached(day(reachedAt)),
    state === 'walking' && errorCode !== null ? words.heldUp : '',
    left === null ? '' : words.timeLeft(left),
  ];
}

/** An estimate from the part of the channel's life that is done; null while there is too little to tell. */
export function minutesLeft(
  { startedAt, reachedAt, channelCreatedAt }: Backfill,
  now: number,
): number | null {
  if (reachedAt === null || channelCreatedAt === null || channelCreatedAt >= startedAt) return null;
  const done = Math.min(1, (startedAt - reachedAt) / (startedAt - channelCreatedAt));
  const taken = now - startedAt;
  if (done < 0.01 || taken < 0) return null;
  return Math.round((taken * (1 - done)) / done / 60_000);
}
