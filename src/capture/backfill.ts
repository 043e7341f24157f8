import type { Catalog } from '../catalog/db/open.ts';
import { partsRunning, WHOLE, waitingOfBackfills } from '../catalog/sweep/backfill-all.ts';
import {
  type BackfillFiles,
  backfillFiles,
  type DueBackfill,
  deferBackfill,
  endBackfill,
  knownOtherwise,
  saveBackfill,
} from '../catalog/sweep/backfills.ts';
import { newsAmong } from '../catalog/sweep/news.ts';
import { loseChannel } from '../catalog/sweep/refresh.ts';
import { errorCode } from '../errors.ts';
import { waitAfter } from './back-off.ts';
import { receive, shownSince } from './receive.ts';
import type { SweepOptions } from './sweep.ts';
import { type Position, START, UnreadableError, walkOn } from './walk.ts';
import { asKept } from './words.ts';

/**
 * The walk pauses while this many of its files wait for capture. Files are captured in the order in which they came.
 * So a file that is shared now waits for at most about this many old ones.
 */
const MOST_WAITING = 64;

/** Time between two looks at whether the files have been stored. */
const LOOK_MS = 1_000;

/** Of many channels, so many are looked at in one `LOOK_MS`. */
const LOOKS_AT_ONCE = 50;

/** Time between two looks at how far the backfill of all channels is. */
const SUM_UP_MS = 3_000;

/**
 * Reads one page of a channel's whole history, or checks whether the files found so far have been stored. Then the row goes
 * to the end of the queue, so that of many channels each has its turn.
 */
export async function backfill(options: SweepOptions, row: DueBackfill): Promise<void> {
  if (row.parentId === WHOLE) return sumUp(options, row);
  const { catalog, owner, log, now } = options;
  const files = await backfillFiles(catalog, row.id);
  if (row.state === 'storing' && files.waiting === 0) {
    const state = row.stoppedBy === null ? 'done' : 'stopped';
    await endBackfill(catalog, row, owner, { state, code: null, files, now: now() });
    log.info({ channel: row.channelId, pages: row.pages, state }, 'a backfill is over');
    return;
  }
  if (row.state === 'storing' || (await isFull(catalog, row, files))) {
    const parts = row.parentId === null ? 1 : await partsRunning(catalog, row.parentId);
    const dueAt = now() + LOOK_MS * Math.ceil(parts / LOOKS_AT_ONCE);
    await deferBackfill(catalog, row, owner, { dueAt, code: null, files, now: now() });
    return;
  }
  try {
    await turnPage(options, row, files).catch((error: unknown) => unreadable(options, row, error));
  } catch (error) {
    const code = errorCode(error);
    log.warn({ code, channel: row.channelId, err: error }, 'a backfill was held up; it goes on later');
    const dueAt = now() + waitAfter(error, row.attempts);
    await deferBackfill(catalog, row, owner, { dueAt, code, now: now() });
  }
}

/** Ends the backfill of a channel that Slack does not show. Throws every other error. */
async function unreadable(options: SweepOptions, row: DueBackfill, error: unknown): Promise<void> {
  if (!(error instanceof UnreadableError)) throw error;
  const { catalog, owner, log, now } = options;
  const { teamId, channelId } = row;
  const { code, isLost } = error;
  log.warn({ code, channel: channelId }, 'a backfill cannot go on');
  const isAway = isLost && (await options.isTakenOut?.(channelId)) === true;
  if (isLost) await loseChannel(catalog, { teamId, channelId, code, isAway, now: now() });
  await endBackfill(catalog, row, owner, { state: 'failed', code, now: now() });
}

/** Whether enough files wait for capture: of this channel, or of all channels that are walked together. */
async function isFull(catalog: Catalog, row: DueBackfill, files: BackfillFiles): Promise<boolean> {
  if (files.waiting >= MOST_WAITING) return true;
  return row.parentId !== null && (await waitingOfBackfills(catalog, MOST_WAITING)) >= MOST_WAITING;
}

/** Looks how far the parts of the backfill of all channels are; when the last one is over, it is over. */
async function sumUp({ catalog, owner, log, now }: SweepOptions, row: DueBackfill): Promise<void> {
  if ((await partsRunning(catalog, row.id)) > 0) {
    await deferBackfill(catalog, row, owner, { dueAt: now() + SUM_UP_MS, code: null, now: now() });
    return;
  }
  const state = row.stoppedBy === null ? 'done' : 'stopped';
  await endBackfill(catalog, row, owner, { state, code: null, now: now() });
  log.info({ state }, 'the backfill of all channels is over');
}

async function turnPage(options: SweepOptions, row: DueBackfill, files: BackfillFiles): Promise<void> {
  const { catalog, owner, botUserId, policy, now } = options;
  const { id: backfillId, teamId, channelId } = row;
  const position = row.position === null ? START : (JSON.parse(row.position) as Position);
  const askedAt = now();
  const step = await walkOn(options.source, channelId, 0, position);
  const news = await newsAmong(
    catalog,
    { teamId, channelId, unwanted: true },
    await asKept(catalog, { teamId, channelId, text: policy.text }, shownSince(askedAt, step.found)),
  );
  const told = news.map((sighting) => ({ ...sighting, quiet: true }));
  await receive(catalog, { teamId, botUserId, policy, now: now(), backfillId }, told);
  // Slack puts a thread's first message on every page of its replies, and it was counted where it stands.
  const [parent] = position.threads;
  const ids = step.found.filter(({ share }) => share.ts !== parent).map(({ file }) => file.fileId);
  // The list of files names the files of messages again, so they are not counted here.
  const isList = position.inFiles && position.threads.length === 0;
  const known = isList ? 0 : await knownOtherwise(catalog, row, ids);
  const { next } = step;
  const reached = next?.before ?? position.before;
  await saveBackfill(catalog, row, owner, {
    position: next === null ? null : JSON.stringify(next),
    reachedAt: reached === null ? null : Math.round(Number(reached) * 1_000),
    messages: step.messages,
    known,
    files,
    now: now(),
  });
}
