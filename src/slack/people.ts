import { UserError } from '../errors.ts';
import { type SlackApi, SlackApiError } from './api.ts';
import { keepFor } from './keep.ts';
import { idOf, objectsOf } from './shapes.ts';

export interface Person {
  id: string;
  isAdmin: boolean;
  /** Of this workspace, as a full member or a guest; false for people of other organisations, over Slack Connect. */
  isOurs: boolean;
  /** A full member of this workspace: neither a guest nor somebody from another one over Slack Connect. */
  isFullMember: boolean;
  /** Offset of the person's clock from UTC, in ms. */
  timeZoneOffset: number;
}

interface SlackUser {
  id: string;
  team_id?: string | null;
  teams?: unknown;
  enterprise_user?: { teams?: unknown } | null;
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

/**
 * A "no" that Slack gave longer ago than this is asked for once more before somebody is refused: they may have been
 * added meanwhile. So long, too, a person who is refused again and again costs no further question.
 */
export const RENEW_NO_MS = 3_000;

/** So few channels are asked about one by one; of more, Slack lists all that are public, a thousand in one answer. */
const FEW = 10;

/** The bot itself, among the people whose conversations are kept. */
const BOT = '';
const TYPES = 'public_channel,private_channel,mpim';

export interface People {
  /**
   * Looks a person up (kept for a minute). Throws `SlackApiError`, and `UserError` `account_inactive` for a
   * deactivated account: whatever still comes in its name, nobody is behind it.
   */
  person(userId: string): Promise<Person>;
  /**
   * The conversations that this person is in, private ones as far as the bot is in them too (kept for a minute, or for
   * `maxAgeMs`). Throws `SlackApiError`.
   */
  memberships(userId: string, maxAgeMs?: number): Promise<ReadonlySet<string>>;
  /** The bot's own conversations and whether each is public (kept for a minute). Throws `SlackApiError`. */
  botChannels(maxAgeMs?: number): Promise<ReadonlyMap<string, boolean>>;
  /** Whether a channel is public right now (kept for a minute). One that Slack does not show to the bot is not. */
  isPublic(channelId: string): Promise<boolean>;
  /**
   * Which of these channels are public right now (kept for a minute), whether the bot is in them or not. However
   * many there are, few questions are asked. Throws `SlackApiError`.
   */
  publicAmong(channelIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Forgets what is kept of a person, because an event said that it changed. */
  forgetPerson(userId: string): void;
  /** An event showed this person in a channel: what is kept is forgotten where it says otherwise. */
  sawIn(userId: string, channelId: string): void;
  /** Forgets what is kept of a channel and which channels the bot is in, because an event said that it changed. */
  forgetChannel(channelId: string): void;
  /** Forgets who is where: Slack lists a private channel as a person's only while the bot is in it too. */
  forgetMemberships(): void;
}

/** Which workspaces a person is in, as Slack says it of users. */
export type Belonging = Pick<SlackUser, 'team_id' | 'teams' | 'enterprise_user' | 'is_stranger'>;

/**
 * Whether a person belongs to this workspace. In an Enterprise Grid organisation `team_id` may be null, missing or
 * another workspace's of the same organisation, and `enterprise_user.teams` lists all of theirs
 * (docs.slack.dev/reference/objects/user-object; so it was recorded). People from elsewhere, over Slack Connect, have
 * other workspaces there. Of whom Slack says no workspace at all, nothing is known: such a person is no member.
 */
export function isOfTeam(
  { team_id, teams, enterprise_user, is_stranger }: Belonging,
  teamId: string,
): boolean {
  const lists = [teams, enterprise_user?.teams];
  return (
    is_stranger !== true &&
    (team_id === teamId || lists.some((list) => Array.isArray(list) && list.includes(teamId)))
  );
}

/** Of this workspace, and no guest in it. */
export function isFullMember(
  user: Belonging & Pick<SlackUser, 'is_restricted' | 'is_ultra_restricted'>,
  teamId: string,
): boolean {
  return isOfTeam(user, teamId) && user.is_restricted !== true && user.is_ultra_restricted !== true;
}

/** Who somebody is and what they can see in Slack, asked of Slack and kept for a minute. */
export function createPeople(options: { api: SlackApi; teamId: string; now?: () => number }): People {
  const { api, teamId } = options;
  const patience = { patienceMs: 5_000 };

  const people = keepFor<Person>(RIGHTS_TTL_MS, options.now, async (userId) => {
    const { user } = await api.call<{ user: SlackUser }>('users.info', { user: userId }, patience);
    if (user.deleted === true) throw new UserError('account_inactive', 'This account is deactivated.');
    const ours = isOfTeam(user, teamId);
    return {
      id: userId,
      // Of this workspace, that is: an admin of the organisation (`enterprise_user.is_admin`) does not run each of its
      // workspaces. Who should, is named in VAULT_ADMINS.
      isAdmin: ours && (user.is_admin === true || user.is_owner === true || user.is_primary_owner === true),
      isOurs: ours,
      isFullMember: isFullMember(user, teamId),
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
      for (const told of objectsOf<Conversation>(page.channels)) {
        const channelId = idOf(told.id);
        if (channelId !== null) found.set(channelId, isPublic(told));
      }
      cursor = page.response_metadata?.next_cursor || undefined;
    } while (cursor !== undefined);
    return found;
  });

  const publicChannels = keepFor<boolean>(RIGHTS_TTL_MS, options.now, async (channel) => {
    const told = await orHidden(
      api.call<{ channel: Conversation }>('conversations.info', { channel }, patience),
    );
    return told !== undefined && isPublic(told.channel);
  });

  const allPublic = keepFor<ReadonlySet<string>>(RIGHTS_TTL_MS, options.now, async () => {
    const found = new Set<string>();
    let cursor: string | undefined;
    do {
      const about = { types: 'public_channel', limit: 999, ...(cursor ? { cursor } : {}) };
      const page = await orHidden(
        api.call<{ channels?: unknown; response_metadata?: { next_cursor?: string } }>(
          'conversations.list',
          about,
          patience,
        ),
      );
      for (const told of objectsOf<Conversation>(page?.channels)) {
        const channelId = idOf(told.id);
        if (channelId !== null && isPublic(told)) found.add(channelId);
      }
      cursor = page?.response_metadata?.next_cursor || undefined;
    } while (cursor !== undefined);
    return found;
  });

  async function publicAmong(channelIds: readonly string[]): Promise<ReadonlySet<string>> {
    let open: (channelId: string) => boolean | Promise<boolean> = publicChannels.get;
    if (channelIds.length > FEW) {
      const ours = await memberships.get(BOT);
      const others = channelIds.filter((id) => !ours.has(id));
      const all = others.length > FEW ? await allPublic.get(BOT) : undefined;
      open = (id) => ours.get(id) ?? all?.has(id) ?? publicChannels.get(id);
    }
    const answers = await Promise.all(channelIds.map((id) => open(id)));
    return new Set(channelIds.filter((_, index) => answers[index]));
  }

  return {
    person: people.get,
    memberships: async (userId, maxAgeMs) => new Set((await memberships.get(userId, maxAgeMs)).keys()),
    botChannels: (maxAgeMs) => memberships.get(BOT, maxAgeMs),
    isPublic: (channelId) => publicChannels.get(channelId),
    publicAmong,
    forgetPerson(userId) {
      people.forget(userId);
      memberships.forget(userId);
    },
    sawIn(userId, channelId) {
      const kept = memberships.peek(userId);
      const forget = () => {
        if (memberships.peek(userId) === kept) memberships.forget(userId);
      };
      // What fails is kept by nobody, and whoever asked for it hears of that.
      kept?.then((known) => known.has(channelId) || forget(), forget);
    },
    forgetChannel(channelId) {
      publicChannels.forget(channelId);
      allPublic.forgetAll();
      memberships.forget(BOT);
    },
    forgetMemberships: () => memberships.forgetAll(),
  };
}

/** A conversation as far as it matters here. Source: docs.slack.dev/reference/objects/conversation-object. */
interface Conversation {
  id?: unknown;
  is_private?: unknown;
  is_im?: unknown;
  is_mpim?: unknown;
}

/** Only what Slack says in so many words is public. */
function isPublic({ is_private, is_im, is_mpim }: Conversation): boolean {
  return is_private === false && is_im !== true && is_mpim !== true;
}

/**
 * Undefined where Slack refuses for good (`channel_not_found`, `missing_scope`, …): what it does not show to the bot, the
 * vault shows to nobody who is not in it. What may pass is thrown on.
 */
function orHidden<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (error instanceof SlackApiError && !error.temporary) return undefined;
    throw error;
  });
}
