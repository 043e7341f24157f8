import { pino } from 'pino';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { DEFAULT_APP, ORG_SEED, type SandboxSlack } from '../../sandbox/slack/server.ts';
import { conversationsWithAdmins } from '../../src/slack/admins.ts';
import { createSlackApi, type SlackApi } from '../../src/slack/api.ts';
import { ownConversations } from '../../src/slack/conversations.ts';
import { createCoverage } from '../../src/slack/coverage.ts';
import { editedFiles } from '../../src/slack/edited-files.ts';
import { setFilesBookmark } from '../../src/slack/files-bookmark.ts';
import { filesSince } from '../../src/slack/files-since.ts';
import { slackHistory } from '../../src/slack/history.ts';
import { whoAmI } from '../../src/slack/identity.ts';
import { isOutside } from '../../src/slack/outside.ts';
import { ownerOf } from '../../src/slack/owner.ts';
import { createPeople, type People } from '../../src/slack/people.ts';
import { workspacesOf } from '../../src/slack/workspaces.ts';
import { manifests } from '../../tools/manifests.ts';
import { freshSlack } from '../sandbox/slack/start.ts';

const manifest = JSON.parse(manifests()['manifest.org.json'] as string);
const log = pino({ level: 'silent' });

let slack: SandboxSlack;
let api: SlackApi;
let people: People;
let teamId: string;

beforeEach(async () => {
  slack = await freshSlack({ seed: ORG_SEED, app: { ...DEFAULT_APP, manifest } });
  api = createSlackApi({ token: slack.app.botToken, apiUrl: slack.apiUrl, log });
  onTestFinished(() => api.close());
  teamId = (await whoAmI(api, slack.apiUrl)).teamId;
  people = createPeople({ api, teamId });
});

const id = (who: string) => slack.workspace.people[who] as string;
const channel = (name: string) => slack.workspace.channels[name] as string;
const east = () => slack.workspace.organisation?.workspaces['Acme East'] as string;
const west = () => slack.workspace.organisation?.workspaces['Acme West'] as string;

it('the organisation is who we are', () => expect(teamId).toBe(slack.workspace.organisation?.id));

describe('who is ours', () => {
  it.each([
    ['anna', true, false, () => [east()]],
    ['dora', true, false, () => [east(), west()].sort()],
    // The owner of the organisation; the admin of one workspace is none of the vault.
    ['carla', true, true, () => [east()]],
    ['will', true, false, () => [west()]],
    ['gus', false, false, () => [east()]],
  ])('%s', async (who, isFullMember, isAdmin, workspaces) => {
    expect(await people.person(id(who))).toMatchObject({
      ...{ isOurs: true, isFullMember, isAdmin, workspaces: workspaces() },
    });
  });

  it('nobody of a workspace that the app was taken out of', async () => {
    expect(await people.person(id('ben'))).toMatchObject({ isOurs: true });
    slack.access('Acme West', false);
    api.workspaces?.changed();
    expect(await people.person(id('ben'))).toMatchObject({
      isOurs: false,
      isFullMember: false,
      workspaces: [],
    });
    // They are still of the organisation: their files are no outsiders'.
    expect(await isOutside(people, id('ben'), true)).toBe(false);
    expect(await people.person(id('dora'))).toMatchObject({ isFullMember: true, workspaces: [east()] });
    slack.access('Acme West', true);
    api.workspaces?.changed();
    expect(await people.person(id('ben'))).toMatchObject({ isFullMember: true });
  });
});

describe('public channels', () => {
  const all = () => Object.values(slack.workspace.channels);
  const names = (ids: Iterable<string>) => {
    const known = Object.entries(slack.workspace.channels);
    return [...ids].map((one) => known.find(([, each]) => each === one)?.[0]).sort();
  };
  const publicTo = async (who: string, ids: string[]) =>
    names(await people.publicAmong(ids, await people.person(id(who))));

  it.each([
    ['anna', ['all-acme', 'east']],
    ['ben', ['all-acme', 'west']],
    ['dora', ['all-acme', 'east', 'west']],
  ])('are public to the people of their workspaces: %s', async (who, expected) => {
    expect(await publicTo(who, all())).toEqual(expected);
  });

  it('also among many, by the lists of the workspaces', async () => {
    const more = Array.from({ length: 12 }, (_, n) => slack.as('will').makeChannel(`more-${n}`));
    expect(await publicTo('anna', [...all(), ...more])).toEqual(['all-acme', 'east']);
    expect(await publicTo('ben', [...all(), ...more])).toHaveLength(14);
    expect(slack.calls.count('conversations.list')).toBe(2);
  });

  it('are counted once, also those that two workspaces list', async () => {
    const lonely = slack.as('anna').makeChannel('lonely');
    expect(await createCoverage({ api, people }).count()).toMatchObject({
      ...{ inside: 3, total: 1, channelIds: [lonely] },
    });
    expect(names((await createCoverage({ api, people }).publicChannelsOf(id('dora'))) ?? [])).toEqual([
      ...['all-acme', 'east', 'west'],
    ]);
  });
});

