import { UserError } from '../errors.ts';
import type { SlackApi } from './api.ts';
import { keepFor } from './keep.ts';
import { idOf, objectsOf } from './shapes.ts';

export interface Person {
  id: string;
  isAdmin: boolean;
  /** A full member of this workspace: neither a guest nor somebody from another one over Slack Connect. */
  isFullMember: boolean;
  /** Offset of the person's clock from UTC, in ms. */
  timeZoneOffset: number;
}

interface SlackUser {
  id: string;
  team_id?: string;
  deleted?: boolean;
  is_admin?: boolean;
  is_owner?: boolean;
  is_primary_owner?: boolean;
  is_restricted?: boolean;
  is_ultra_restricted?: boolean;
  is_stranger?: boolean;
  is_bot?: boolean;
  tz_offset?: number;
}

/** A minute is how long a right that was taken away may still work. */
export const RIGHTS_TTL_MS = 60_000;

/** The bot itself, among the people whose conversations are kept. */
const BOT = '';
const TYPES = 'public_channel,private_channel,mpim';

export interface People {
  /**
   * Looks a person up (kept for a minute). Throws `SlackApiError`, and `UserError` `account_inactive` for a
   * deactivated account: whatever still comes in its name, nobody is behind it.
   */
  person(userId: string): Promise<Person>;
  /** The conversations that this person and the bot share (kept for a minute). Throws `SlackApiError`. */
  memberships(userId: string): Promise<ReadonlySet<string>>;
  /** The bot's own conversations and whether each is public (kept for a minute). Throws `SlackApiError`. */
  botChannels(): Promise<ReadonlyMap<string, boolean>>;
  /** Whether a channel is public right now (kept for a minute). Unknown channels are not. */
  isPublic(channelId: string): Promise<boolean>;
  /** Forgets what is kept of a person, because an event said that it changed. */
  forgetPerson(userId: string): void;
  /** Forgets what is kept of a channel and which channels the bot is in, because an event said that it changed. */
  forgetChannel(channelId: string): void;
}

/** Who somebody is and what they can see in Slack, asked of Slack and kept for a minute. */
export function createPeople(options: { api: SlackApi; teamId: string; now?: () => number }): People {
  const { api, teamId } = options;
  const patience = { patienceMs: 5_000 };

  const people = keepFor<Person>(RIGHTS_TTL_MS, options.now, async (userId) => {
    const { user } = await api.call<{ user: SlackUser }>('users.info', { user: userId }, patience);
    if (user.deleted === true) throw new UserError('account_inactive', 'This account is deactivated.');
    const ours = user.is_stranger !== true && (user.team_id === undefined || user.team_id === teamId);
    return {
      id: userId,
      isAdmin: ours && (user.is_admin === true || user.is_owner === true || user.is_primary_owner === true),
      isFullMember: ours && user.is_restricted !== true && user.is_ultra_restricted !== true,
      timeZoneOffset: (Number(user.tz_offset) || 0) * 1_000,
    };
  });

  const memberships = keepFor<ReadonlyMap<string, boolean>>(RIGHTS_TTL_MS, options.now, async (userId) => {
    const found = new Map<string, boolean>();
    let cursor: string | undefined;
    do {
      const page = await api.call<{
        channels?: unknown;
        response_metadata?: { next_cursor?: string };
      }>(
        'users.conversations',
        // Private conversations are listed only where the bot is a member too, which is all that the vault knows of.
        {
          ...(userId === BOT ? {} : { user: userId }),
          types: TYPES,
          limit: 999,
          ...(cursor ? { cursor } : {}),
        },
        patience,
      );
      const listed = objectsOf<{ id?: unknown; is_private?: boolean; is_mpim?: boolean }>(page.channels);
      for (const { id, is_private, is_mpim } of listed) {
        const channelId = idOf(id);
        if (channelId !== null) found.set(channelId, is_private !== true && is_mpim !== true);
      }
      cursor = page.response_metadata?.next_cursor || undefined;
    } while (cursor !== undefined);
    return found;
  });

  const publicChannels = keepFor<boolean>(RIGHTS_TTL_MS, options.now, async (channelId) => {
    const { channel } = await api.call<{
      channel: { is_private?: boolean; is_im?: boolean; is_mpim?: boolean };
    }>('conversations.info', { channel: channelId }, patience);
    return channel.is_private !== true && channel.is_im !== true && channel.is_mpim !== true;
  });

  return {
    person: people.get,
    memberships: async (userId) => new Set((await memberships.get(userId)).keys()),
    botChannels: () => memberships.get(BOT),
    isPublic: (channelId) =>
      publicChannels.get(channelId).catch((error: { code?: string }) => {
        if (error.code === 'channel_not_found' || error.code === 'missing_scope') return false;
        throw error;
      }),
    forgetPerson(userId) {
      people.forget(userId);
      memberships.forget(userId);
    },
    forgetChannel(channelId) {
      publicChannels.forget(channelId);
      memberships.forget(BOT);
    },
  };
}
