import { beforeEach, describe, expect, it } from 'vitest';
import { type SlackApi, SlackApiError } from '../../src/slack/api.ts';
import { createPeople, type People } from '../../src/slack/people.ts';

/** Slack with channels, private but for C0PUBLIC, and the people in each. */
let places: Record<string, string[]>;
let asked: string[];
let now: number;
let refuse: string | undefined;
let people: People;

const PAGE = 2;

beforeEach(() => {
  places = { C0PUBLIC: ['U1'], G0FIRST: ['U1', 'U2', 'U3'], G0SECOND: ['U2'] };
  asked = [];
  now = 0;
  refuse = undefined;
  const api: SlackApi = {
    async call<T>(method: string, args: Record<string, unknown> = {}) {
      const about = String(args.channel ?? args.user ?? '');
      asked.push([method, about].filter(Boolean).join(' '));
      if (refuse !== undefined)
        throw new SlackApiError(method, refuse, { temporary: refuse === 'ratelimited' });
      return answer(method, about, Number(args.cursor ?? 0)) as T;
    },
    async close() {},
  };
  people = createPeople({ api, teamId: 'T1', now: () => now });
});

const isIn = async (userId: string, channelId: string, maxAgeMs?: number) =>
  (await people.among(userId, [channelId], maxAgeMs)).has(channelId);

function answer(method: string, about: string, from: number): unknown {
  const user = (id: string) => ({ id, team_id: 'T1', is_restricted: id.startsWith('U0GUEST') });
  const members = places[about] ?? [];
  switch (method) {
    case 'users.info':
      return { user: user(about) };
    case 'users.list':
      return { members: Array.from({ length: 200 }, (_, at) => user(`U${at}`)) };
    case 'conversations.members': {
      const next_cursor = from + PAGE < members.length ? String(from + PAGE) : '';
      return { members: members.slice(from, from + PAGE), response_metadata: { next_cursor } };
    }
    default:
      return {
        channels: Object.entries(places)
          .filter(([, inside]) => about === '' || inside.includes(about))
          .map(([id]) => ({ id, is_private: id !== 'C0PUBLIC' })),
      };
  }
}

describe('who is in a channel', () => {
  it('is asked of the channel, page by page, once for everybody', async () => {
    const inside = ['U1', 'U3', 'U9'].map((user) => isIn(user, 'G0FIRST'));
    expect(await Promise.all(inside)).toEqual([true, true, false]);
    expect(asked).toEqual(['conversations.members G0FIRST', 'conversations.members G0FIRST']);
  });

  it('follows events, and is never older than a minute where these are lost', async () => {
    expect(await isIn('U9', 'G0SECOND')).toBe(false);
    people.joined('U9', 'G0SECOND');
    expect(await isIn('U9', 'G0SECOND')).toBe(true);
    people.left('U9', 'G0SECOND');
    expect(await isIn('U9', 'G0SECOND')).toBe(false);
    expect(asked).toHaveLength(1);
    places.G0SECOND = [];
    now = 59_999;
    expect(await isIn('U2', 'G0SECOND')).toBe(true);
    now = 60_000;
    expect(await isIn('U2', 'G0SECOND')).toBe(false);
  });

  it('is asked of the person where the channel is too large', async () => {
    places.G0FIRST = Array.from({ length: 30 }, (_, at) => `U${at}`);
    expect(await isIn('U29', 'G0FIRST')).toBe(true);
    expect(asked.at(-1)).toBe('users.conversations U29');
    expect(await isIn('U99', 'G0FIRST')).toBe(false);
    // The fact that the channel is too large is kept too.
    expect(asked.filter((call) => call.startsWith('conversations.members'))).toHaveLength(6);
  });

  it('a refusal is kept for a minute, trouble is not', async () => {
    refuse = 'channel_not_found';
    for (let i = 0; i < 3; i++) await expect(isIn('U1', 'G0FIRST')).rejects.toThrow(refuse);
    expect(await people.isPublic('C0PUBLIC')).toBe(false);
    expect(await people.isPublic('C0PUBLIC')).toBe(false);
    expect(asked).toHaveLength(3);
    people.forgetPerson('U1');
    refuse = 'ratelimited';
    await expect(isIn('U1', 'G0SECOND')).rejects.toThrow(refuse);
    refuse = undefined;
    expect(await isIn('U2', 'G0SECOND')).toBe(true);
  });
});

describe('what events tell of a channel’s people', () => {
  it('a person who writes there is looked up again, and not simply taken for a member', async () => {
    expect(await isIn('U9', 'G0SECOND')).toBe(false);
    people.sawIn('U9', 'G0SECOND');
    expect(await isIn('U9', 'G0SECOND')).toBe(false);
    people.sawIn('U2', 'G0SECOND');
    expect(await isIn('U2', 'G0SECOND')).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it('once the bot was removed, nobody is there', async () => {
    expect(await isIn('U2', 'G0SECOND')).toBe(true);
    delete places.G0SECOND;
    refuse = 'channel_not_found';
    people.forgetChannel('G0SECOND');
    people.forgetMemberships();
    await expect(isIn('U2', 'G0SECOND')).rejects.toThrow(refuse);
  });

  it('of a large channel, each who leaves does not cost the whole list again', async () => {
    places.G0FIRST = Array.from({ length: 30 }, (_, at) => `U${at}`);
    await isIn('U29', 'G0FIRST');
    asked = [];
    people.left('U7', 'G0FIRST');
    people.sawIn('U8', 'G0FIRST');
    await isIn('U29', 'G0FIRST');
    expect(asked).toEqual([]);
  });

  it('a no of long ago is asked for once more, of the channel', async () => {
    expect(await isIn('U9', 'G0SECOND')).toBe(false);
    places.G0SECOND = ['U2', 'U9'];
    now = 3_000;
    expect(await isIn('U9', 'G0SECOND')).toBe(false);
    expect(await isIn('U9', 'G0SECOND', 3_000)).toBe(true);
    expect(asked).toEqual(['conversations.members G0SECOND', 'conversations.members G0SECOND']);
  });
});

describe('a crowd', () => {
  it('is looked up all at once, and each sees what they would see alone', async () => {
    const crowd = Array.from({ length: 100 }, (_, at) => `U${at}`);
    const channels = [...Object.keys(places), 'G0LEFT', 'G0OTHER', 'G0THIRD'];
    const seen = await Promise.all(crowd.map((user) => people.among(user, channels)));
    const privately = (of: ReadonlySet<string> | undefined) =>
      [...(of ?? [])].filter((id) => id !== 'C0PUBLIC');
    expect(seen.slice(1, 4).map(privately)).toEqual([['G0FIRST'], ['G0FIRST', 'G0SECOND'], ['G0FIRST']]);
    for (const one of seen.slice(4)) expect(privately(one)).toEqual([]);
    const count = (method: string) => asked.filter((call) => call.split(' ')[0] === method).length;
    expect(count('users.list')).toBe(1);
    expect(count('users.info')).toBeLessThanOrEqual(20);
    expect(count('users.conversations')).toBeLessThanOrEqual(16);
    expect(count('conversations.members')).toBeLessThanOrEqual(4);
  });

  it('does not make a deactivated or a changed account live longer than a minute', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, at) => people.person(`U${at}`)));
    asked = [];
    await people.person('U150');
    people.forgetPerson('U150');
    await people.person('U150');
    expect(asked).toEqual(['users.info U150']);
    now = 60_000;
    await people.person('U151');
    expect(asked).toHaveLength(2);
  });
});