it('who is in which conversation is asked in the workspaces of that person', async () => {
  const mine = await people.memberships(id('ben'));
  expect(new Set(mine)).toEqual(new Set(['west', 'west-board', 'all-acme', 'both-boards'].map(channel)));
  const asked = slack.calls.list.filter(({ method, args }) => method === 'users.conversations' && args.user);
  expect(asked.map(({ args }) => args.team_id)).toEqual([west()]);
});

it('the bot’s conversations are listed once, with their workspaces', async () => {
  const found = await ownConversations(api);
  expect(new Set(found.map(({ channelId }) => channelId)).size).toBe(found.length);
  const placesOf = (name: string) => found.find((one) => one.channelId === channel(name))?.workspaces;
  expect(placesOf('east-board')).toBe(east());
  expect(placesOf('both-boards')).toBe([east(), west()].sort().join(' '));
});

it('a workspace that is taken away while it is listed counts as having nothing', async () => {
  await people.botChannels();
  slack.access('Acme West', false);
  const found = new Set((await ownConversations(api)).map(({ channelId }) => channelId));
  expect(['west', 'east', 'all-acme'].map((name) => found.has(channel(name)))).toEqual([false, true, true]);
});

it('an app that was added nowhere finds nothing, and asks nothing', async () => {
  for (const name of ['Acme East', 'Acme West']) slack.access(name, false);
  api.workspaces?.changed();
  slack.calls.reset();
  expect(await ownConversations(api)).toEqual([]);
  expect(slack.calls.count('users.conversations')).toBe(0);
});

it('files are listed by workspace', async () => {
  await slack.as('anna').share('east', { name: 'east.txt', content: 'e' });
  await slack.as('ben').share('west', { name: 'west.txt', content: 'w', mode: 'snippet' });
  const found = new Set<string>();
  for await (const page of filesSince(api, 0))
    for (const { channelIds } of page) for (const one of channelIds) found.add(one);
  expect(found).toEqual(new Set([channel('east'), channel('west')]));
  const edited = (workspace: string) => editedFiles(api, { teamId, types: 2, page: 1, workspace });
  expect((await edited(west()))?.files).toHaveLength(1);
  expect((await edited(east()))?.files).toEqual([]);
  const listed = await slackHistory({ api, teamId }).files(channel('west'), { from: 0, to: null, page: 1 });
  expect(listed.found.map(({ file }) => file.name)).toEqual(['west.txt']);
});

it('a bookmark leads to the app in a workspace of the channel', async () => {
  const { botId } = slack.workspace;
  await setFilesBookmark(api, { channelId: channel('west'), teamId, botId, isWanted: true });
  const [set] = slack.calls.list.filter(({ method }) => method === 'bookmarks.add');
  expect(String(set?.args.link)).toContain(`team=${west()}`);
});

it('the organisation’s owners are told what is wrong, not the admins of a workspace', async () => {
  const told = await conversationsWithAdmins({
    ...{ slack: api, identity: { teamId }, log, policy: { admins: new Set<string>() } },
  });
  expect(told).toEqual([slack.workspace.dms.carla]);
});

describe('what Slack says of workspaces', () => {
  it.each([
    [{ internal_team_ids: ['T2', 'T1'], shared_team_ids: ['T1'], context_team_id: 'T3' }, ['T1', 'T2']],
    [{ shared_team_ids: ['T1'], context_team_id: 'E1' }, ['T1']],
    [{ context_team_id: 'T1' }, ['T1']],
    [{ context_team_id: 'E1' }, []],
    [{ shared_team_ids: ['E1'], context_team_id: 'T1' }, []],
    [{ shared_team_ids: 'T1', internal_team_ids: [7, null] }, []],
    [{}, []],
  ])('of a channel: %j', (told, expected) => expect(workspacesOf(told)).toEqual(expected));

  it.each([
    [
      { team_id: null, enterprise_id: 'E1', is_enterprise_install: true },
      { teamId: 'E1', isOrganisation: true },
    ],
    [
      { team_id: 'T1', enterprise_id: 'E1', is_enterprise_install: true },
      { teamId: 'E1', isOrganisation: true },
    ],
    [
      { team_id: 'T1', enterprise_id: 'E1', is_enterprise_install: false },
      { teamId: 'T1', isOrganisation: false },
    ],
    [{ team_id: 'T1' }, { teamId: 'T1', isOrganisation: false }],
    [{ enterprise_id: 'E1' }, null],
  ])('of an installation: %j', (told, expected) => expect(ownerOf(told)).toEqual(expected));
});
