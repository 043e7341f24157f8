import type { SlackApi } from './api.ts';
import { keepFor } from './keep.ts';
import { idOf, objectsOf } from './shapes.ts';

/** Slack takes less than 1,000. Source: docs.slack.dev/reference/methods/conversations.list, "limit". */
const PAGE_SIZE = 999;
/** Listing a workspace's channels costs a request per page, in a slow tier. */
const KEEP_MS = 5 * 60_000;
const MOST_PAGES = 10;
/** A person waits for this. */
const PATIENCE_MS = 5_000;

export interface Uncovered {
  /** The ten with the most members. */
  channelIds: string[];
  total: number;
  /** True when the workspace has more channels than were looked at. */
  atLeast: boolean;
}

export interface Coverage {
  /** Public channels that the bot is not in, as they were within the last five minutes. Throws `SlackApiError`. */
  uncovered(): Promise<Uncovered>;
}

interface Channel {
  id: string;
  is_member?: boolean;
  num_members?: number;
}

export function createCoverage({ api, now }: { api: SlackApi; now?: () => number }): Coverage {
  const kept = keepFor<Uncovered>(KEEP_MS, now, async () => {
    const others: Channel[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await api.call<{
        channels?: unknown;
        response_metadata?: { next_cursor?: string };
      }>(
        'conversations.list',
        { types: 'public_channel', exclude_archived: true, limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) },
        { patienceMs: PATIENCE_MS },
      );
      const listed = objectsOf<Channel>(answer.channels).filter(({ id }) => idOf(id) !== null);
      others.push(...listed.filter((channel) => channel.is_member !== true));
      cursor = answer.response_metadata?.next_cursor || undefined;
      if (cursor === undefined) break;
    }
    const largest = others
      .sort((a, b) => (Number(b.num_members) || 0) - (Number(a.num_members) || 0))
      .slice(0, 10);
    return { channelIds: largest.map(({ id }) => id), total: others.length, atLeast: cursor !== undefined };
  });
  return { uncovered: () => kept.get('') };
}
