import { UserError } from '../errors.ts';
import { accountInactive } from '../refusals/people.ts';
import { type SlackApi, SlackApiError } from './api.ts';
import { type Asking, cached } from './cached.ts';
import { isLasting, pagesOf } from './pages.ts';
import { objectsOf } from './shapes.ts';
import { createTally } from './tally.ts';

export interface Person {
  id: string;
  isAdmin: boolean;
  /** A full member or guest of this workspace; false for people of other organisations, over Slack Connect. */
  isOurs: boolean;
  /** A full member of this workspace: not a guest, and not somebody from another one over Slack Connect. */
  isFullMember: boolean;
  /** Offset of the person's clock from UTC, in ms. */
  timeZoneOffset: number;
}

/** A person, as Slack describes them. Source: docs.slack.dev/reference/objects/user-object. */
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

/** This many people per minute are looked up one by one (Slack allows 100). Then the list of everybody is read. */
const ONE_BY_ONE = 20;
/** Slack allows less than 1,000. Source: docs.slack.dev/reference/methods/users.list, "limit". */
const PAGE_SIZE = 999;
/** In a workspace with more people than fit on these pages, people are still looked up one by one. */
const MOST_PAGES = 5;
/** The fields of a user that say which workspaces the person is in. */
type Belonging = Pick<SlackUser, 'team_id' | 'teams' | 'enterprise_user' | 'is_stranger'>;

/**
 * Whether a person belongs to this workspace. In an Enterprise Grid organisation, `team_id` may be null, missing or the
 * id of another workspace of the organisation, and `enterprise_user.teams` lists all workspaces of the person
 * (docs.slack.dev/reference/objects/user-object, and recordings). People from elsewhere, over Slack Connect, have other
 * workspaces there. If Slack names no workspace, the person does not count as a member.
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

/** True for a member of this workspace who is not a guest. */
export function isFullMember(
  user: Belonging & Pick<SlackUser, 'is_restricted' | 'is_ultra_restricted'>,
  teamId: string,
): boolean {
  return isOfTeam(user, teamId) && user.is_restricted !== true && user.is_ultra_restricted !== true;
}

/** Looks people up and keeps them for `ttlMs`: one by one, or for a crowd all at once. */
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
      // An admin of this workspace. An admin of the organisation (`enterprise_user.is_admin`) does not run each of its
      // workspaces; VAULT_ADMINS can name such a person.
      isAdmin: ours && (user.is_admin === true || user.is_owner === true || user.is_primary_owner === true),
      isOurs: ours,
      isFullMember: isFullMember(user, teamId),
      timeZoneOffset: (Number(user.tz_offset) || 0) * 1_000,
    };
  }

  const everybody = cached<Map<string, SlackUser>>(ttlMs, now, async (_, asking) => {
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

  /** The person's entry in the list of everybody; undefined when there is none. */
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

  const people = cached<Person>(
    ttlMs,
    now,
    async (userId, asking) => personOf(await alone(userId, asking)),
    (error) => error instanceof UserError || isLasting(error),
  );

  return {
    async get(userId) {
      // An entry of the list is not kept a second time. Otherwise it would be kept longer than the list.
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
