import type { SlackApi } from './api.ts';
import { cached } from './cached.ts';
import { pagesOf } from './pages.ts';
import { idOf, objectsOf } from './shapes.ts';

/** Slack allows less than 1,000. Source: docs.slack.dev/reference/methods/conversations.list, "limit". */
const PAGE_SIZE = 999;
/** To list a workspace's channels costs one request per page, in a slow tier. */
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
  /** Public channels that the bot is not in. The answer is at most five minutes old. Throws `SlackApiError`. */
  uncovered(): Promise<Uncovered>;
}

interface Channel {
  id: string;
  is_member?: boolean;
  num_members?: number;
}

export function createCoverage({ api, now }: { api: SlackApi; now?: () => number }): Coverage {
  const kept = cached<Uncovered>(KEEP_MS, now, async () => {
    const others: Channel[] = [];
    let pages = 0;
    let atLeast = false;
    const args = { types: 'public_channel', exclude_archived: true, limit: PAGE_SIZE };
    for await (const page of pagesOf(api, 'conversations.list', args, { patienceMs: PATIENCE_MS })) {
      const listed = objectsOf<Channel>(page.channels).filter(({ id }) => idOf(id) !== null);
      others.push(...listed.filter((channel) => channel.is_member !== true));
      pages += 1;
      atLeast = pages === MOST_PAGES && Boolean(page.response_metadata?.next_cursor);
      if (atLeast) break;
    }
    const largest = others
      .sort((a, b) => (Number(b.num_members) || 0) - (Number(a.num_members) || 0))
      .slice(0, 10);
    return { channelIds: largest.map(({ id }) => id), total: others.length, atLeast };
  });
  return { uncovered: () => kept.get('') };
}
