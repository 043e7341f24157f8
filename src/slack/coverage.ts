import type { CallOptions, SlackApi } from './api.ts';
import { cached } from './cached.ts';
import { PATIENCE } from './history.ts';
import { pagesOf } from './pages.ts';
import type { People } from './people.ts';
import { type Conversation, isPublic } from './public-channels.ts';
import { idOf, msOf, objectsOf, textOf } from './shapes.ts';
import { createTally } from './tally.ts';

/** Slack allows less than 1,000. Source: docs.slack.dev/reference/methods/conversations.list, "limit". */
const PAGE_SIZE = 999;
/** To list a workspace's channels costs one request per page, in a slow tier. */
const KEEP_MS = 5 * 60_000;
const MOST_PAGES = 10;
/** When nobody waits: a hundred thousand channels of each workspace. */
const MOST_PAGES_IN_PEACE = 100;
/** A person waits for this. */
const PATIENCE_MS = 5_000;
/** The channels of a person change seldom, and a screen only points them out. */
const KEEP_OF_PERSON_MS = 10 * 60_000;
/** So many people per minute, of the 50 that Slack allows: others need the rest to know what a person may see. */
const PEOPLE_PER_MINUTE = 10;

/** A public channel that the bot is not in. */
export interface PublicChannel {
  channelId: string;
  name: string | null;
  /** When it was made (ms). */
  createdAt: number | null;
  /** Shared with another organisation, over Slack Connect, or about to be. */
  isShared: boolean;
}

export interface Uncovered {
  /** The ten with the most members. */
  channelIds: string[];
  /** All that were looked at, those with the most members first. */
  channels: PublicChannel[];
  total: number;
  /** True when the workspace has more channels than were looked at. */
  atLeast: boolean;
}

export interface Coverage {
  /** Public channels that the bot is not in. The answer is at most five minutes old. Throws `SlackApiError`. */
  uncovered(): Promise<Counted>;
  /** How many public channels there are, and those that the bot is not in, asked now. Throws `SlackApiError`. */
  count(): Promise<Counted>;
  /**
   * The public channels that this person is in, at most ten minutes old. Null while too many people are asked about.
   * Throws `SlackApiError`.
   */
  publicChannelsOf(userId: string): Promise<readonly string[] | null>;
}

export interface Counted extends Uncovered {
  /** Of these, the bot is in. */
  inside: number;
}

/** Source: docs.slack.dev/reference/objects/conversation-object. */
interface Channel {
  id: string;
  name?: unknown;
  created?: unknown;
  is_member?: boolean;
  num_members?: number;
  is_shared?: unknown;
  is_org_shared?: unknown;
  is_ext_shared?: unknown;
  is_pending_ext_shared?: unknown;
}

/** What Slack says of a public channel. */
export function publicChannelOf(told: Channel): PublicChannel {
  const { is_shared, is_org_shared, is_ext_shared, is_pending_ext_shared } = told;
  return {
    channelId: told.id,
    name: textOf(told.name),
    createdAt: msOf(told.created),
    // `is_shared` is also true between workspaces of one organisation.
    isShared:
      is_ext_shared === true ||
      is_pending_ext_shared === true ||
      (is_shared === true && is_org_shared !== true),
  };
}

/**
 * The same of one channel, asked now, and whether the bot is in; null when it is not public (any more). Throws `SlackApiError`.
 */
export async function publicChannelNow(
  api: SlackApi,
  channelId: string,
  options: CallOptions,
): Promise<(PublicChannel & { isMember: boolean }) | null> {
  const { channel } = await api.call<{ channel: Channel & Conversation }>(
    'conversations.info',
    { channel: channelId },
    options,
  );
  if (!isPublic(channel)) return null;
  return { ...publicChannelOf({ ...channel, id: channelId }), isMember: channel.is_member === true };
}

export function createCoverage({
  api,
  people,
  now,
}: {
  api: SlackApi;
  /** Says in which of an organisation's workspaces somebody is. */
  people?: Pick<People, 'person'>;
  now?: () => number;
}): Coverage {
  const asked = createTally(PEOPLE_PER_MINUTE, now);

  async function count(mostPages = MOST_PAGES_IN_PEACE, options: CallOptions = PATIENCE): Promise<Counted> {
    // Workspaces of one organisation may share a channel: each lists it.
    const found = new Map<string, Channel>();
    let atLeast = false;
    const args = { types: 'public_channel', exclude_archived: true, limit: PAGE_SIZE };
    for await (const page of pagesOf(api, 'conversations.list', args, { ...options, mostPages })) {
      for (const channel of objectsOf<Channel>(page.channels))
        if (idOf(channel.id) !== null) found.set(channel.id, channel);
      atLeast ||= page.isCut;
    }
    const others = [...found.values()].filter((channel) => channel.is_member !== true);
    const inside = found.size - others.length;
    const channels = others
      .sort((a, b) => (Number(b.num_members) || 0) - (Number(a.num_members) || 0))
      .map(publicChannelOf);
    const channelIds = channels.slice(0, 10).map(({ channelId }) => channelId);
    return { channelIds, channels, total: others.length, atLeast, inside };
  }

  const kept = cached<Counted>(KEEP_MS, now, (_, asking) =>
    count(MOST_PAGES, { patienceMs: PATIENCE_MS, ...asking }),
  );

  // `users.conversations` names the public channels of anybody, whether the bot is in them or not.
  // Source: docs.slack.dev/reference/methods/users.conversations ("user", "exclude_archived").
  const ofPerson = cached<readonly string[]>(KEEP_OF_PERSON_MS, now, async (user, asking) => {
    const found = new Set<string>();
    const args = { user, types: 'public_channel', exclude_archived: true, limit: PAGE_SIZE };
    const among = api.workspaces?.isOrganisation ? (await people?.person(user))?.workspaces : undefined;
    const options = { patienceMs: PATIENCE_MS, ...asking, among };
    for await (const page of pagesOf(api, 'users.conversations', args, options))
      for (const { id } of objectsOf<Channel>(page.channels)) if (idOf(id) !== null) found.add(id);
    return [...found];
  });

  return {
    uncovered: () => kept.get(''),
    count: () => count(),
    async publicChannelsOf(userId) {
      if (!ofPerson.has(userId) && asked.isFull()) return null;
      return ofPerson.get(userId);
    },
  };
}
