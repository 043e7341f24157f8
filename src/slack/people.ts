import { UserError } from '../errors.ts';
import { PERSON_PATIENCE_MS, type SlackApi, SlackApiError } from './api.ts';
import { type Asking, keepFor } from './keep.ts';
import { createMembers, isLasting } from './members.ts';
import { objectsOf } from './shapes.ts';
import { createTally } from './tally.ts';
import { urgencyNow } from './urgency.ts';

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

/** So many people a minute are asked about one by one (Slack answers 100); then everybody is asked for at once. */
const ONE_BY_ONE = 20;
/** Slack takes less than 1,000. Source: docs.slack.dev/reference/methods/users.list, "limit". */
const PAGE_SIZE = 999;
/** In a workspace with more people than these pages hold, they go on being asked about one by one. */
const MOST_PAGES = 5;
/** Where nobody waits. */
const PATIENCE_MS = 15_000;

export interface People {
  /**
   * Looks a person up (kept for a minute). Throws `SlackApiError`, and `UserError` `account_inactive` for a
   * deactivated account: whatever still comes in its name, nobody is behind it.
   */
  person(userId: string): Promise<Person>;
  /** The conversations that this person and the bot share (kept for a minute). Throws `SlackApiError`. */
  memberships(userId: string): Promise<ReadonlySet<string>>;
  /** The same without the public ones, where the person sees these anyway, being a full member: cheaper to tell. */
  privateMemberships(userId: string): Promise<ReadonlySet<string>>;
  /** Whether this person is in that conversation (kept for a minute, mended by events). Throws `SlackApiError`. */
  isIn(userId: string, channelId: string): Promise<boolean>;
  /** The bot's own conversations and whether each is public (kept for a minute). Throws `SlackApiError`. */
  botChannels(): Promise<ReadonlyMap<string, boolean>>;
  /** Whether a channel is public right now (kept for a minute). Unknown channels are not. */
  isPublic(channelId: string): Promise<boolean>;
  /** Somebody came to a channel or left it, as an event told. */
  joined(userId: string, channelId: string): void;
  left(userId: string, channelId: string): void;
  /** Forgets what is kept of a person, because an event said that it changed. */
  forgetPerson(userId: string): void;
  /** Forgets what is kept of a channel and which channels the bot is in, because an event said that it changed. */
  forgetChannel(channelId: string): void;
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

/**
 * Who somebody is and what they can see in Slack, asked of Slack and kept for a minute; so is a refusal. Nothing is kept
 * for longer, although events mend it: an event may be lost, or go to another bot of the same catalog.
 */
export function createPeople(options: { api: SlackApi; teamId: string; now?: () => number }): People {
  const { api, teamId, now } = options;
  const patience = () => ({ patienceMs: urgencyNow() === 'person' ? PERSON_PATIENCE_MS : PATIENCE_MS });
  const oneByOne = createTally(ONE_BY_ONE, now);
  let isTooLarge = false;

  function personOf(user: SlackUser): Person {
    if (user.deleted === true) throw new UserError('account_inactive', 'This account is deactivated.');
    const ours = isOfTeam(user, teamId);
    return {
      id: user.id,
      // Of this workspace, that is: an admin of the organisation (`enterprise_user.is_admin`) does not run each of its
      // workspaces. Who should, is named in VAULT_ADMINS.
      isAdmin: ours && (user.is_admin === true || user.is_owner === true || user.is_primary_owner === true),
      isFullMember: ours && user.is_restricted !== true && user.is_ultra_restricted !== true,
      timeZoneOffset: (Number(user.tz_offset) || 0) * 1_000,
    };
  }

  const everybody = keepFor<Map<string, SlackUser>>(RIGHTS_TTL_MS, now, async (_, asking) => {
    const found = new Map<string, SlackUser>();
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const args = { limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) };
      const answer = await api.call<{ members?: unknown; response_metadata?: { next_cursor?: string } }>(
        'users.list',
        args,
        { ...patience(), ...asking },
      );
      for (const user of objectsOf<SlackUser>(answer.members)) found.set(user.id, user);
      cursor = answer.response_metadata?.next_cursor || undefined;
      if (cursor === undefined) return found;
    }
    isTooLarge = true;
    return found;
  });

  /** Of a crowd, what the list of everybody says; undefined where it says nothing. */
  async function inList(userId: string): Promise<SlackUser | undefined> {
    try {
      return (await everybody.get('')).get(userId);
    } catch (error) {
      // The person can still be asked about alone.
      if (error instanceof SlackApiError) return undefined;
      throw error;
    }
  }

  async function alone(userId: string, asking: Asking): Promise<SlackUser> {
    const answer = await api.call<{ user: SlackUser }>(
      'users.info',
      { user: userId },
      { ...patience(), ...asking },
    );
    return { ...answer.user, id: userId };
  }

  const people = keepFor<Person>(
    RIGHTS_TTL_MS,
    now,
    async (userId, asking) => {
      const listed = oneByOne.isFull() && !isTooLarge ? await inList(userId) : undefined;
      return personOf(listed ?? (await alone(userId, asking)));
    },
    (error) => error instanceof UserError || isLasting(error),
  );

  const publicChannels = keepFor<boolean>(
    RIGHTS_TTL_MS,
    now,
    async (channelId, asking) => {
      const { channel } = await api.call<{
        channel: { is_private?: boolean; is_im?: boolean; is_mpim?: boolean };
      }>('conversations.info', { channel: channelId }, { ...patience(), ...asking });
      return channel.is_private !== true && channel.is_im !== true && channel.is_mpim !== true;
    },
    isLasting,
  );

  const members = createMembers({ api, ttlMs: RIGHTS_TTL_MS, now, patience });

  async function person(userId: string): Promise<Person> {
    // As old as the list, so that nothing gets older by being copied.
    const listed = everybody.peek('') === undefined ? undefined : await inList(userId);
    return listed === undefined ? people.get(userId) : personOf(listed);
  }

  return {
    person,
    memberships: members.ofPerson,
    async privateMemberships(userId) {
      const { isFullMember } = await person(userId);
      return isFullMember ? members.privateOfPerson(userId) : members.ofPerson(userId);
    },
    isIn: members.isIn,
    botChannels: members.ofBot,
    isPublic: (channelId) =>
      publicChannels.get(channelId).catch((error: { code?: string }) => {
        if (error.code === 'channel_not_found' || error.code === 'missing_scope') return false;
        throw error;
      }),
    joined: members.joined,
    left: members.left,
    forgetPerson(userId) {
      people.forget(userId);
      everybody.mend('', (users) => users.delete(userId));
      members.forgetPerson(userId);
    },
    forgetChannel(channelId) {
      publicChannels.forget(channelId);
      members.forgetChannel(channelId);
    },
  };
}
