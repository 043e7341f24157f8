import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { conversationsWithAdmins } from '../../src/slack/admins.ts';
import type { SlackApi } from '../../src/slack/api.ts';
import { ownConversations } from '../../src/slack/conversations.ts';
import { createCoverage } from '../../src/slack/coverage.ts';
import { createPeople } from '../../src/slack/people.ts';

/** A Slack whose lists hold wrong things, on two pages. */
function oddSlack(list: string, items: unknown[]) {
  const limits: unknown[] = [];
  const api = {
    async call(method: string, args: Record<string, unknown>) {
      if (method === 'conversations.open') return { channel: { id: 'D1' } };
      limits.push(args.limit);
      const next_cursor = args.cursor === undefined ? 'more' : '';
      return { [list]: args.cursor === undefined ? items : [], response_metadata: { next_cursor } };
    },
  } as unknown as SlackApi;
  return { api, limits };
}

/** Slack takes less than 1,000 for each of its lists, and recommends at least 200. */
const fits = (limit: unknown) => typeof limit === 'number' && limit >= 200 && limit < 1_000;
const ODD = [null, 7, 'C1', [], {}, { id: 5 }, { id: '../x' }];

describe('Slack’s lists are read in pages that Slack takes, and what is odd in them is passed over', () => {
  it('for the channels of the workspace', async () => {
    const { api, limits } = oddSlack('channels', [...ODD, { id: 'C1', num_members: 'many' }, { id: 'C2' }]);
    expect(await createCoverage({ api }).uncovered()).toMatchObject({ channelIds: ['C1', 'C2'], total: 2 });
    expect(limits.length === 2 && limits.every(fits)).toBe(true);
  });

  it('for the conversations of the bot', async () => {
    const odd = { created: 'soon', previous_names: [null, 'old'], name: 5, is_private: 'x' };
    const known = [
      { id: 'C1', created: 1_700_000_000 },
      { id: 'C2', ...odd },
    ];
    const { api, limits } = oddSlack('channels', known);
    expect(await ownConversations(api)).toMatchObject([
      { channelId: 'C1', createdAt: 1_700_000_000_000 },
      { channelId: 'C2', createdAt: null, previousNames: ['old'], name: null, kind: 'public' },
    ]);
    expect(limits.length === 2 && limits.every(fits)).toBe(true);
    // A channel that is skipped there would count as one that the bot has left.
    for (const one of ODD)
      await expect(ownConversations(oddSlack('channels', [...known, one]).api)).rejects.toThrow('unexpected');
  });

  it('for the conversations of a person', async () => {
    const { api, limits } = oddSlack('channels', [...ODD, { id: 'C1' }]);
    expect([...(await createPeople({ api, teamId: 'T1' }).memberships('U1'))]).toEqual(['C1']);
    expect(limits.length === 2 && limits.every(fits)).toBe(true);
  });

  it('for the people of the workspace', async () => {
    const { api, limits } = oddSlack('members', [...ODD, { id: 'U1', team_id: 'T1', is_owner: true }]);
    const policy = { admins: new Set<string>() };
    const log = pino({ level: 'silent' });
    expect(await conversationsWithAdmins({ identity: { teamId: 'T1' }, slack: api, policy, log })).toEqual([
      'D1',
    ]);
    expect(limits.length === 2 && limits.every(fits)).toBe(true);
  });
});
