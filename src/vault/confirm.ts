import type { Catalog } from '../catalog/db/open.ts';
import { cardDropped, cardPosted } from '../catalog/files/cards.ts';
import { explainSign } from '../catalog/notices/explain.ts';
import { type Judged, judge } from '../catalog/notices/judge.ts';
import type { Post } from '../catalog/notices/model.ts';
import { deferPost, dropPost, markPosted, markSending } from '../catalog/notices/notices.ts';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { type SlackApi, SlackApiError } from '../slack/api.ts';
import { pagesOf } from '../slack/pages.ts';
import { isOfPost, type Metadata, metadataOf } from '../slack/post-metadata.ts';
import { isBadBlocks, isRefused, nextTry, refusalOf } from '../slack/refusals.ts';
import { objectsOf } from '../slack/shapes.ts';

/**
 * The search for a message whose answer was lost begins this long after it was sent: our own calls give up after ten
 * seconds, and anything that a dead process sent has reached Slack by then.
 */
const SETTLE_MS = 12_000;
/** Clocks differ: the search for a lost message begins this much earlier than our own clock says. */
const CLOCK_SKEW_MS = 10 * 60_000;

export interface ConfirmOptions {
  catalog: Catalog;
  api: SlackApi;
  owner: string;
  /** Draws the message of a post. */
  render(post: Post): Drawn | Promise<Drawn>;
  /** The name of the emoji that means "all saved" in reaction mode. */
  reaction: string;
  log: Log;
  now(): number;
  /** Called when a card or a gift's message can never be posted; `isClosed`: what the card was to open is closed again. */
  refused?(post: Post, isClosed: boolean): Promise<void>;
}

/** Every workspace has this emoji. */
const STANDARD_REACTION = 'file_cabinet';

interface Drawn {
  text: string;
  blocks: unknown[];
  /** When it may read differently, if nothing says so before (ms). */
  againAt?: number | undefined;
}

type DuePost = Post & { version: number; failedAt?: number | null };

/**
 * Tells a channel what changed: posts the message, or edits it if it exists. It is sent exactly once: the sending is
 * written down first; if the answer was lost, the message is looked for by its metadata before it is sent again.
 * Nobody is told of files that were taken back meanwhile. A reply that Slack puts at the top of the channel is deleted
 * at once.
 */
export async function confirm(options: ConfirmOptions, post: DuePost): Promise<void> {
  try {
    const judged = await judge(options.catalog, post);
    await (post.manner === 'reaction' ? react(options, post, judged) : tell(options, post, judged));
  } catch (error) {
    if (error instanceof LostLease) return;
    await (error instanceof Silenced ? silence(options, post, error.code) : giveBack(options, post, error));
  }
}

async function tell(options: ConfirmOptions, post: DuePost, judged: Judged): Promise<void> {
  const { catalog, owner, now } = options;
  if (post.ts === null && post.sentAt !== null && now() - post.sentAt < SETTLE_MS) {
    await deferPost(catalog, post.id, owner, { dueAt: post.sentAt + SETTLE_MS, code: 'settling' });
    return;
  }
  const ts = post.ts ?? (post.sentAt === null ? null : await findLost(options, post, post.sentAt));
  if (judged.silence !== null && ts === null) throw new Silenced(judged.silence);
  // An existing message stays, even if there is nothing left to tell.
  if (judged.silence !== null) return posted(options, post, ts);
  const drawn = await options.render(judged.post);
  await posted(
    options,
    post,
    ts === null ? await send(options, post, judged, drawn) : await edit(options, post, ts, drawn),
    drawn.againAt,
  );
}

async function posted(
  { catalog, owner, now }: ConfirmOptions,
  post: DuePost,
  ts: string | null,
  againAt?: number,
): Promise<void> {
  if (post.kind === 'card' && ts !== null)
    await cardPosted(catalog, post, owner, { ts, version: post.version, now: now() });
  else await markPosted(catalog, post.id, owner, { ts, version: post.version, now: now(), againAt });
}

