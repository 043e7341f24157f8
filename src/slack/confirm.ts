import { backOff } from '../capture/back-off.ts';
import type { Post } from '../catalog/model.ts';
import { deferPost, dropPost, markPosted, markSending } from '../catalog/notices.ts';
import type { Catalog } from '../catalog/open.ts';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { type SlackApi, SlackApiError } from './api.ts';

/** Slack's answers after which a message can never be posted there. Source: docs.slack.dev/reference/methods/chat.postMessage. */
const NEVER = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'restricted_action_non_threadable_channel',
  'restricted_action_thread_locked',
  'thread_locked',
  'thread_not_found',
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'too_many_reactions',
  'no_reaction',
  'message_limit_exceeded',
]);

/**
 * A message whose answer was lost is looked for only this long after it was sent: our own calls give up after ten
 * seconds, and what a dead process had sent by then has reached Slack.
 */
const SETTLE_MS = 12_000;
/** Clocks differ: how much earlier than our own clock says the lost message is looked for. */
const CLOCK_SKEW_MS = 10 * 60_000;

/** Marks our messages, so that one whose answer was lost can be found again. */
const METADATA_TYPE = 'ria_vault_post';
const REACTION = 'white_check_mark';

export interface ConfirmOptions {
  catalog: Catalog;
  api: SlackApi;
  owner: string;
  /** Draws the message of a post. */
  render(post: Post): { text: string; blocks: unknown[] };
  log: Log;
  now(): number;
}

/**
 * Tells a channel what changed: posts the message, or edits it when it is there already. Sent exactly once: before
 * sending, that is written down; if the answer was lost, the message is looked for by its metadata before it is
 * sent again.
 */
export async function confirm(options: ConfirmOptions, post: Post & { version: number }): Promise<void> {
  const { catalog, owner, now } = options;
  try {
    if (post.manner === 'reaction') {
      await react(options.api, post);
      await markPosted(catalog, post.id, owner, {
        ts: post.threadTs ?? '',
        version: post.version,
        now: now(),
      });
      return;
    }
    if (post.ts === null && post.sentAt !== null && now() - post.sentAt < SETTLE_MS) {
      await deferPost(catalog, post.id, owner, { dueAt: post.sentAt + SETTLE_MS, code: 'settling' });
      return;
    }
    const ts = post.ts ?? (post.sentAt === null ? null : await findLost(options.api, post, post.sentAt));
    const sent = ts === null ? await send(options, post) : await edit(options, post, ts);
    await markPosted(catalog, post.id, owner, { ts: sent, version: post.version, now: now() });
  } catch (error) {
    if (!(error instanceof LostLease)) await giveBack(options, post, error);
  }
}

async function send(options: ConfirmOptions, post: Post): Promise<string> {
  const message = {
    channel: post.channelId,
    ...(post.threadTs === null ? {} : { thread_ts: post.threadTs }),
    ...options.render(post),
    metadata: { event_type: METADATA_TYPE, event_payload: { post: post.id, notices: noticeIds(post) } },
    unfurl_links: false,
    unfurl_media: false,
  };
  const { ts } = await options.api.call<{ ts: string }>('chat.postMessage', message, {
    // Written down at the last moment: the call may have waited long for its turn.
    async beforeSend() {
      if (!(await markSending(options.catalog, post.id, options.owner, options.now()))) throw new LostLease();
    },
  });
  return ts;
}

/** Another process has taken the post over while this one waited for its turn. */
class LostLease extends Error {
  readonly code = 'lost_lease';
}

async function edit(options: ConfirmOptions, post: Post, ts: string): Promise<string> {
  await options.api.call('chat.update', {
    channel: post.channelId,
    ts,
    ...options.render(post),
    metadata: { event_type: METADATA_TYPE, event_payload: { post: post.id, notices: noticeIds(post) } },
  });
  return ts;
}

function noticeIds(post: Post): string {
  return post.notices.map((notice) => notice.id).join(',');
}

async function react(api: SlackApi, post: Post): Promise<void> {
  try {
    await api.call('reactions.add', { channel: post.channelId, timestamp: post.threadTs, name: REACTION });
  } catch (error) {
    if (!(error instanceof SlackApiError) || error.code !== 'already_reacted') throw error;
  }
}

interface OurMessage {
  ts: string;
  metadata?: { event_type?: string; event_payload?: { post?: number; notices?: string } };
}

/** Looks for a message that Slack may have accepted although its answer never came. */
async function findLost(api: SlackApi, post: Post, sentAt: number): Promise<string | null> {
  const oldest = ((sentAt - CLOCK_SKEW_MS) / 1_000).toFixed(6);
  const where =
    post.threadTs === null
      ? { method: 'conversations.history', args: {} }
      : { method: 'conversations.replies', args: { ts: post.threadTs } };
  let cursor: string | undefined;
  do {
    const page = await api.call<{ messages?: OurMessage[]; response_metadata?: { next_cursor?: string } }>(
      where.method,
      {
        channel: post.channelId,
        ...where.args,
        oldest,
        inclusive: true,
        limit: 200,
        include_all_metadata: true,
        ...(cursor ? { cursor } : {}),
      },
    );
    const ours = page.messages?.find(
      ({ metadata }) => metadata?.event_type === METADATA_TYPE && isOf(metadata.event_payload, post),
    );
    if (ours !== undefined) return ours.ts;
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
  return null;
}

/** Ids start again in a new catalog, so the notices must match too: the lost message told of some of the post's. */
function isOf(payload: { post?: number; notices?: string } | undefined, post: Post): boolean {
  if (payload?.post !== post.id) return false;
  const told = (payload.notices ?? '').split(',').map(Number);
  const ours = new Set(post.notices.map((notice) => notice.id));
  return told.every((id) => ours.has(id));
}

async function giveBack(options: ConfirmOptions, post: Post, error: unknown): Promise<void> {
  const { catalog, owner, log, now } = options;
  const code = errorCode(error);
  if (NEVER.has(code)) {
    log.info({ code, channel: post.channelId, post: post.id }, 'a confirmation cannot be posted there');
    await dropPost(catalog, post.id, owner, code);
    return;
  }
  const retryAfterMs = error instanceof SlackApiError ? (error.retryAfterMs ?? 0) : 0;
  log.warn(
    { code, channel: post.channelId, post: post.id, err: error },
    'a confirmation failed; it will be tried again',
  );
  await deferPost(catalog, post.id, owner, {
    dueAt: now() + Math.max(backOff(post.attempts + 1), retryAfterMs),
    code,
  });
}
