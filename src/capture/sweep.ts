import type { Catalog } from '../catalog/db/open.ts';
import { bringBack } from '../catalog/files/refusals.ts';
import { followChannels, type Met } from '../catalog/sweep/follow.ts';
import { newsAmong } from '../catalog/sweep/news.ts';
import { loseChannel, refreshChannels } from '../catalog/sweep/refresh.ts';
import { type DueSweep, deferSweep, endSweep, finishSweep, saveSweep } from '../catalog/sweep/sweeps.ts';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { DAY_MS } from '../time.ts';
import { waitAfter } from './back-off.ts';
import { type KeepPolicy, receive, shownSince } from './receive.ts';
import { type Position, START, UnreadableError, type WalkSource, walkOn } from './walk.ts';

/**
 * Each walk starts this long before the end of the last one: a message can appear in Slack's lists a little late,
 * and an edit can add files to a message.
 */
const OVERLAP_MS = 15 * 60_000;

/**
 * A file shared longer ago than this is stored without a message: a confirmation would only bring an old thread up
 * again. After a shorter outage, people still wait for the confirmation.
 */
const OLD_NEWS_MS = DAY_MS;

export interface SweepOptions {
  catalog: Catalog;
  owner: string;
  source: WalkSource;
  botUserId: string;
  policy: KeepPolicy;
  log: Log;
  now(): number;
}

/**
 * Does one page of one channel's sweep. Files that the catalog lacks are received as if their event had come. Then the
 * row goes back into the queue, behind the other channels. Throws only when the catalog itself cannot be written.
 */
export async function sweep(options: SweepOptions, row: DueSweep): Promise<void> {
  const { catalog, owner, log, now } = options;
  const { teamId, channelId } = row;
  const beganAt = row.beganAt ?? now();
  const before = row.beganAt === null ? 0 : row.found;
  try {
    const position = row.position === null ? START : (JSON.parse(row.position) as Position);
    const askedAt = now();
    const step = await walkOn(options.source, channelId, row.sweptTo - OVERLAP_MS, position);
    // Slack shows the channel, so the bot is in it. Files refused while the bot was out are tried again.
    if (row.beganAt === null) {
      const all = row.sweptAt === null;
      const quietBefore = now() - OLD_NEWS_MS;
      const back = await bringBack(catalog, { teamId, channelId, all, quietBefore, now: now() });
      if (back > 0) log.info({ channel: channelId, files: back }, 'files are asked for again');
    }
    const found = before + (await take(options, row, shownSince(askedAt, step.found)));
    // Only the first page gives the time, by Slack's own clock, at which the walk began.
    const newest = row.beganAt === null ? step.newest : row.newest;
    const walk = { beganAt, newest, found, now: now() };
    if (step.next !== null) {
      await saveSweep(catalog, row, owner, { ...walk, position: JSON.stringify(step.next) });
      return;
    }
    await finishSweep(catalog, row, owner, { ...walk, nextAt: null });
    if (found > 0) log.info({ channel: channelId, files: found }, 'a sweep found files that were missed');
  } catch (error) {
    if (error instanceof UnreadableError) {
      log.warn({ code: error.code, channel: channelId }, 'a channel cannot be swept');
      if (error.isLost) await loseChannel(catalog, { teamId, channelId, code: error.code, now: now() });
      else await endSweep(catalog, row, owner, error.code);
      return;
    }
    const code = errorCode(error);
    log.warn({ code, channel: channelId, err: error }, 'a sweep was held up; it goes on later');
    const dueAt = now() + waitAfter(error, row.attempts);
    await deferSweep(catalog, row, owner, { dueAt, code });
  }
}

/** Receives what is new. Returns how many files were unknown, or known only in part. */
async function take(
  { catalog, botUserId, policy, now }: SweepOptions,
  { teamId, channelId, metAt }: DueSweep,
  seen: Parameters<typeof receive>[2],
): Promise<number> {
  const news = await newsAmong(catalog, { teamId, channelId }, seen);
  const old = Math.max(metAt, now() - OLD_NEWS_MS);
  const told = news.map((sighting) => ({ ...sighting, quiet: sighting.share.sharedAt < old }));
  await receive(catalog, { teamId, botUserId, policy, now: now() }, told);
  return new Set(news.map(({ file }) => file.fileId)).size;
}

export interface RoundOptions {
  catalog: Catalog;
  owner: string;
  /** Every conversation that the bot is in. */
  conversations(): Promise<Conversation[]>;
  /** Time from one round to the next, in ms. Null: no round starts by itself. */
  everyMs: number | null;
  log: Log;
  now(): number;
}

/** What Slack says about a conversation that the bot is in. */
export type Conversation = Met;

/** Starts a round: lists the channels and makes a sweep due for each. */
export async function startRound(options: RoundOptions, row: DueSweep): Promise<void> {
  const { catalog, owner, log, now } = options;
  const beganAt = now();
  try {
    const conversations = await options.conversations();
    const about = { conversations, askedAt: beganAt, now: now() };
    for (const { from, to, isSure } of await followChannels(catalog, row.teamId, about))
      log.warn({ from, to }, isSure ? 'a channel has another id now' : 'a channel may have another id now');
    const lost = await refreshChannels(catalog, row.teamId, conversations, { askedAt: beganAt, now: now() });
    if (lost.length > 0) log.warn({ channels: lost }, 'the bot is not in these channels any more');
    const nextAt = options.everyMs === null ? null : beganAt + options.everyMs;
    const found = conversations.length;
    await finishSweep(catalog, row, owner, { beganAt, newest: null, found, nextAt, now: now() });
  } catch (error) {
    const code = errorCode(error);
    log.warn({ code, err: error }, 'cannot list the channels to sweep; trying again');
    const dueAt = now() + waitAfter(error, row.attempts);
    await deferSweep(catalog, row, owner, { dueAt, code });
  }
}