async function send(options: ConfirmOptions, post: Post, judged: Judged, drawn: Drawn): Promise<string> {
  const { api, catalog, owner, now } = options;
  const message = {
    channel: post.channelId,
    ...(post.threadTs === null ? {} : { thread_ts: post.threadTs }),
    metadata: metadataOf(post),
    unfurl_links: false,
    unfurl_media: false,
  };
  // Judged again at the last moment: the call may have waited long for its turn.
  const beforeSend = async () => {
    const { silence: why, post: still } = await judge(catalog, post);
    if (why !== null) throw new Silenced(why);
    if (still.notices.length !== judged.post.notices.length) throw new Changed();
    if (!(await markSending(catalog, post.id, owner, now()))) throw new LostLease();
  };
  const { ts, message: shown } = await plainIfRefused(drawn, (content) =>
    api.call<{ ts: string; message?: { thread_ts?: string } }>(
      'chat.postMessage',
      { ...message, ...content },
      { beforeSend },
    ),
  );
  // Slack does not refuse a reply to a message that is gone: it puts the reply at the top of the channel. The only sign
  // is that its answer has no `thread_ts`. Source: github.com/slack-go/slack/issues/1571.
  if (post.threadTs !== null && shown !== undefined && isAtTop({ ...shown, ts })) {
    await unpost(options, post.channelId, ts);
    throw new Silenced('unthreaded');
  }
  return ts;
}

async function edit({ api }: ConfirmOptions, post: Post, ts: string, drawn: Drawn): Promise<string> {
  const message = { channel: post.channelId, ts, metadata: metadataOf(post) };
  await plainIfRefused(drawn, (content) => api.call('chat.update', { ...message, ...content }));
  return ts;
}

/** Sends a message; if Slack refuses its blocks, sends it again as plain text. */
async function plainIfRefused<T>(drawn: Drawn, call: (content: object) => Promise<T>): Promise<T> {
  try {
    return await call({ text: drawn.text, blocks: drawn.blocks });
  } catch (error) {
    if (!isBadBlocks(error)) throw error;
    return call({ text: drawn.text, blocks: [] });
  }
}

/** The post is never sent. */
class Silenced extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`a confirmation is told to nobody: ${code}`);
    this.code = code;
  }
}

/** Something was taken back while the call waited for its turn: the message must be drawn again. */
class Changed extends Error {
  readonly code = 'changed';
}

/** Another process took over the post while this one waited for its turn. */
class LostLease extends Error {
  readonly code = 'lost_lease';
}

/** Removes a message of ours. It does not matter if the message is gone already or Slack refuses for good. */
async function unpost({ api, log }: ConfirmOptions, channel: string, ts: string): Promise<void> {
  try {
    await api.call('chat.delete', { channel, ts });
  } catch (error) {
    if (refusalOf(error) !== 'final') throw error;
    log.warn({ code: errorCode(error), channel }, 'a reply without its thread cannot be deleted');
  }
}

/** Puts the sign on the message when all of its files are stored; until then it waits. */
async function react(options: ConfirmOptions, post: DuePost, judged: Judged): Promise<void> {
  if (judged.silence !== null) throw new Silenced(judged.silence);
  if (!judged.isComplete) return posted(options, post, null);
  const { catalog, reaction, log, now } = options;
  const { teamId, channelId, threadTs: ts } = post;
  if (!(await addReaction(options, post, reaction))) {
    log.warn(
      { code: 'invalid_name', setting: 'VAULT_REACTION', emoji: reaction },
      `this workspace has no such emoji: :${STANDARD_REACTION}: is used`,
    );
    await addReaction(options, post, STANDARD_REACTION);
  }
  if (ts !== null) await explainSign(catalog, { teamId, channelId, ts }, now());
  await posted(options, post, ts);
}

/** False when the workspace has no emoji of this name. */
async function addReaction({ api }: ConfirmOptions, post: Post, name: string): Promise<boolean> {
  try {
    await api.call('reactions.add', { channel: post.channelId, timestamp: post.threadTs, name });
  } catch (error) {
    if (!(error instanceof SlackApiError)) throw error;
    if (error.code === 'invalid_name' && name !== STANDARD_REACTION) return false;
    if (error.code !== 'already_reacted') throw error;
  }
  return true;
}

