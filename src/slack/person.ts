import { accountInactive } from '../refusals/people.ts';
import { type SlackApi, SlackApiError } from './api.ts';
import { type Asking, cached } from './cached.ts';
import { isLasting, pagesOf } from './pages.ts';
import { objectsOf } from './shapes.ts';
import { createTally } from './tally.ts';

export interface Person {
  id: string;
  /** The name that Slack shows: the display name if there is one. Null if Slack tells none. */
  name?: string | null;
  isAdmin: boolean;
  /** A full member or guest of this workspace; false for people of other organisations, over Slack Connect. */
  isOurs: boolean;
  /** A full member of this workspace: not a guest, and not somebody from another one over Slack Connect. */
  isFullMember: boolean;
  /** With the token of an organisation: a member or guest of it, also of a workspace without the app. */
  isColleague?: boolean;
  /** With the token of an organisation: those of its workspaces with the app that the person is in. */
  workspaces?: readonly string[];
  /** Offset of the person's clock from UTC, in ms. */
  timeZoneOffset: number;
  /** Such as `Europe/Berlin`; days of the past had another offset. */
  timeZone?: string | null;
}

/** A person, as Slack describes them. Source: docs.slack.dev/reference/objects/user-object. */
export interface SlackUser {
  id: string;
  team_id?: string | null;
  teams?: unknown;
  enterprise_user?: {
    enterprise_id?: unknown;
    teams?: unknown;
    is_admin?: unknown;
    is_owner?: unknown;
  } | null;
  deleted?: boolean;
  name?: string;
  real_name?: string;
  profile?: { display_name?: string; real_name?: string } | null;
  is_admin?: boolean;
  is_owner?: boolean;
  is_primary_owner?: boolean;
  is_restricted?: boolean;
  is_ultra_restricted?: boolean;
  is_stranger?: boolean;
  is_bot?: boolean;
  tz_offset?: number;
  tz?: string | null;
}

/**
 * The fields of a person that count here. Slack tells much more (custom fields, pictures in seven sizes), and thousands of
 * people are kept.
 */
