import type { SlackApi } from './api.ts';
import { cached } from './cached.ts';
import { isLasting, pagesOf, TooManyError } from './pages.ts';
import { type Conversation, isPublic, type Openness, openIn } from './public-channels.ts';
import { idOf, objectsOf } from './shapes.ts';
import { createTally } from './tally.ts';

/** The key for the bot itself, among the people whose conversations are kept. */
const BOT = '';
const TYPES = 'public_channel,private_channel,mpim';
/** Slack allows less than 1,000. Source: docs.slack.dev/reference/methods/conversations.members, "limit". */
const PAGE_SIZE = 999;
/** The list of a larger channel is not read: the person's own list of channels is shorter. */
const MOST_PAGES = 5;
/** This many people per minute are asked about by their own channels (Slack allows 50); more by channels' members. */
const ONE_BY_ONE = 15;
/** For a crowd, at most this many channels' members are asked for, of the 100 calls that Slack allows per minute. */
const MOST_LISTS = 60;

/** Up to this many channels, their members are asked for: one answer serves everybody who asks. */
const FEW = 3;

/** The conversations of somebody, and whether each is public. `places`: see `placesOfBot`; empty for anybody else. */
interface Listed {
  channels: Map<string, boolean>;
  places: Map<string, Openness>;
}

export interface Members {
  /** The conversations that this person and the bot share. */
  ofPerson(userId: string, maxAgeMs?: number): Promise<ReadonlySet<string>>;
  ofBot(maxAgeMs?: number): Promise<ReadonlyMap<string, boolean>>;
  /** In an organisation: the workspaces of the bot's own channels; null for one that is not public. */
  placesOfBot(): Promise<ReadonlyMap<string, Openness>>;
  /**
   * Which of these channels this person is in. If the person sees public channels anyway, channels that the bot is not
   * in may be missing.
   */
  among(
    userId: string,
    channelIds: readonly string[],
    about: { seesPublic(): Promise<boolean>; maxAgeMs?: number | undefined },
  ): Promise<ReadonlySet<string>>;
  joined(userId: string, channelId: string): void;
  left(userId: string, channelId: string): void;
  sawIn(userId: string, channelId: string): void;
  forgetPerson(userId: string): void;
  forgetChannel(channelId: string): void;
  /** The bot has joined a public channel: what is kept of others stays true. */
  botJoinedPublic(channelId: string): void;
  forgetAll(): void;
}

/**
 * Who is in which conversation. Answers are kept for `ttlMs` and updated by events. Slack is asked for what is
 * cheapest: the members of one channel (one call serves everybody in it), the channels of one person, or, for a crowd,
 * the members of all the bot's channels among those asked for. Throws `SlackApiError`.
 */
