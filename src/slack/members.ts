import { type SlackApi, SlackApiError } from './api.ts';
import { type Asking, keepFor } from './keep.ts';
import { idOf, objectsOf } from './shapes.ts';
import { createTally } from './tally.ts';

/** The bot itself, among the people whose conversations are kept. */
const BOT = '';
const TYPES = 'public_channel,private_channel,mpim';
/** Slack takes less than 1,000. Source: docs.slack.dev/reference/methods/conversations.members, "limit". */
const PAGE_SIZE = 999;
/** Of a larger channel nobody's place is looked up in its list: the person's own list of channels is shorter. */
const MOST_PAGES = 5;
/** Of so many people a minute their own channels are asked for (Slack answers 50); then the channels' people are. */
const ONE_BY_ONE = 15;
/** So many channels are asked for a crowd at most, of the 100 that Slack answers in a minute. */
const MOST_LISTS = 60;

export interface Members {
  /** The conversations that this person and the bot share. */
  ofPerson(userId: string): Promise<ReadonlySet<string>>;
  /** The same, of which the public ones may be missing: for people who see these anyway. */
  privateOfPerson(userId: string): Promise<ReadonlySet<string>>;
  ofBot(): Promise<ReadonlyMap<string, boolean>>;
  isIn(userId: string, channelId: string): Promise<boolean>;
  joined(userId: string, channelId: string): void;
  left(userId: string, channelId: string): void;
  forgetPerson(userId: string): void;
  forgetChannel(channelId: string): void;
}

interface Page {
  response_metadata?: { next_cursor?: string };
  channels?: unknown;
  members?: unknown;
}

class TooManyError extends Error {
  readonly code = 'too_many_members';
}

/** True for an answer that Slack will give again, and for a channel too large to be listed. */
export const isLasting = (error: unknown): boolean =>
  error instanceof SlackApiError ? !error.temporary : error instanceof TooManyError;

/**
 * Who is in which conversation, kept for `ttlMs` and mended by events. Slack is asked whatever is cheapest: the people
 * of one channel (one call serves everybody in it), the channels of one person, or, when a crowd asks, the people of all
 * the bot's channels. Throws `SlackApiError`.
 */
export function createMembers(o: {
  api: SlackApi;
  ttlMs: number;
  now: (() => number) | undefined;
  patience(): { patienceMs: number };
}): Members {
  const { api, ttlMs, now, patience } = o;
  const oneByOne = createTally(ONE_BY_ONE, now);

  /** All pages of a list. */
  async function* pages(method: string, args: Record<string, unknown>, asking: Asking) {
    let cursor: string | undefined;
    do {
      const more = cursor ? { cursor } : {};
      const page = await api.call<Page>(
        method,
        { ...args, limit: PAGE_SIZE, ...more },
        { ...patience(), ...asking },
      );
      yield page;
      cursor = page.response_metadata?.next_cursor || undefined;
    } while (cursor !== undefined);
  }

  const channelsOf = keepFor<Map<string, boolean>>(
    ttlMs,
    now,
    async (userId, asking) => {
      const found = new Map<string, boolean>();
      // Private conversations are listed only where the bot is a member too, which is all that the vault knows of.
      const whose = userId === BOT ? {} : { user: userId };
      for await (const page of pages('users.conversations', { ...whose, types: TYPES }, asking)) {
        const listed = objectsOf<{ id?: unknown; is_private?: boolean; is_mpim?: boolean }>(page.channels);
        for (const { id, is_private, is_mpim } of listed) {
          const channelId = idOf(id);
          if (channelId !== null) found.set(channelId, is_private !== true && is_mpim !== true);
        }
      }
      return found;
    },
    isLasting,
  );

  const peopleOf = keepFor<Set<string>>(
    ttlMs,
    now,
    async (channelId, asking) => {
      const found = new Set<string>();
      let count = 0;
      for await (const { members } of pages('conversations.members', { channel: channelId }, asking)) {
        count += 1;
        // A list that is none tells of nobody's absence.
        if (!Array.isArray(members) || count > MOST_PAGES) throw new TooManyError(channelId);
        for (const userId of members) if (typeof userId === 'string') found.add(userId);
      }
      return found;
    },
    isLasting,
  );

  const ofPerson = async (userId: string) => new Set((await channelsOf.get(userId)).keys());

  return {
    ofPerson,
    ofBot: () => channelsOf.get(BOT),
    async privateOfPerson(userId) {
      if (channelsOf.peek(userId) !== undefined || !oneByOne.isFull()) return ofPerson(userId);
      const ids = [...(await channelsOf.get(BOT))].flatMap(([id, isPublic]) => (isPublic ? [] : [id]));
      if (ids.filter((id) => peopleOf.peek(id) === undefined).length > MOST_LISTS) return ofPerson(userId);
      try {
        const lists = await Promise.all(ids.map((id) => peopleOf.get(id)));
        return new Set(ids.filter((_, at) => lists[at]?.has(userId)));
      } catch (error) {
        if (!isLasting(error)) throw error;
        return ofPerson(userId);
      }
    },
    async isIn(userId, channelId) {
      // A "no" may be from before the person joined, so the channel is asked.
      if (channelsOf.peek(userId)?.has(channelId)) return true;
      try {
        return (await peopleOf.get(channelId)).has(userId);
      } catch (error) {
        // The channel is too large, or Slack does not show it to the bot.
        if (!isLasting(error)) throw error;
        return (await channelsOf.get(userId)).has(channelId);
      }
    },
    joined(userId, channelId) {
      peopleOf.mend(channelId, (members) => members.add(userId));
    },
    left(userId, channelId) {
      peopleOf.mend(channelId, (members) => members.delete(userId));
    },
    forgetPerson: channelsOf.forget,
    forgetChannel(channelId) {
      peopleOf.forget(channelId);
      channelsOf.forget(BOT);
    },
  };
}
