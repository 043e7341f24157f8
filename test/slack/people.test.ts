import { beforeEach, describe, expect, it } from 'vitest';
import type { SlackApi } from '../../src/slack/api.ts';
import { createPeople, type People } from '../../src/slack/people.ts';
import { fieldsOf } from '../../src/slack/person.ts';

let asked: string[];
let people: People;

beforeEach(() => {
  asked = [];
  const api: SlackApi = {
    async call<T>(method: string, args: Record<string, unknown> = {}) {
      asked.push([method, args.user ?? args.channel].filter(Boolean).join(' '));
      return { user: { id: args.user }, channel: {}, channels: [{ id: 'C1' }] } as T;
    },
    async close() {},
  };
  people = createPeople({ api, teamId: 'T1', now: () => 0 });
});

async function askEverything() {
  await people.person('U1');
  await people.memberships('U1');
  await people.botChannels();
  await people.isPublic('C1');
  return asked.splice(0);
}

describe('what Slack was asked about people', () => {
  it('is kept', async () => {
    expect(await askEverything()).toEqual([
      'users.info U1',
      'users.conversations U1',
      'users.conversations',
      'conversations.info C1',
    ]);
    expect(await askEverything()).toEqual([]);
  });

  it('is asked again about a person who joined or left, and about nobody else', async () => {
    await askEverything();
    people.forgetPerson('U1');
    expect(await askEverything()).toEqual(['users.info U1', 'users.conversations U1']);
    people.forgetPerson('U2');
    expect(await askEverything()).toEqual([]);
  });

  it('is asked again about a channel that the bot came to, with the list of its channels', async () => {
    await askEverything();
    people.forgetChannel('C1');
    expect(await askEverything()).toEqual(['users.conversations', 'conversations.info C1']);
  });
});

it('of what Slack tells about a person, only what counts is kept', () => {
  const profile = { display_name: 'Anna', image_512: 'https://…', fields: { Xf1: { value: 'long' } } };
  const enterprise_user = { id: 'W1', enterprise_name: 'Acme', teams: ['T1'], is_admin: true };
  const told = { id: 'U1', deleted: false, tz: 'Europe/Berlin', color: 'aa0000', profile, enterprise_user };
  expect(fieldsOf(told)).toEqual({
    ...{ id: 'U1', deleted: false, tz: 'Europe/Berlin' },
    ...{ profile: { display_name: 'Anna' }, enterprise_user: { teams: ['T1'], is_admin: true } },
  });
});