export function createMembers(o: {
  api: SlackApi;
  ttlMs: number;
  now: (() => number) | undefined;
  patience(): { patienceMs: number };
  /** The workspaces of ours that a person is in; undefined for the token of one workspace. Whoever is in none is in no channel. */
  workspacesOf?(userId: string): Promise<readonly string[] | undefined>;
}): Members {
  const { api, ttlMs, now, patience, workspacesOf } = o;
  const oneByOne = createTally(ONE_BY_ONE, now);

  const channelsOf = cached<Listed>(
    ttlMs,
    now,
    async (userId, asking) => {
      const found: Listed = { channels: new Map(), places: new Map() };
      // Slack lists a private conversation only if the bot is a member too. The vault knows no others.
      const whose = userId === BOT ? {} : { user: userId };
      const args = { ...whose, types: TYPES, limit: PAGE_SIZE };
      const among = userId === BOT ? undefined : await workspacesOf?.(userId);
      const options = { ...patience(), ...asking, among };
      for await (const page of pagesOf(api, 'users.conversations', args, options)) {
        for (const told of objectsOf<Conversation>(page.channels)) {
          const channelId = idOf(told.id);
          if (channelId === null) continue;
          found.channels.set(channelId, isPublic(told));
          if (userId !== BOT || page.workspace === undefined) continue;
          const before = found.places.get(channelId) ?? [];
          found.places.set(channelId, isPublic(told) ? [...before, ...openIn(told, page.workspace)] : null);
        }
      }
      return found;
    },
    isLasting,
  );

  const peopleOf = cached<Set<string>>(
    ttlMs,
    now,
    async (channelId, asking) => {
      const found = new Set<string>();
      let count = 0;
      const args = { channel: channelId, limit: PAGE_SIZE };
      const options = { ...patience(), ...asking };
      for await (const { members } of pagesOf(api, 'conversations.members', args, options)) {
        count += 1;
        // If the answer is not a list, it does not show that anybody is absent.
        if (!Array.isArray(members) || count > MOST_PAGES) throw new TooManyError(channelId);
        for (const userId of members) if (typeof userId === 'string') found.add(userId);
      }
      return found;
    },
    isLasting,
  );

  const ofPerson = async (userId: string, maxAgeMs?: number) =>
    new Set((await channelsOf.get(userId, maxAgeMs)).channels.keys());

  async function isIn(userId: string, channelId: string, maxAgeMs?: number): Promise<boolean> {
    try {
      return (await peopleOf.get(channelId, maxAgeMs)).has(userId);
    } catch (error) {
      // The channel is too large, or Slack does not show it to the bot.
      if (!isLasting(error)) throw error;
      return (await channelsOf.get(userId, maxAgeMs)).channels.has(channelId);
    }
  }

  /** Those of these channels that the bot is in, so that their members can be asked for. Undefined when too many. */
  async function listable(channelIds: readonly string[]): Promise<string[] | undefined> {
    const { channels: ours } = await channelsOf.get(BOT);
    const ids = channelIds.filter((id) => ours.has(id));
    return ids.filter((id) => !peopleOf.has(id)).length > MOST_LISTS ? undefined : ids;
  }

  return {
    ofPerson,
    ofBot: async (maxAgeMs) => (await channelsOf.get(BOT, maxAgeMs)).channels,
    placesOfBot: async () => (await channelsOf.get(BOT)).places,
    async among(userId, channelIds, { seesPublic, maxAgeMs }) {
      // In none of the workspaces that have the app. The members of a shared channel would say yes, their own channels no.
      if (channelIds.length > 0 && (await workspacesOf?.(userId))?.length === 0) return new Set();
      const kept = channelsOf.peek(userId, maxAgeMs);
      if (kept !== undefined) return new Set(channelIds.filter((id) => kept.channels.has(id)));
      if (channelIds.length <= FEW) {
        const answers = await Promise.all(channelIds.map((id) => isIn(userId, id, maxAgeMs)));
        return new Set(channelIds.filter((_, at) => answers[at]));
      }
      const isCrowd =
        maxAgeMs === undefined && !channelsOf.has(userId) && oneByOne.isFull() && (await seesPublic());
      const ids = isCrowd ? await listable(channelIds) : undefined;
      if (ids !== undefined) {
        try {
          const lists = await Promise.all(ids.map((id) => peopleOf.get(id)));
          return new Set(ids.filter((_, at) => lists[at]?.has(userId)));
        } catch (error) {
          if (!isLasting(error)) throw error;
        }
      }
      const mine = await ofPerson(userId, maxAgeMs);
      return new Set(channelIds.filter((id) => mine.has(id)));
    },
    joined: (userId, channelId) => peopleOf.mend(channelId, (members) => members.add(userId)),
    left: (userId, channelId) => peopleOf.mend(channelId, (members) => members.delete(userId)),
    sawIn(userId, channelId) {
      channelsOf.forgetUnless(userId, ({ channels }) => channels.has(channelId));
      peopleOf.forgetUnless(channelId, (members) => members.has(userId));
    },
    forgetPerson: channelsOf.forget,
    forgetChannel(channelId) {
      peopleOf.forget(channelId);
      channelsOf.forget(BOT);
    },
    botJoinedPublic(channelId) {
      peopleOf.forget(channelId);
      channelsOf.mend(BOT, ({ channels, places }) => {
        channels.set(channelId, true);
        places.delete(channelId);
      });
    },
    forgetAll() {
      channelsOf.forgetAll();
      peopleOf.forgetAll();
    },
  };
}
