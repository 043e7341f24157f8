import { asTs, UnreadableError, type WalkSource } from '../capture/walk.ts';
import type { Share } from '../catalog/model.ts';
import { DAY_MS } from '../time.ts';
import { type SlackApi, SlackApiError } from './api.ts';
import { unexpectedAnswer } from './api-error.ts';
import { canvasesOf } from './channel-canvases.ts';
import { readFiles } from './file-object.ts';
import type { SlackFile } from './file-shape.ts';
import { filesOfMessage, type SlackMessage, sharesOfFile } from './message-files.ts';
import { orLost } from './pages.ts';
import { idOf, msOf, objectsOf, secondsOf, tsOf } from './shapes.ts';
import { askedOneByOne, ofWorkspace } from './workspaces.ts';

/** Slack recommends at most 200 per page. Source: docs.slack.dev/apis/web-api/pagination. */
const PAGE_SIZE = 200;

/** Nobody waits for a sweep, so it may wait long for its turn. */
export const PATIENCE = { patienceMs: 60_000 };

/**
 * Without `latest`, Slack gives the messages next to `oldest` first. So `latest` is set a year ahead: our clock may be
 * wrong.
 */
const AHEAD_MS = 365 * DAY_MS;

/** Errors for a channel that the bot is not in. Source: docs.slack.dev/reference/methods/conversations.history. */
const LOST = new Set(['not_in_channel', 'channel_not_found']);

interface ListedMessage extends SlackMessage {
  reply_count?: number;
  latest_reply?: string;
}

