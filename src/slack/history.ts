import type { Conversation } from '../capture/sweep.ts';
import { asTs, UnreadableError, type WalkSource } from '../capture/walk.ts';
import type { Share } from '../catalog/model.ts';
import { type SlackApi, SlackApiError } from './api.ts';
import { readFiles, type SlackFile } from './file-object.ts';
import { filesOfMessage, type SlackMessage, sharesOfFile } from './message-files.ts';
import { objectsOf } from './shapes.ts';

/** Slack recommends no more than 200 a page. Source: docs.slack.dev/apis/web-api/pagination. */
const PAGE_SIZE = 200;

/** Nobody waits for a sweep: it lets everybody else go first. */
const PATIENCE = { patienceMs: 60_000 };

/**
 * Without `latest`, Slack gives the messages next to `oldest` first. A year ahead, because our clock may be wrong.
 */
const AHEAD_MS = 365 * 86_400_000;

/** Slack's answers that mean that the bot is not in the channel. Source: docs.slack.dev/reference/methods/conversations.history. */
const LOST = new Set(['not_in_channel', 'channel_not_found']);

interface ListedMessage extends SlackMessage {
  reply_count?: number;
  latest_reply?: string;
}

/** Reads what was shared in channels, in the words of a walk. */
export function slackHistory(options: {
  api: SlackApi;
  teamId: string;
  now?: () => number;
  /** Messages or files a page, at most 999. */
  pageSize?: number;
}): WalkSource {
  const { api, teamId, now = Date.now, pageSize: limit = PAGE_SIZE } = options;

  async function read<T>(method: string, args: Record<string, unknown>): Promise<T> {
    try {
      return await api.call<T>(method, args, PATIENCE);
    } catch (error) {
      if (!(error instanceof SlackApiError) || error.temporary) throw error;
      throw new UnreadableError(error.code, LOST.has(error.code), error);
    }
  }

  const found = (channelId: string, messages: SlackMessage[]) =>
    messages.flatMap((message) => filesOfMessage(teamId, { id: channelId, kind: null }, message));

  return {
    async history(channelId, { oldest, before }) {
      const { messages = [], has_more } = await read<{ messages?: ListedMessage[]; has_more?: boolean }>(
        'conversations.history',
        {
          channel: channelId,
          oldest: asTs(Math.max(0, oldest)),
          latest: before ?? asTs(now() + AHEAD_MS),
          limit,
        },
      );
      const threads = new Set<string>();
      for (const { ts, thread_ts, reply_count = 0, latest_reply } of messages) {
        if (thread_ts === undefined) continue;
        // A reply that was also sent to the channel shows that its thread, however old, goes on.
        if (thread_ts !== ts) threads.add(thread_ts);
        else if (reply_count > 0 && (latest_reply === undefined || time(latest_reply) > oldest))
          threads.add(thread_ts);
      }
      const moments = messages.flatMap(({ ts, latest_reply }) =>
        [ts, latest_reply].filter((one) => one !== undefined),
      );
      return {
        found: found(channelId, messages),
        threads: [...threads],
        last: messages.at(-1)?.ts ?? null,
        newest: moments.length === 0 ? null : Math.max(...moments.map(time)),
        messages: messages.length,
        more: has_more === true,
      };
    },

    async replies(channelId, threadTs, after) {
      const page = await read<{ messages?: ListedMessage[]; has_more?: boolean }>('conversations.replies', {
        channel: channelId,
        ts: threadTs,
        oldest: after,
        limit: Math.max(2, limit),
      }).catch((error: unknown) => {
        // Its parent was deleted meanwhile, and the thread with it.
        if (error instanceof UnreadableError && error.code === 'thread_not_found')
          return { messages: [], has_more: false };
        throw error;
      });
      const { messages = [], has_more } = page;
      // The parent comes first on every page, whatever was asked for.
      const replies = messages.filter(({ ts = '' }) => ts !== threadTs && ts > after);
      return {
        found: found(channelId, messages),
        last: replies.at(-1)?.ts ?? null,
        messages: replies.length,
        more: has_more === true,
      };
    },

    async files(channelId, { from, to, page }) {
      const answer = await read<{ files?: SlackFile[]; paging?: { pages?: number } }>('files.list', {
        channel: channelId,
        ts_from: Math.floor(Math.max(0, from) / 1_000),
        ...(to === null ? {} : { ts_to: to }),
        count: limit,
        page,
        show_files_hidden_by_limit: true,
      });
      const files = objectsOf<SlackFile>(answer.files);
      return {
        found: files.flatMap((object) => {
          const places = placesOf(object, channelId);
          // An e-mail's attachments stand where it stands, after it.
          return readFiles(teamId, object).flatMap((read, at) =>
            places.map((share) => ({ ...read, share: at === 0 ? share : { ...share, position: at } })),
          );
        }),
        last: files.at(-1)?.created ?? null,
        more: page < (answer.paging?.pages ?? 1),
      };
    },
  };
}

/** Where in the channel a listed file was shared. Slack does not always say; capture asks `files.info` then. */
function placesOf(object: SlackFile, channelId: string): Share[] {
  const told = sharesOfFile(object.shares).filter((share) => share.channelId === channelId);
  if (told.length > 0) return told;
  const sharedAt = (object.created ?? 0) * 1_000;
  return [{ channelId, channelKind: null, ts: null, threadTs: null, userId: object.user ?? null, sharedAt }];
}

function time(ts: string): number {
  return Math.floor(Number(ts) * 1_000);
}

interface SlackConversation {
  id: string;
  name?: string;
  user?: string;
  is_im?: boolean;
  is_mpim?: boolean;
  is_private?: boolean;
  is_archived?: boolean;
}

/** Every conversation that the bot is in, archived ones too. Throws `SlackApiError`. */
export async function ownConversations(api: SlackApi): Promise<Conversation[]> {
  const found: Conversation[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.call<{
      channels?: SlackConversation[];
      response_metadata?: { next_cursor?: string };
    }>(
      'users.conversations',
      {
        types: 'public_channel,private_channel,mpim,im',
        exclude_archived: false,
        limit: 999,
        ...(cursor ? { cursor } : {}),
      },
      PATIENCE,
    );
    for (const { id, name, user, is_im, is_mpim, is_private, is_archived } of page.channels ?? []) {
      found.push({
        channelId: id,
        name: is_im === true ? null : (name ?? null),
        // Not by the id: private channels may begin with C, and those shared with another organisation do.
        kind: is_im === true ? 'im' : is_mpim === true ? 'mpim' : is_private === true ? 'private' : 'public',
        isArchived: is_archived === true,
        imUserId: user ?? null,
      });
    }
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
  return found;
}
