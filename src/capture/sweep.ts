import type { Catalog } from '../catalog/db/open.ts';
import { bringBack } from '../catalog/files/refusals.ts';
import { channelsToWalk, type PlacedFile, placesUnknown } from '../catalog/sweep/choose.ts';
import { followChannels, type Met } from '../catalog/sweep/follow.ts';
import { newsAmong } from '../catalog/sweep/news.ts';
import { loseChannel, refreshChannels } from '../catalog/sweep/refresh.ts';
import { type DueSweep, deferSweep, endSweep, finishSweep, saveSweep } from '../catalog/sweep/sweeps.ts';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { DAY_MS, MINUTE_MS } from '../time.ts';
import { waitAfter } from './back-off.ts';
import { type KeepPolicy, receive, shownSince } from './receive.ts';
import { type Position, START, UnreadableError, type WalkSource, walkOn } from './walk.ts';
import { asKept } from './words.ts';

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

/**
 * So many channels are walked in a minute. Each takes at least one call of three methods, of which Slack allows 50 a minute
 * each (tier 3); the rest is left to people, backfills and busy channels.
 */
export const CHANNELS_A_MINUTE = 40;

export interface SweepOptions {
  catalog: Catalog;
  owner: string;
  source: WalkSource;
  botUserId: string;
  policy: KeepPolicy;
  /** Whether the app was taken out of the channel's workspaces, so that nobody removed the bot. Missing: never. */
  isTakenOut?(channelId: string): Promise<boolean>;
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
    const from = row.sweptTo - OVERLAP_MS;
    const step = await walkOn(options.source, channelId, from, position).catch((error: unknown) =>
      unreadable(options, row, error),
    );
    if (step === null) return;
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
    const code = errorCode(error);
    log.warn({ code, channel: channelId, err: error }, 'a sweep was held up; it goes on later');
    const dueAt = now() + waitAfter(error, row.attempts);
    await deferSweep(catalog, row, owner, { dueAt, code });
  }
}

/** Ends the sweep of a channel that Slack does not show. Throws every other error. */
async function unreadable(options: SweepOptions, row: DueSweep, error: unknown): Promise<null> {
  if (!(error instanceof UnreadableError)) throw error;
  const { catalog, owner, log, now } = options;
  const { teamId, channelId } = row;
  const { code, isLost } = error;
  log.warn({ code, channel: channelId }, 'a channel cannot be swept');
  const isAway = isLost && (await options.isTakenOut?.(channelId)) === true;
  if (isLost) await loseChannel(catalog, { teamId, channelId, code, isAway, now: now() });
  else await endSweep(catalog, row, owner, code);
  return null;
}

/** Receives what is new. Returns how many files were unknown, or known only in part. */
async function take(
  { catalog, botUserId, policy, now }: SweepOptions,
  { teamId, channelId, metAt }: DueSweep,
  seen: Parameters<typeof receive>[2],
): Promise<number> {
  const kept = await asKept(catalog, { teamId, channelId, text: policy.text }, seen);
  // Words that an event did not bring are no missed file.
  const onlyWords: typeof seen = [];
  const news = await newsAmong(catalog, { teamId, channelId, onlyWords }, kept);
  const old = Math.max(metAt, now() - OLD_NEWS_MS);
  const told = news.map((sighting) => ({ ...sighting, quiet: sighting.share.sharedAt < old }));
  await receive(catalog, { teamId, botUserId, policy, now: now() }, told);
  const missed = news.filter((one) => !onlyWords.includes(one));
  return new Set(missed.map(({ file }) => file.fileId)).size;
}

export interface RoundOptions {
  catalog: Catalog;
  owner: string;
  /** Every conversation that the bot is in. */
  conversations(): Promise<Conversation[]>;
  /** Files made since this moment (ms) anywhere, a page at a time: one question for many channels. */
  filesSince?(since: number): AsyncIterable<PlacedFile[]>;
  /** The workspaces of an organisation that the app may work in; null or missing for the token of one workspace. */
  workspaces?(): Promise<readonly string[] | null>;
  /** Time from one round to the next, in ms. Null: no round starts by itself. */
  everyMs: number | null;
  log: Log;
  now(): number;
}

/** What Slack says about a conversation that the bot is in. */
export type Conversation = Met;

/**
 * The channels that this round walks; undefined: all. In a large workspace Slack's limits do not let all be walked before the
 * next round. Then the workspace's new files are listed at once, so that channels with a file that was missed come first;
 * the others take turns.
 */
async function inThisRound(
  { catalog, everyMs, filesSince, log, now }: RoundOptions,
  row: DueSweep,
  conversations: readonly Conversation[],
): Promise<ReadonlySet<string> | undefined> {
  const most = everyMs === null ? Number.POSITIVE_INFINITY : (everyMs / MINUTE_MS) * CHANNELS_A_MINUTE;
  const open = conversations.filter(({ isArchived }) => !isArchived);
  if (open.length <= most || filesSince === undefined) return undefined;
  const { teamId } = row;
  const first = new Set<string>();
  const since = (row.sweptAt ?? now() - OLD_NEWS_MS) - OVERLAP_MS;
  for await (const files of filesSince(since))
    for (const channelId of await placesUnknown(catalog, teamId, files)) first.add(channelId);
  const channelIds = conversations.map(({ channelId }) => channelId);
  const archived = new Set(
    conversations.filter(({ isArchived }) => isArchived).map(({ channelId }) => channelId),
  );
  const walked = await channelsToWalk(catalog, { teamId, channelIds, archived, first, most });
  log.info(
    { channels: open.length, walked: walked.size, missed: first.size },
    'more channels than can be read in one period: those with missed files come first, the others take turns',
  );
  return walked;
}

/** Starts a round: lists the channels and makes a sweep due for each, or for those whose turn it is. */
export async function startRound(options: RoundOptions, row: DueSweep): Promise<void> {
  const { catalog, owner, log, now } = options;
  const beganAt = now();
  try {
    const conversations = await options.conversations();
    // After them: a workspace that was taken away in between has no channels in the list, and must not count as ours.
    const workspaces = (await options.workspaces?.()) ?? undefined;
    const about = { conversations, askedAt: beganAt, now: now() };
    for (const { from, to, isSure } of await followChannels(catalog, row.teamId, about))
      log.warn({ from, to }, isSure ? 'a channel has another id now' : 'a channel may have another id now');
    const walked = await inThisRound(options, row, conversations);
    const lost = await refreshChannels(catalog, row.teamId, conversations, {
      ...{ askedAt: beganAt, walked, workspaces, now: now() },
    });
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
