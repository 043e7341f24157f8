import { PERSON_PATIENCE_MS, type SlackApi } from './api.ts';
import { createMembers } from './members.ts';
import { createPersons, type Person } from './person.ts';
import { createPublicChannels } from './public-channels.ts';
import { urgencyNow } from './urgency.ts';

/** A minute is how long a right that was taken away may still work. */
const RIGHTS_TTL_MS = 60_000;

/**
 * A "no" that Slack gave longer ago than this is asked for once more before somebody is refused: they may have been
 * added meanwhile. So long, too, a person who is refused again and again costs no further question.
 */
export const RENEW_NO_MS = 3_000;

/** Where nobody waits. */
const PATIENCE_MS = 15_000;

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
  /**
   * Which of these channels the person is in, as `memberships` says it, with fewer questions: kept for a minute, or for
   * `maxAgeMs`, and mended by events. Throws `SlackApiError`.
   */
  among(userId: string, channelIds: readonly string[], maxAgeMs?: number): Promise<ReadonlySet<string>>;
  /** The bot's own conversations and whether each is public (kept for a minute). Throws `SlackApiError`. */
  botChannels(maxAgeMs?: number): Promise<ReadonlyMap<string, boolean>>;
  /** Whether a channel is public right now (kept for a minute). One that Slack does not show to the bot is not. */
  isPublic(channelId: string): Promise<boolean>;
  /**
   * Which of these channels are public right now (kept for a minute), whether the bot is in them or not. However
   * many there are, few questions are asked. Throws `SlackApiError`.
   */
  publicAmong(channelIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Somebody came to a channel or left it, as an event told just now. */
  joined(userId: string, channelId: string): void;
  left(userId: string, channelId: string): void;
  /** Forgets what is kept of a person, because an event said that it changed. */
  forgetPerson(userId: string): void;
  /** An event showed this person in a channel: what is kept is forgotten where it says otherwise. */
  sawIn(userId: string, channelId: string): void;
  /** Forgets what is kept of a channel and which channels the bot is in, because an event said that it changed. */
  forgetChannel(channelId: string): void;
  /** Forgets who is where: Slack lists a private channel as a person's only while the bot is in it too. */
  forgetMemberships(): void;
}

/**
 * Who somebody is and what they can see in Slack, asked of Slack and kept for a minute; so is a refusal. Nothing is kept
 * for longer, although events mend it: an event may be lost, or go to another bot of the same catalog.
 */
export function createPeople(options: { api: SlackApi; teamId: string; now?: () => number }): People {
  const { api, teamId, now } = options;
  const patience = () => ({ patienceMs: urgencyNow() === 'person' ? PERSON_PATIENCE_MS : PATIENCE_MS });
  const asking = { api, ttlMs: RIGHTS_TTL_MS, now, patience };
  const persons = createPersons({ ...asking, teamId });
  const members = createMembers(asking);
  const channels = createPublicChannels({ ...asking, ofBot: () => members.ofBot() });

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
    forgetMemberships: members.forgetAll,
  };
}