/** The source of a walk: reads from Slack what was shared in channels. */
export function slackHistory(options: {
  api: SlackApi;
  teamId: string;
  now?: () => number;
  /** The workspaces of an organisation in which Slack listed this conversation when it was last looked. */
  storedWorkspaces?(channelId: string): Promise<readonly string[]>;
  /** Messages or files per page, at most 999. */
  pageSize?: number;
}): WalkSource {
  const { api, teamId, now = Date.now, pageSize: limit = PAGE_SIZE } = options;

  async function read<T>(method: string, args: Record<string, unknown>): Promise<T> {
    return orUnreadable(() => api.call<T>(method, args, PATIENCE));
  }

  async function orUnreadable<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof SlackApiError) || !error.permanent) throw error;
      throw new UnreadableError(error.code, LOST.has(error.code), error);
    }
  }

  /** Of a channel that Slack does not show, the list itself is refused, with its reason. */
  async function workspaceOf(channelId: string): Promise<string | null> {
    try {
      return (await api.workspaces?.of(channelId)) ?? null;
    } catch (error) {
      if (error instanceof SlackApiError && error.permanent) return null;
      throw error;
    }
  }

  /**
   * The workspaces whose lists have this conversation's files: the one that it names, else those that listed it. A direct
   * message may name none, so then all are asked.
   */
  async function workspacesWith(channelId: string): Promise<ReadonlyArray<string | undefined>> {
    if (api.workspaces?.isOrganisation !== true) return [undefined];
    const named = await workspaceOf(channelId);
    if (named !== null) return [named];
    const ours = await askedOneByOne(api);
    const stored = (await options.storedWorkspaces?.(channelId)) ?? [];
    const listed = ours.filter((id) => id !== undefined && stored.includes(id));
    return listed.length > 0 ? listed : ours.length > 0 ? ours : [undefined];
  }

  /** One page of `files.list` in each of these workspaces. Throws if all refuse it. */
  async function filePages(
    workspaces: ReadonlyArray<string | undefined>,
    args: Record<string, unknown>,
  ): Promise<ListedFiles[]> {
    const pages: ListedFiles[] = [];
    let refusal: unknown;
    for (const workspace of workspaces) {
      const asked = { ...args, ...ofWorkspace(workspace) };
      const ask = () => api.call<ListedFiles>('files.list', asked, PATIENCE);
      try {
        const page = await orUnreadable(() => orLost(api, workspace, ask));
        if (page !== undefined) pages.push(page);
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
        refusal ??= error;
      }
    }
    if (pages.length === 0 && refusal !== undefined) throw refusal;
    return pages;
  }

  const found = (channelId: string, messages: SlackMessage[], root?: SlackMessage) =>
    messages.flatMap((message) =>
      filesOfMessage(teamId, { id: channelId, kind: null }, message, message.root ?? root),
    );

  return {
    async history(channelId, { oldest, before }) {
      const answer = await read<{ messages?: ListedMessage[]; has_more?: boolean }>('conversations.history', {
        channel: channelId,
        oldest: asTs(Math.max(0, oldest)),
        latest: before ?? asTs(now() + AHEAD_MS),
        limit,
      });
      const messages = objectsOf<ListedMessage>(answer.messages);
      const threads = new Set<string>();
      for (const { ts, thread_ts, reply_count, latest_reply } of messages) {
        const [thread, latest] = [tsOf(thread_ts), tsOf(latest_reply)];
        if (thread === null) continue;
        // A reply that was also sent to the channel shows that its thread goes on, even if the thread is old.
        if (thread !== ts) threads.add(thread);
        else if (Number(reply_count) > 0 && (latest === null || time(latest) > oldest)) threads.add(thread);
      }
      const moments = messages
        .flatMap(({ ts, latest_reply }) => [tsOf(ts), tsOf(latest_reply)])
        .filter((ts) => ts !== null);
      const last = messages.map(({ ts }) => tsOf(ts)).findLast((ts) => ts !== null) ?? null;
      // If the walk ended here, it would miss everything older.
      if (last === null && answer.has_more === true) throw unexpectedAnswer('conversations.history');
      return {
        found: found(channelId, messages),
        threads: [...threads],
        last,
        newest: moments.length === 0 ? null : Math.max(...moments.map(time)),
        messages: messages.length,
        more: answer.has_more === true,
      };
    },

    async replies(channelId, threadTs, after) {
      const page = await read<{ messages?: ListedMessage[]; has_more?: boolean }>('conversations.replies', {
        channel: channelId,
        ts: threadTs,
        oldest: after,
        limit: Math.max(2, limit),
      }).catch((error: unknown) => {
        // The parent was deleted meanwhile, and the thread with it.
        if (error instanceof UnreadableError && error.code === 'thread_not_found')
          return { messages: [], has_more: false };
        throw error;
      });
      const messages = objectsOf<ListedMessage>(page.messages);
      // Slack puts the parent first on every page, also when it was not asked for.
      const replies = messages
        .map(({ ts }) => tsOf(ts))
        .filter((ts) => ts !== null)
        .filter((ts) => ts !== threadTs && ts > after);
      const root = messages.find(({ ts }) => tsOf(ts) === threadTs);
      return {
        found: found(channelId, messages, root),
        last: replies.at(-1) ?? null,
        messages: replies.length,
        more: page.has_more === true,
      };
    },

    async files(channelId, { from, to, page }) {
      const pages = await filePages(await workspacesWith(channelId), {
        channel: channelId,
        ts_from: Math.floor(Math.max(0, from) / 1_000),
        ...(to === null ? {} : { ts_to: to }),
        count: limit,
        page,
        show_files_hidden_by_limit: true,
      });
      const goOn = pages.filter(({ paging }) => page < (Number(paging?.pages) || 1));
      // Two workspaces may list the same file.
      const listed = new Map(
        pages.flatMap(({ files }) => objectsOf<SlackFile>(files)).map((one) => [one.id, one]),
      );
      const files = [...listed.values()];
      // Of several lists, the next page begins where the first of those that go on has ended: nothing is left out.
      const ends = goOn.map(oldestOf).filter((at) => at !== null);
      return {
        found: files.flatMap((object) => {
          const places = placesOf(object, channelId);
          // What only this file names, such as an e-mail's attachments, has the same place, after it.
          return readFiles(teamId, object).flatMap((read, at) =>
            places.map((share) => ({ ...read, share: at === 0 ? share : { ...share, position: at } })),
          );
        }),
        last: ends.length === 0 ? null : Math.max(...ends),
        more: goOn.length > 0,
      };
    },

    async canvases(channelId) {
      const { channel } = await read<{ channel?: unknown }>('conversations.info', { channel: channelId });
      return { found: canvasesOf(teamId, channelId, channel, now()) };
    },
  };
}

interface ListedFiles {
  files?: SlackFile[];
  paging?: { pages?: number };
}

/** When the last file of a page was made: they are listed newest first. */
function oldestOf({ files }: ListedFiles): number | null {
  const made = objectsOf<SlackFile>(files).map(({ created }) => secondsOf(created));
  return made.filter((created) => created !== null).at(-1) ?? null;
}

/** Where in the channel a listed file was shared. If Slack does not say, capture asks `files.info` later. */
function placesOf(object: SlackFile, channelId: string): Share[] {
  const told = sharesOfFile(object.shares).filter((share) => share.channelId === channelId);
  if (told.length > 0) return told;
  const sharedAt = msOf(object.created) ?? 0;
  return [{ channelId, channelKind: null, ts: null, threadTs: null, userId: idOf(object.user), sharedAt }];
}

function time(ts: string): number {
  return Math.floor(Number(ts) * 1_000);
}
