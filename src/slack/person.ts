import { UserError } from '../errors.ts';
import { accountInactive } from '../refusals/people.ts';
import { type SlackApi, SlackApiError } from './api.ts';
import { type Asking, keepFor } from './keep.ts';
import { isLasting, pagesOf } from './pages.ts';
import { objectsOf } from './shapes.ts';
import { createTally } from './tally.ts';

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

/** A person in Slack's words. Source: docs.slack.dev/reference/objects/user-object. */
export interface SlackUser {
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

/** So many people a minute are asked about one by one (Slack answers 100); then everybody is asked for at once. */
const ONE_BY_ONE = 20;
/** Slack takes less than 1,000. Source: docs.slack.dev/reference/methods/users.list, "limit". */
const PAGE_SIZE = 999;
/** In a workspace with more people than these pages hold, they go on being asked about one by one. */
const MOST_PAGES = 5;
/** Which workspaces a person is in, as Slack says it of users. */
type Belonging = Pick<SlackUser, 'team_id' | 'teams' | 'enterprise_user' | 'is_stranger'>;

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

/** Looks people up, kept for `ttlMs`: one by one, and a crowd all at once. */
export function createPersons(o: {
  api: SlackApi;
  teamId: string;
  ttlMs: number;
  now: (() => number) | undefined;
  patience(): { patienceMs: number };
}): { get(userId: string): Promise<Person>; forget(userId: string): void } {
  const { api, teamId, ttlMs, now, patience } = o;
  const oneByOne = createTally(ONE_BY_ONE, now);
  let isTooLarge = false;

  function personOf(user: SlackUser): Person {
    if (user.deleted === true) throw accountInactive();
    const ours = isOfTeam(user, teamId);
    return {
      id: user.id,
      // Of this workspace, that is: an admin of the organisation (`enterprise_user.is_admin`) does not run each of its
      // workspaces. Who should, is named in VAULT_ADMINS.
      isAdmin: ours && (user.is_admin === true || user.is_owner === true || user.is_primary_owner === true),
      isOurs: ours,
      isFullMember: isFullMember(user, teamId),
      timeZoneOffset: (Number(user.tz_offset) || 0) * 1_000,
    };
  }

  const everybody = keepFor<Map<string, SlackUser>>(ttlMs, now, async (_, asking) => {
    const found = new Map<string, SlackUser>();
    let pages = 0;
    const options = { ...patience(), ...asking };
    for await (const page of pagesOf(api, 'users.list', { limit: PAGE_SIZE }, options)) {
      for (const user of objectsOf<SlackUser>(page.members)) found.set(user.id, user);
      pages += 1;
      isTooLarge = pages === MOST_PAGES && Boolean(page.response_metadata?.next_cursor);
      if (isTooLarge) break;
    }
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
    ttlMs,
    now,
    async (userId, asking) => personOf(await alone(userId, asking)),
    (error) => error instanceof UserError || isLasting(error),
  );

  return {
    async get(userId) {
      // What the list says is not kept a second time, or it would be kept for longer than the list.
      const mayList =
        everybody.peek('') !== undefined || (!people.has(userId) && !isTooLarge && oneByOne.isFull());
      const listed = mayList ? await inList(userId) : undefined;
      return listed === undefined ? people.get(userId) : personOf(listed);
    },
    forget(userId) {
      people.forget(userId);
      everybody.mend('', (users) => users.delete(userId));
    },
  };
}
