import nock from 'nock';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { conversationsWithAdmins } from '../../src/slack/admins.ts';
import { createSlackApi, type SlackApi } from '../../src/slack/api.ts';
import { createPeople } from '../../src/slack/people.ts';

const log = pino({ level: 'silent' });
const slack = () => nock('https://slack.test');
let api: SlackApi;

beforeAll(() => nock.disableNetConnect());
beforeEach(() => {
  api = createSlackApi({ token: 'xoxb-test', apiUrl: 'https://slack.test/api/', log });
});
afterEach(async () => {
  await api.close();
  nock.cleanAll();
});
afterAll(() => nock.enableNetConnect());

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