interface OurMessage {
  ts: string;
  thread_ts?: string;
  metadata?: Metadata;
}

/** True for a message that is not a reply; it may have replies. */
function isAtTop({ ts, thread_ts }: { ts: string; thread_ts?: string }): boolean {
  return thread_ts === undefined || thread_ts === '' || thread_ts === ts;
}

/**
 * Looks for a message that Slack may have accepted although its answer never came: in its thread, and at the top of the
 * channel, where Slack puts a reply whose parent is gone. Such a reply is deleted; then it throws `Silenced`.
 */
async function findLost(options: ConfirmOptions, post: Post, sentAt: number): Promise<string | null> {
  if (post.threadTs === null) return (await searchFor(options.api, post, sentAt, 'history'))?.ts ?? null;
  let noThread: unknown;
  try {
    const reply = await searchFor(options.api, post, sentAt, 'replies');
    if (reply !== undefined) return reply.ts;
  } catch (error) {
    if (!['thread_not_found', 'message_not_found'].includes(errorCode(error))) throw error;
    noThread = error;
  }
  const astray = await searchFor(options.api, post, sentAt, 'history');
  if (astray !== undefined && isAtTop(astray)) {
    await unpost(options, post.channelId, astray.ts);
    throw new Silenced('unthreaded');
  }
  if (noThread !== undefined) throw new Silenced('parent_gone');
  return null;
}

async function searchFor(
  api: SlackApi,
  post: Post,
  sentAt: number,
  where: 'history' | 'replies',
): Promise<OurMessage | undefined> {
  const oldest = ((sentAt - CLOCK_SKEW_MS) / 1_000).toFixed(6);
  const args = {
    channel: post.channelId,
    ...(where === 'replies' ? { ts: post.threadTs } : {}),
    oldest,
    inclusive: true,
    limit: 200,
    include_all_metadata: true,
  };
  for await (const { messages } of pagesOf(api, `conversations.${where}`, args)) {
    const ours = objectsOf<OurMessage>(messages).find(({ metadata }) => isOfPost(metadata, post));
    if (ours !== undefined) return ours;
  }
  return undefined;
}

async function silence(options: ConfirmOptions, post: DuePost, code: string): Promise<void> {
  options.log.info({ code, channel: post.channelId, post: post.id }, 'a confirmation is told to nobody');
  await drop(options, post, code);
}

/** What a card or a gift was to open is closed again: nothing is open by a message that nobody ever sees. */
async function drop({ catalog, owner, now }: ConfirmOptions, post: DuePost, code: string): Promise<boolean> {
  if (post.kind === 'card' || post.kind === 'gift')
    return cardDropped(catalog, post, owner, { code, now: now() });
  await dropPost(catalog, post.id, owner, code);
  return false;
}

async function giveBack(options: ConfirmOptions, post: DuePost, error: unknown): Promise<void> {
  const { catalog, owner, log, now } = options;
  const code = errorCode(error);
  if (error instanceof Changed) {
    await deferPost(catalog, post.id, owner, { dueAt: now(), code, failedAt: post.failedAt ?? null });
    return;
  }
  const refusal = refusalOf(error);
  const { failedAt } = post;
  const next = nextTry(error, { refusal, attempts: post.attempts + 1, failedAt, now: now() });
  if (next.dueAt === null) {
    log.info({ code, channel: post.channelId, post: post.id }, 'a confirmation cannot be posted there');
    const isClosed = await drop(options, post, code);
    const isShare = post.kind === 'card' || post.kind === 'gift';
    if (isShare && post.ts === null) await options.refused?.(post, isClosed);
    return;
  }
  log.warn(
    { code, channel: post.channelId, post: post.id, err: error },
    'a confirmation failed; it will be tried again',
  );
  await deferPost(catalog, post.id, owner, {
    ...{ dueAt: next.dueAt, failedAt: next.failedAt, code },
    refused: isRefused(error, 'chat.postMessage'),
  });
}