export function fieldsOf(told: SlackUser): SlackUser {
  const { id, team_id, teams, deleted, name, real_name, tz, tz_offset, is_stranger, is_bot } = told;
  const { is_admin, is_owner, is_primary_owner, is_restricted, is_ultra_restricted } = told;
  const { profile, enterprise_user: whole } = told;
  return {
    ...{ id, team_id, teams, deleted, name, real_name, tz, tz_offset, is_stranger, is_bot },
    ...{ is_admin, is_owner, is_primary_owner, is_restricted, is_ultra_restricted },
    profile: profile && { display_name: profile.display_name, real_name: profile.real_name },
    enterprise_user: whole && {
      ...{ enterprise_id: whole.enterprise_id, teams: whole.teams },
      ...{ is_admin: whole.is_admin, is_owner: whole.is_owner },
    },
  };
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
 * Whether a person belongs to this workspace, or to one of these of an organisation. In an Enterprise Grid organisation,
 * `team_id` may be null, missing or the id of another workspace of the organisation, and `enterprise_user.teams` lists all
 * workspaces of the person (docs.slack.dev/reference/objects/user-object, and recordings): with the token of an organisation,
 * that list alone counts. People from elsewhere, over Slack Connect, have other workspaces there. If Slack names no workspace,
 * the person does not count as a member.
 */
export function isOfTeam(user: Belonging, ours: string | readonly string[]): boolean {
  if (typeof ours !== 'string') return teamsAmong(user, ours).length > 0;
  const lists = [[user.team_id], user.teams, user.enterprise_user?.teams];
  return user.is_stranger !== true && lists.some((list) => Array.isArray(list) && list.includes(ours));
}

/** Those of these workspaces of an organisation that a person belongs to. */
function teamsAmong({ enterprise_user, is_stranger }: Belonging, ours: readonly string[]): string[] {
  const teams: unknown = enterprise_user?.teams;
  return is_stranger === true || !Array.isArray(teams) ? [] : ours.filter((id) => teams.includes(id));
}

/** Whether a person belongs to this organisation (E…), whichever of its workspaces they are in. */
function isOfOrganisation({ enterprise_user, is_stranger }: SlackUser, organisation: string): boolean {
  return is_stranger !== true && enterprise_user?.enterprise_id === organisation;
}

/**
 * Whether a person runs the workspace, or the organisation if the token is one's. `is_admin` is about some workspace, and Slack's text does not say about which one when
 * the token is an organisation's; so there, it does not count.
 */
export function runsIt(user: SlackUser, isOrganisation: boolean): boolean {
  const { enterprise_user } = user;
  if (isOrganisation) return enterprise_user?.is_admin === true || enterprise_user?.is_owner === true;
  return user.is_admin === true || user.is_owner === true || user.is_primary_owner === true;
}

/**
 * The name by which Slack shows a person. `display_name` may be empty, then it is the real name
 * (docs.slack.dev/reference/objects/user-object, "profile").
 */
function shownName({ name, real_name, profile }: SlackUser): string | null {
  const names = [profile?.display_name, profile?.real_name, real_name, name];
  return names.find((one) => typeof one === 'string' && one.trim() !== '') ?? null;
}

/** True for a member of this workspace who is not a guest. */
export function isFullMember(
  user: Belonging & Pick<SlackUser, 'is_restricted' | 'is_ultra_restricted'>,
  ours: string | readonly string[],
): boolean {
  return isOfTeam(user, ours) && user.is_restricted !== true && user.is_ultra_restricted !== true;
}

/**
 * What two workspaces of an organisation say of one person: an account that one of them closed may be open in the other, and a
 * guest of one counts as a guest. What the open account says counts.
 */
export function inBoth(one: SlackUser, other: SlackUser): SlackUser {
  return {
    ...(one.deleted === true ? other : one),
    deleted: one.deleted === true && other.deleted === true,
    ...guestIn(one, other),
  };
}

const guestIn = (one: SlackUser, other: SlackUser) => ({
  is_restricted: one.is_restricted === true || other.is_restricted === true,
  is_ultra_restricted: one.is_ultra_restricted === true || other.is_ultra_restricted === true,
});

/** A person as they are alone. Whom the workspaces' lists last called a guest stays one until the lists are read again. */
function stillGuest(told: SlackUser, listed: SlackUser | undefined): SlackUser {
  return listed === undefined ? told : { ...told, ...guestIn(told, listed) };
}

/** The lists of all workspaces; `outdated` has the entries of people who have changed since. */
interface Listed {
  users: Map<string, SlackUser>;
  outdated: Map<string, SlackUser>;
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

  async function personOf(user: SlackUser): Promise<Person> {
    if (user.deleted === true) throw accountInactive();
    const workspaces = (await api.workspaces?.ids()) ?? null;
    const ours = isOfTeam(user, workspaces ?? teamId);
    return {
      id: user.id,
      name: shownName(user),
      // An admin of this workspace. An admin of the organisation (`enterprise_user.is_admin`) does not run each of its
      // workspaces; VAULT_ADMINS can name such a person. The vault of an organisation is run by the organisation's.
      isAdmin: ours && runsIt(user, workspaces !== null),
      isOurs: ours,
      isFullMember: isFullMember(user, workspaces ?? teamId),
      ...(workspaces === null
        ? {}
        : { workspaces: teamsAmong(user, workspaces), isColleague: isOfOrganisation(user, teamId) }),
      timeZoneOffset: (Number(user.tz_offset) || 0) * 1_000,
      timeZone: typeof user.tz === 'string' ? user.tz : null,
    };
  }

  const everybody = cached<Listed>(ttlMs, now, async (_, asking) => {
    const found = new Map<string, SlackUser>();
    let pages = 0;
    const options = { ...patience(), ...asking };
    for await (const page of pagesOf(api, 'users.list', { limit: PAGE_SIZE }, options)) {
      for (const user of objectsOf<SlackUser>(page.members)) {
        const before = found.get(user.id);
        found.set(user.id, before === undefined ? fieldsOf(user) : inBoth(before, fieldsOf(user)));
      }
      pages += 1;
      isTooLarge = pages === MOST_PAGES && page.more;
      if (!isTooLarge) continue;
      // Of a person who is in several workspaces, a list that was cut off may lack the one where they are a guest.
      if (page.workspace !== undefined) found.clear();
      break;
    }
    return { users: found, outdated: new Map() };
  });

  /** The person's entry in the list of everybody; undefined when there is none, or Slack does not give the list for such a reason. */
  async function inList(
    userId: string,
    isBorne: (error: SlackApiError) => boolean,
  ): Promise<SlackUser | undefined> {
    try {
      return (await everybody.get('')).users.get(userId);
    } catch (error) {
      if (error instanceof SlackApiError && isBorne(error)) return undefined;
      throw error;
    }
  }

  /**
   * Whether one answer about this person may hide that they are a guest in another workspace of ours. `users.info` takes no
   * `team_id` (docs.slack.dev/reference/methods/users.info, slackapi/bolt-js#1566), so only the workspaces' lists tell it.
   */
  async function mayBeGuestElsewhere(user: SlackUser): Promise<boolean> {
    const workspaces = (await api.workspaces?.ids()) ?? null;
    return workspaces !== null && isFullMember(user, workspaces) && teamsAmong(user, workspaces).length > 1;
  }

  async function alone(userId: string, asking: Asking): Promise<SlackUser> {
    const answer = await api.call<{ user: SlackUser }>(
      'users.info',
      { user: userId },
      { ...patience(), ...asking },
    );
    return { ...fieldsOf(answer.user ?? { id: userId }), id: userId };
  }

  const people = cached<SlackUser>(ttlMs, now, alone, isLasting);

  return {
    async get(userId) {
      // An entry of the list is not kept a second time. Otherwise it would be kept longer than the list.
      const mayList =
        everybody.peek('') !== undefined || (!people.has(userId) && !isTooLarge && oneByOne.isFull());
      // Whatever keeps the list away, the person can still be asked about alone.
      const listed = mayList ? await inList(userId, () => true) : undefined;
      if (listed !== undefined) return personOf(listed);
      const told = await people.get(userId);
      if (isTooLarge || !(await mayBeGuestElsewhere(told))) return personOf(told);
      const fresh = await inList(userId, isLasting);
      return personOf(fresh ?? stillGuest(told, everybody.peek('')?.outdated.get(userId)));
    },
    forget(userId) {
      people.forget(userId);
      everybody.mend('', ({ users, outdated }) => {
        const user = users.get(userId);
        if (user !== undefined) outdated.set(userId, user);
        users.delete(userId);
      });
    },
  };
}
