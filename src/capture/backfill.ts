import {
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

/**
 * The walk pauses while this many of its files wait for capture. Files are captured in the order in which they came.
 * So a file that is shared now waits for at most about this many old ones.
 */
const MOST_WAITING = 64;

/** Time between two looks at whether the files have been stored. */
const LOOK_MS = 1_000;

/** Reads one page of a channel's whole history, or checks whether the files found so far have been stored. */
export async function backfill(options: SweepOptions, row: DueBackfill): Promise<void> {
  const { catalog, owner, log, now } = options;
  const { waiting } = await backfillFiles(catalog, row.id);
  if (row.state === 'storing' && waiting === 0) {
    const state = row.stoppedBy === null ? 'done' : 'stopped';
    await endBackfill(catalog, row, owner, { state, code: null, now: now() });
    log.info({ channel: row.channelId, pages: row.pages, state }, 'a backfill is over');
    return;
  }
  if (row.state === 'storing' || waiting >= MOST_WAITING) {
    await deferBackfill(catalog, row, owner, { dueAt: now() + LOOK_MS, code: null, now: now() });
    return;
  }
  try {
    await turnPage(options, row);
  } catch (error) {
    const code = errorCode(error);
    if (error instanceof UnreadableError) {
      const { teamId, channelId } = row;
      log.warn({ code, channel: channelId }, 'a backfill cannot go on');
      if (error.isLost) await loseChannel(catalog, { teamId, channelId, code, now: now() });
      await endBackfill(catalog, row, owner, { state: 'failed', code, now: now() });
      return;
    }
    log.warn({ code, channel: row.channelId, err: error }, 'a backfill was held up; it goes on later');
    const dueAt = now() + waitAfter(error, row.attempts);
    await deferBackfill(catalog, row, owner, { dueAt, code, now: now() });
  }
}

async function turnPage(options: SweepOptions, row: DueBackfill): Promise<void> {
  const { catalog, owner, botUserId, policy, now } = options;
  const { id: backfillId, teamId, channelId } = row;
  const position = row.position === null ? START : (JSON.parse(row.position) as Position);
  const askedAt = now();
  const step = await walkOn(options.source, channelId, 0, position);
  const news = await newsAmong(
    catalog,
    { teamId, channelId, unwanted: true },
    shownSince(askedAt, step.found),
  );
  const told = news.map((sighting) => ({ ...sighting, quiet: true }));
  await receive(catalog, { teamId, botUserId, policy, now: now(), backfillId }, told);
  const ids = step.found.map(({ file }) => file.fileId);
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
    now: now(),
  });
}
