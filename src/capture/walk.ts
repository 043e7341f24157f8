import type { Sighting } from '../catalog/model.ts';

/** One page of a channel's own messages, newest first. Message times are Slack's `ts`. */
export interface HistoryPage {
  found: Sighting[];
  /** Parents on this page whose replies must be read too. */
  threads: string[];
  /** The oldest message of the page; null when it is empty. */
  last: string | null;
  /** The newest time on the page, replies included (ms); null when the page is empty. */
  newest: number | null;
  messages: number;
  more: boolean;
}

/** Replies of one thread, oldest first. */
export interface RepliesPage {
  found: Sighting[];
  last: string | null;
  messages: number;
  more: boolean;
}

/** Files that were made and shared in a channel, newest first. Times are in seconds, as in Slack's API. */
export interface FilesPage {
  found: Sighting[];
  /** When the oldest file of the page was made. */
  last: number | null;
  more: boolean;
}

/** What a walk reads from. All functions throw {@link UnreadableError} for a channel that cannot be read at all. */
export interface WalkSource {
  /** Messages older than `before` and newer than `oldest` (ms). */
  history(channelId: string, bounds: { oldest: number; before: string | null }): Promise<HistoryPage>;
  /** Replies newer than `after`. */
  replies(channelId: string, threadTs: string, after: string): Promise<RepliesPage>;
  /** Page `page` (from 1) of the files made from `from` (ms) on, and not after `to` (seconds). */
  files(channelId: string, bounds: { from: number; to: number | null; page: number }): Promise<FilesPage>;
  /** The channel's own canvas and the files on its tabs. No message shows them. */
  canvases(channelId: string): Promise<{ found: Sighting[] }>;
}

/** Slack will not show this channel. `isLost` when the bot is not in it (any more). */
export class UnreadableError extends Error {
  readonly code: string;
  readonly isLost: boolean;

  constructor(code: string, isLost: boolean, cause: unknown) {
    super(`The channel cannot be read: ${code}`, { cause });
    this.name = 'UnreadableError';
    this.code = code;
    this.isLost = isLost;
  }
}

/**
 * How far a walk through a channel has come. It is enough to continue after any kill. It holds message times and not
 * Slack's cursors, which may have expired by then.
 */
export interface Position {
  /** The walk has read what is newer than this. */
  before: string | null;
  /** Threads of the last page that must still be read. `repliesAfter`: how far the first of them has been read. */
  threads: string[];
  repliesAfter: string | null;
  /** True when all messages are read and only the list of files remains. */
  inFiles: boolean;
  filesTo: number | null;
  filesPage: number;
  /** True when only the channel's canvases remain. Rows of older versions do not have this field. */
  inCanvases?: boolean;
}

export const START: Position = {
  before: null,
  threads: [],
  repliesAfter: null,
  inFiles: false,
  filesTo: null,
  filesPage: 1,
};

export interface Step {
  found: Sighting[];
  messages: number;
  /** Set for a page of history. */
  newest: number | null;
  /** Where to continue; null when the walk is over. */
  next: Position | null;
}

/**
 * Reads one page of a channel, back to `oldest` (ms; 0 for everything). Messages come first, newest first, and the
 * threads of each page after that page. Then comes the list of files, which also has files that no message showed.
 * The channel's canvases come last. After a kill, a repeated step finds the same again. Newer things come by events.
 */
export async function walkOn(
  source: WalkSource,
  channelId: string,
  oldest: number,
  at: Position,
): Promise<Step> {
  const [thread, ...others] = at.threads;
  if (thread !== undefined) return readThread(source, channelId, oldest, at, thread, others);
  if (at.inCanvases === true) {
    const { found } = await source.canvases(channelId);
    return { found, messages: 0, newest: null, next: null };
  }
  if (at.inFiles) return readFiles(source, channelId, oldest, at);
  const page = await source.history(channelId, { oldest, before: at.before });
  const isOver = !page.more || page.last === null;
  const next: Position = {
    ...at,
    before: page.last ?? at.before,
    threads: page.threads,
    repliesAfter: null,
    inFiles: isOver,
  };
  return { found: page.found, messages: page.messages, newest: page.newest, next };
}

async function readThread(
  source: WalkSource,
  channelId: string,
  oldest: number,
  at: Position,
  thread: string,
  others: string[],
): Promise<Step> {
  const after = at.repliesAfter ?? asTs(oldest);
  const page = await source.replies(channelId, thread, after);
  // A page that makes no progress would be read for ever.
  const goesOn = page.more && page.last !== null && page.last > after;
  const next = goesOn ? { ...at, repliesAfter: page.last } : { ...at, threads: others, repliesAfter: null };
  return { found: page.found, messages: page.messages, newest: null, next };
}

async function readFiles(source: WalkSource, channelId: string, oldest: number, at: Position): Promise<Step> {
  const page = await source.files(channelId, { from: oldest, to: at.filesTo, page: at.filesPage });
  const step = { found: page.found, messages: 0, newest: null };
  if (!page.more || page.last === null) return { ...step, next: { ...at, inCanvases: true } };
  // When a file is deleted, page numbers shift. So the next page starts from the oldest file seen, if that is older
  // than the last such limit.
  const isFurther = at.filesTo === null || page.last < at.filesTo;
  const next = isFurther
    ? { ...at, filesTo: page.last, filesPage: 1 }
    : { ...at, filesPage: at.filesPage + 1 };
  return { ...step, next };
}

/** A time (ms) in the form of Slack's message timestamps, which compare as text. */
export function asTs(ms: number): string {
  return `${String(Math.floor(ms / 1_000)).padStart(10, '0')}.${String(Math.floor(ms % 1_000) * 1_000).padStart(6, '0')}`;
}
