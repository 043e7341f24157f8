import { expect, it } from 'vitest';
import { ORG_SEED } from '../../../sandbox/slack/server.ts';
import { freshSlack, refusal, webClient } from './start.ts';

const open = () => freshSlack({ seed: ORG_SEED });

it('the token is the organisation’s, and auth.teams.list says where the app was added', async () => {
  const slack = await open();
  const { organisation } = slack.workspace;
  const client = webClient(slack);
  expect(await client.auth.test()).toMatchObject({
    ...{ team_id: organisation?.id, enterprise_id: organisation?.id, is_enterprise_install: true },
  });
  expect((await client.auth.teams.list()).teams).toEqual(
    Object.entries(organisation?.workspaces ?? {}).map(([name, id]) => ({ id, name })),
  );
});

it('methods that list want a workspace that the app was added to', async () => {
  const slack = await open();
  const client = webClient(slack);
  const east = slack.workspace.organisation?.workspaces['Acme East'];
  const bot = slack.workspace.botId;
  const calls = ['conversations.list', 'users.conversations', 'users.list', 'files.list', 'bots.info'];
  for (const method of calls) {
    expect(await refusal(client.apiCall(method, { bot })), method).toBe('missing_argument');
    expect(await refusal(client.apiCall(method, { bot, team_id: 'T0OTHER' })), method).toBe(
      'team_access_not_granted',
    );
    expect(await refusal(client.apiCall(method, { bot, team_id: east })), method).toBe('no refusal');
  }
});

it('a workspace lists its own channels and people, and what it shares', async () => {
  const slack = await open();
  const client = webClient(slack);
  const { organisation, channels, people } = slack.workspace;
  const west = organisation?.workspaces['Acme West'] as string;
  const listed = await client.conversations.list({ team_id: west });
  expect(listed.channels?.map(({ name }) => name)).toEqual(['west', 'all-acme']);
  expect(listed.channels?.[1]).toMatchObject({
    ...{ id: channels['all-acme'], is_org_shared: true, is_shared: true, is_ext_shared: false },
    shared_team_ids: Object.values(organisation?.workspaces ?? {}),
  });
  const members = (await client.users.list({ team_id: west })).members?.map(({ name }) => name);
  expect(members).toEqual(['ben', 'dora', 'will', 'vault', 'slackbot']);
  const { user } = await client.users.info({ user: people.dora as string });
  expect(user).toMatchObject({ team_id: organisation?.id, enterprise_user: { is_owner: false } });
  expect(user?.id).toMatch(/^W/);
  expect(user?.enterprise_user?.teams).toHaveLength(2);
});

it('an event names its workspace, and an installation that has none', async () => {
  const slack = await open();
  const { organisation, botUserId } = slack.workspace;
  await slack.as('ben').share('west', { name: 'a.txt', content: 'a' });
  const sent = slack.deliveries.list.find(({ type }) => type === 'message');
  const west = organisation?.workspaces['Acme West'];
  expect(sent?.body).toMatchObject({
    ...{ team_id: west, context_team_id: west, enterprise_id: organisation?.id },
    authorizations: [
      { enterprise_id: organisation?.id, team_id: null, user_id: botUserId, is_enterprise_install: true },
    ],
  });
});

it('people see the channels of their workspaces, and no others', async () => {
  const slack = await open();
  const seen = (who: string) =>
    slack
      .as(who)
      .workspace()
      .channels.filter(({ kind }) => kind !== 'im')
      .map(({ name }) => name);
  expect(seen('will')).toEqual(['west', 'west-board', 'all-acme']);
  expect(seen('dora')).toEqual(['east', 'west', 'all-acme']);
  expect(seen('gus')).toEqual(['east']);
});

it('without access to a workspace, the app reaches nothing there; a shared channel stays', async () => {
  const slack = await open();
  const client = webClient(slack);
  const { channels, organisation } = slack.workspace;
  slack.access('Acme West', false);
  const about = (name: string) => refusal(client.conversations.info({ channel: channels[name] as string }));
  expect(await about('west')).toBe('team_access_not_granted');
  expect(await about('all-acme')).toBe('no refusal');
  expect((await client.auth.teams.list()).teams).toHaveLength(1);
  slack.as('ben').post('west', 'unheard');
  slack.access('Acme West', true);
  expect(await about('west')).toBe('no refusal');
  // No manifest of one workspace asks for these two.
  expect(slack.deliveries.list).toEqual([]);
  expect(organisation?.id).toMatch(/^E/);
});
