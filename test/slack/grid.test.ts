import nock from 'nock';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { conversationsWithAdmins } from '../../src/slack/admins.ts';
import { createSlackApi, type SlackApi } from '../../src/slack/api.ts';
import { whoAmI } from '../../src/slack/identity.ts';
import { isOutside } from '../../src/slack/outside.ts';
import { createPeople } from '../../src/slack/people.ts';
import { inBoth, isOfTeam } from '../../src/slack/person.ts';

const log = pino({ level: 'silent' });
const slack = () => nock('https://slack.test');
let api: SlackApi;

beforeAll(() => {
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
});
beforeEach(() => {
  api = createSlackApi({ token: 'xoxb-test', apiUrl: 'https://slack.test/api/', log });
});
afterEach(async () => {
  await api.close();
  nock.cleanAll();
});
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

const grid = (teams: unknown, more = {}) => ({
  enterprise_user: { id: 'W1', enterprise_id: 'E1', teams, ...more },
});

describe('who belongs to the workspace, as users.info describes people', () => {
  const whoIs = async (user: object) => {
    slack()
      .post('/api/users.info')
      .reply(200, { ok: true, user: { id: 'U1', ...user } });
    return createPeople({ api, teamId: 'T1' }).person('U1');
  };
  const MEMBER = { isFullMember: true, isAdmin: false };
  const ADMIN = { isFullMember: true, isAdmin: true };
  const NOBODY = { isFullMember: false, isAdmin: false };

  it.each([
    ['team_id is ours', { team_id: 'T1' }, MEMBER],
    ['team_id is ours, and an admin', { team_id: 'T1', is_admin: true }, ADMIN],
    ['team_id is ours, and the owner', { team_id: 'T1', is_owner: true }, ADMIN],
    ['team_id is null', { team_id: null, ...grid(['T2', 'T1']) }, MEMBER],
    ['team_id is missing', { ...grid(['T1']), is_admin: true }, ADMIN],
    ['team_id is another workspace’s', { team_id: 'T2', ...grid(['T1', 'T2']) }, MEMBER],
    ['team_id is the organisation’s', { team_id: 'E1', ...grid(['T1']) }, MEMBER],
    ['teams stand beside it', { team_id: null, teams: ['T1'] }, MEMBER],
    [
      'an admin of the organisation is none of ours',
      { team_id: 'T1', ...grid(['T1'], { is_admin: true }) },
      MEMBER,
    ],
    [
      'an owner of the organisation is none of ours',
      { team_id: 'T1', ...grid(['T1'], { is_owner: true }) },
      MEMBER,
    ],
    ['another workspace of our organisation', { team_id: 'T2', ...grid(['T2']), is_admin: true }, NOBODY],
    ['another organisation', { team_id: null, ...grid(['T8', 'T9']), is_owner: true }, NOBODY],
    ['another workspace', { team_id: 'T9', is_admin: true }, NOBODY],
    [
      'a stranger in spite of everything',
      { team_id: 'T1', ...grid(['T1']), is_stranger: true, is_admin: true },
      NOBODY,
    ],
    ['no workspace said', { is_admin: true }, NOBODY],
    ['no workspace said, in so many words', { team_id: null, teams: [], enterprise_user: null }, NOBODY],
    [
      'teams that are no list',
      { team_id: null, teams: 'T1', enterprise_user: { teams: { T1: true } } },
      NOBODY,
    ],
    ['an id that only begins like ours', { team_id: 'T12', ...grid(['T12']) }, NOBODY],
    ['a guest', { team_id: null, ...grid(['T1']), is_restricted: true }, NOBODY],
    ['a guest of one channel', { team_id: 'T1', is_restricted: true, is_ultra_restricted: true }, NOBODY],
  ])('%s', async (_, user, expected) => expect(await whoIs(user)).toMatchObject(expected));
});

describe('with the token of an organisation', () => {
  it.each([
    ['ours', { enterprise_id: 'E1', teams: ['T9'] }, false],
    ['another', { enterprise_id: 'E2', teams: ['T9'] }, true],
    ['none', null, true],
  ])(
    'whose only workspace has no app is outside only if they are of another organisation: %s',
    async (_, enterprise_user, expected) => {
      api.workspaces?.serve(true);
      slack()
        .post('/api/auth.teams.list')
        .reply(200, { ok: true, teams: [{ id: 'T1', name: 'East' }] });
      slack()
        .post('/api/users.info')
        .reply(200, { ok: true, user: { id: 'U1', enterprise_user } });
      expect(await isOutside(createPeople({ api, teamId: 'E1' }), 'U1', true)).toBe(expected);
    },
  );

  it.each([
    ['its own list of workspaces counts', grid(['T2']), true],
    ['team_id alone does not', { team_id: 'T1' }, false],
    ['teams beside it do not', { teams: ['T1'], ...grid(['T9']) }, false],
    ['an empty list is none', { team_id: 'T1', ...grid([]) }, false],
    ['nor does a stranger', { ...grid(['T1']), is_stranger: true }, false],
  ])('%s', (_, user, expected) => expect(isOfTeam(user, ['T1', 'T2'])).toBe(expected));

  it('an account that one workspace closed says nothing of where the person is', () => {
    const closed = { id: 'U1', deleted: true, ...grid([]) };
    const open = { id: 'U1', deleted: false, ...grid(['T2']) };
    for (const both of [inBoth(closed, open), inBoth(open, closed)])
      expect(both).toMatchObject({ deleted: false, enterprise_user: { teams: ['T2'] } });
  });
});

it('people of other workspaces are not told what is wrong with ours', async () => {
  const members = [
    { id: 'U1', team_id: 'T9', is_owner: true },
    { id: 'U2', team_id: null, ...grid(['T9']), is_primary_owner: true },
    { id: 'U3', is_owner: true },
    { id: 'U4', team_id: 'T1', is_stranger: true, is_owner: true },
    { id: 'U5', team_id: null, ...grid(['T9', 'T1']), is_owner: true },
    { id: 'U6', team_id: 'T1' },
  ];
  slack().post('/api/users.list').reply(200, { ok: true, members });
  slack()
    .post('/api/conversations.open', /users=U5/)
    .reply(200, { ok: true, channel: { id: 'D5' } });
  const told = conversationsWithAdmins({
    ...{ slack: api, identity: { teamId: 'T1' }, log, policy: { admins: new Set<string>() } },
  });
  expect(await told).toEqual(['D5']);
});

describe('for whom a token is', () => {
  const US = { user_id: 'U0', bot_id: 'B0', url: 'https://acme.slack.com/' };
  const askedWith = (me: object) => {
    slack()
      .post('/api/auth.test')
      .reply(200, { ok: true, ...US, ...me });
    return whoAmI(api, 'https://slack.test/api/');
  };

  it('one workspace of an organisation, as before', async () => {
    const me = { team: 'East', team_id: 'T1', enterprise_id: 'E1', is_enterprise_install: false };
    expect(await askedWith(me)).toEqual({
      teamId: 'T1',
      team: 'East',
      botUserId: 'U0',
      botId: 'B0',
      url: US.url,
    });
    expect(await api.workspaces?.ids()).toBeNull();
  });

  it.each([['E1'], [null], ['T1']])(
    'a whole organisation is never taken for a workspace (team_id: %s)',
    async (team_id) => {
      const me = { team: 'Acme', team_id, enterprise_id: 'E1', is_enterprise_install: true };
      expect(await askedWith(me)).toMatchObject({ teamId: 'E1', team: 'Acme', isOrganisation: true });
      expect(api.workspaces?.isOrganisation).toBe(true);
    },
  );
});
