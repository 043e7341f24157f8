import { PERSON_PATIENCE_MS, type SlackApi } from './api.ts';
import { createMembers } from './members.ts';
import { createPersons, type Person } from './person.ts';
import { createPublicChannels } from './public-channels.ts';
import { urgencyNow } from './urgency.ts';

/** For at most a minute, a right may still work after it was taken away. */
const RIGHTS_TTL_MS = 60_000;

/**
 * If Slack's "no" is older than this, it is asked again before the person is refused: they may have been added
 * meanwhile. For this time, a person who is refused again and again causes no more questions.
 */
export const RENEW_NO_MS = 3_000;

/** The patience when nobody waits. */
const PATIENCE_MS = 15_000;

export interface People {
  /**
   * Looks a person up (kept for a minute). Throws `SlackApiError`, and `UserError` `account_inactive` for a
   * deactivated account: no person is behind requests in its name.
   */
  person(userId: string): Promise<Person>;
  /**
   * The conversations that this person is in; private ones only if the bot is in them too (kept for a minute, or for
   * `maxAgeMs`). Throws `SlackApiError`.
   */
  memberships(userId: string, maxAgeMs?: number): Promise<ReadonlySet<string>>;
  /**
   * Which of these channels the person is in. Same answer as `memberships`, with fewer questions: kept for a minute, or
   * for `maxAgeMs`, and updated by events. Throws `SlackApiError`.
   */
  among(userId: string, channelIds: readonly string[], maxAgeMs?: number): Promise<ReadonlySet<string>>;
  /** The bot's own conversations and whether each is public (kept for a minute). Throws `SlackApiError`. */
  botChannels(maxAgeMs?: number): Promise<ReadonlyMap<string, boolean>>;
  /** Whether a channel is public right now (kept for a minute). False if Slack does not show it to the bot. */
  isPublic(channelId: string): Promise<boolean>;
  /**
   * Which of these channels are public right now (kept for a minute), whether the bot is in them or not. In an organisation
   * they are public to the people of their own workspaces: with `to`, only those of this person's count. Few questions
   * are asked, even for many channels. Throws `SlackApiError`.
   */
  publicAmong(channelIds: readonly string[], to?: Pick<Person, 'workspaces'>): Promise<ReadonlySet<string>>;
  /** An event said just now that somebody joined a channel or left it. */
  joined(userId: string, channelId: string): void;
  left(userId: string, channelId: string): void;
  /** Forgets what is kept about a person, because an event said that it changed. */
  forgetPerson(userId: string): void;
  /** An event showed this person in a channel. Kept answers that say otherwise are forgotten. */
  sawIn(userId: string, channelId: string): void;
  /** Forgets what is kept about a channel, and the bot's channels, because an event said that it changed. */
  forgetChannel(channelId: string): void;
  /** The bot has joined a public channel. Nothing else that is kept changes, so a thousand joins cost no questions. */
  botJoinedPublic(channelId: string): void;
  /** Forgets who is in which channel: Slack lists a person's private channel only while the bot is in it too. */
  forgetMemberships(): void;
}

/**
 * Who somebody is and what they can see in Slack. Slack's answers, and its refusals, are kept for a minute. Events
 * update them, but nothing is kept longer: an event may be lost, or go to another bot of the same catalog.
 */
export function createPeople(options: { api: SlackApi; teamId: string; now?: () => number }): People {
  const { api, teamId, now } = options;
  const patience = () => ({ patienceMs: urgencyNow() === 'person' ? PERSON_PATIENCE_MS : PATIENCE_MS });
  const asking = { api, ttlMs: RIGHTS_TTL_MS, now, patience };
  const persons = createPersons({ ...asking, teamId });
  const workspacesOf = async (userId: string) =>
    api.workspaces?.isOrganisation ? (await persons.get(userId)).workspaces : undefined;
  const members = createMembers({ ...asking, workspacesOf });
  const channels = createPublicChannels({
    ...asking,
    ofBot: () => members.ofBot(),
    placesOfBot: members.placesOfBot,
  });

  return {
    person: persons.get,
    memberships: members.ofPerson,
    among: (userId, channelIds, maxAgeMs) =>
      members.among(userId, channelIds, {
        seesPublic: async () => (await persons.get(userId)).isFullMember,
        maxAgeMs,
      }),
    botChannels: members.ofBot,
    isPublic: channels.isPublic,
    publicAmong: channels.among,
    joined: members.joined,
    left: members.left,
    sawIn: members.sawIn,
    forgetPerson(userId) {
      persons.forget(userId);
      members.forgetPerson(userId);
    },
    forgetChannel(channelId) {
      channels.forget(channelId);
      members.forgetChannel(channelId);
    },
    botJoinedPublic: members.botJoinedPublic,
    forgetMemberships: members.forgetAll,
  };
}
