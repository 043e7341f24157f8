import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { conversationsWithAdmins } from '../../src/slack/admins.ts';
import { type SlackApi, SlackApiError } from '../../src/slack/api.ts';
import { createCoverage } from '../../src/slack/coverage.ts';
import { createPeople } from '../../src/slack/people.ts';

type Args = Record<string, unknown>;

/** An organisation of T1, whose lists are endless, and T2, whose lists have one page. */
function organisation(answer: (workspace: unknown, args: Args) => object) {
  const asked: string[] = [];
  const workspaces = { isOrganisation: true, ids: async () => ['T1', 'T2'], changed() {} };
  const call = async (method: string, args: Args) => {
    asked.push([method, args.team_id].filter(Boolean).join(' '));
    const response_metadata = { next_cursor: args.team_id === 'T1' ? 'more' : '' };
    return { response_metadata, ...answer(args.team_id, args) };
  };
  const count = (what: string) => asked.filter((one) => one === what).length;
  return { api: { workspaces, call } as unknown as SlackApi, count };
}

it('a large workspace does not hide the channels of the next one', async () => {
  const { api, count } = organisation((workspace) => ({ channels: [{ id: `C${workspace}` }] }));
  const { channelIds, atLeast } = await createCoverage({ api }).uncovered();
  expect([channelIds, atLeast]).toEqual([['CT1', 'CT2'], true]);
  expect([count('conversations.list T1'), count('conversations.list T2')]).toEqual([10, 1]);
});

it('a large workspace does not hide the owners of the organisation who are in the next one', async () => {
  const owner = { id: 'U2', enterprise_user: { teams: ['T2'], is_owner: true } };
  const { api, count } = organisation((workspace, { users }) => ({
    members: workspace === 'T2' ? [owner] : [{ id: 'U1' }],
    channel: { id: `D-${users}` },
  }));
  const asked = { slack: api, identity: { teamId: 'E1' }, log: pino({ level: 'silent' }) };
  expect(await conversationsWithAdmins({ ...asked, policy: { admins: new Set() } })).toEqual(['D-U2']);
  expect(count('users.list T1')).toBe(20);
});

it('a list of people that was cut off says of nobody that they are no guest', async () => {
  const full = (id: string) => ({ id, enterprise_user: { teams: ['T1', 'T2'] } });
  const { api, count } = organisation((_, { user }) =>
    user === undefined
      ? { members: [full('U30')] }
      : { user: { ...full(String(user)), is_restricted: true } },
  );
  const people = createPeople({ api, teamId: 'E1', now: () => 0 });
  for (let n = 0; n < 30; n++) await people.person(`U${n}`);
  expect(count('users.list T1')).toBe(5);
  expect(await people.person('U30')).toMatchObject({ isOurs: true, isFullMember: false });
});

describe('somebody whom Slack calls a full member, and who is a guest in another workspace with the app', () => {
  const user = (more = {}) => ({ id: 'U1', enterprise_user: { teams: ['T1', 'T2'] }, ...more });
  const response_metadata = {};

  it('is a guest, also when they are asked about alone', async () => {
    const { api, count } = organisation((workspace, args) =>
      args.user === undefined
        ? { members: [user({ is_restricted: workspace === 'T2' })], response_metadata }
        : { user: user() },
    );
    const people = createPeople({ api, teamId: 'E1', now: () => 0 });
    for (let n = 0; n < 3; n++)
      expect(await people.person('U1')).toMatchObject({ isOurs: true, isFullMember: false });
    expect([count('users.info'), count('users.list T1'), count('users.list T2')]).toEqual([1, 1, 1]);
  });

  it('stays one when something about them changes, as the lists are not read again at once', async () => {
    const { api, count } = organisation((workspace, args) =>
      args.user === undefined
        ? { members: [user({ is_restricted: workspace === 'T2' })], response_metadata }
        : { user: user() },
    );
    const people = createPeople({ api, teamId: 'E1', now: () => 0 });
    await people.person('U1');
    people.forgetPerson('U1');
    expect(await people.person('U1')).toMatchObject({ isOurs: true, isFullMember: false });
    expect([count('users.info'), count('users.list T1')]).toEqual([2, 1]);
  });

  it('is not taken for a full member because the lists are not to be had now', async () => {
    const { api } = organisation((_, args) => {
      if (args.user === undefined) throw new SlackApiError('users.list', 'ratelimited', { temporary: true });
      return { user: user() };
    });
    const people = createPeople({ api, teamId: 'E1', now: () => 0 });
    await expect(people.person('U1')).rejects.toMatchObject({ code: 'ratelimited' });
  });

  it.each([
    ['is in one workspace only', { enterprise_user: { teams: ['T1', 'T9'] } }],
    ['is a guest anyhow', { is_restricted: true }],
  ])('costs no list of people when the person %s', async (_, more) => {
    const { api, count } = organisation(() => ({ user: user(more) }));
    await createPeople({ api, teamId: 'E1', now: () => 0 }).person('U1');
    expect([count('users.info'), count('users.list T1')]).toEqual([1, 0]);
  });
});

it('which of many channels are public to a person is read from the bot’s own list, and from those of their workspaces', async () => {
  const channel = (id: string) => ({ id, is_private: false, internal_team_ids: ['T2'] });
  const ids = Array.from({ length: 12 }, (_, n) => `C${n}`);
  const response_metadata = {};
  const { api, count } = organisation(() => ({ channels: ids.map(channel), response_metadata }));
  const people = createPeople({ api, teamId: 'E1', now: () => 0 });
  const publicTo = (workspace: string, more: string[] = []) =>
    people.publicAmong([...ids, ...more], { workspaces: [workspace] });
  expect([(await publicTo('T2')).size, (await publicTo('T1')).size]).toEqual([12, 0]);
  expect([count('conversations.list T1'), count('conversations.list T2')]).toEqual([0, 0]);
  const others = Array.from({ length: 11 }, (_, n) => `CX${n}`);
  expect((await publicTo('T2', others)).size).toBe(12);
  expect([count('conversations.list T1'), count('conversations.list T2')]).toEqual([0, 1]);
});
