import { pino } from 'pino';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ORG_SEED } from '../../sandbox/slack/seed.ts';
import { DEFAULT_APP, type SandboxSlack } from '../../sandbox/slack/server.ts';
import { channelById } from '../../src/catalog/files/channels.ts';
import { channelNamed } from '../../src/catalog/files/imported.ts';
import { fileById, sharesOf } from '../../src/catalog/files/lookup.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { followChannels } from '../../src/catalog/sweep/follow.ts';
import { importText } from '../../src/cli/import-report.ts';
import { createSlackApi } from '../../src/slack/api.ts';
import { createPeople } from '../../src/slack/people.ts';
import { namesOfChannels } from '../../src/vault/names.ts';
import { createRights, type Rights } from '../../src/vault/rights.ts';
import { manifests } from '../../tools/manifests.ts';
import { found } from '../catalog/samples.ts';
import { freshSlack } from '../sandbox/slack/start.ts';
import { type Contents, type ExportedConversation, slackExport, withBytes } from './exports.ts';
import { AT, bytesOf, importStage } from './stage.ts';

const { stage, zip, run } = importStage();
const manifest = JSON.parse(manifests()['manifest.org.json'] as string);

let slack: SandboxSlack;
let [org, east, west] = ['', '', ''];
let rights: Rights;
/** As the command knows them: the vault's organisation, and those of its workspaces that have the app. */
let vault: { ours: string; workspaces: string[] };

beforeEach(async () => {
  slack = await freshSlack({ seed: ORG_SEED, app: { ...DEFAULT_APP, manifest } });
  const { id = '', workspaces = {} } = slack.workspace.organisation ?? {};
  [org, east, west] = [id, workspaces['Acme East'] as string, workspaces['Acme West'] as string];
  vault = { ours: org, workspaces: [east, west] };
  const log = pino({ level: 'silent' });
  const api = createSlackApi({ token: slack.app.botToken, apiUrl: slack.apiUrl, log });
  onTestFinished(() => api.close());
  api.workspaces?.serve(true);
  const people = createPeople({ api, teamId: org });
  rights = createRights({ catalog: stage.catalog, people, teamId: org, admins: new Set() });
});

/** What was shared in a channel of the sandbox, or in one that Slack does not know any more. */
function conversation(name: string, o: Partial<ExportedConversation> = {}): ExportedConversation {
  const id = slack.workspace.channels[name] ?? `C0${name.toUpperCase().replaceAll('-', '')}`;
  const list = name.includes('board') ? 'groups' : 'channels';
  const files = [{ id: fileOf(name), name: `plan of ${name}.txt`, bytes: bytesOf(name) }];
  return {
    id,
    list,
    name,
    messages: [{ at: AT, user: slack.workspace.people.carla as string, files }],
    ...o,
  };
}
const fileOf = (name: string) => `F0PLAN${name.toUpperCase().replaceAll('-', '')}`;
const row = (name: string) => fileById(stage.catalog, { teamId: org, fileId: fileOf(name) });

/** An organisation's export: what several workspaces share, and beside it each workspace, by its id. */
function organisationExport(shared: string[], parts: Record<string, string[]>): Contents {
  const contents: Contents = new Map();
  const add = (root: string, names: string[], team: string) => {
    const conversations = names.map((name) => conversation(name));
    const all = withBytes(slackExport(conversations, { team }), conversations, 'attachments');
    for (const [path, bytes] of all) contents.set(`${root}${path}`, bytes);
  };
  add('', shared, org);
  for (const [team, names] of Object.entries(parts)) add(`teams/team-${team.toLowerCase()}/`, names, team);
  return contents;
}

/** Who sees the file of which channel: anna (East), ben (West), dora (both), gus (a guest in East). */
const SEES: Record<string, string[]> = {
  east: ['anna', 'dora', 'gus'],
  'east-board': ['anna'],
  west: ['ben', 'dora'],
  'all-acme': ['anna', 'ben', 'dora'],
  'both-boards': ['anna', 'ben'],
};

describe('an import into the vault of an organisation', () => {
  it('takes the export of all its workspaces, under its id, and shows each what Slack shows them', async () => {
    const parts = { [east]: ['east', 'east-board'], [west]: ['west'], T0NORTH01: ['north'] };
    const report = await run(await zip(organisationExport(['all-acme', 'both-boards'], parts)), vault);
    expect(report).toMatchObject({ files: 5, stored: 5, teamId: org });
    expect(importText(report)).toContain(`organisation ${org}, 5 conversations, 5 files`);
    expect(report.problems).toEqual({ other_workspace: { count: 1, examples: ['workspace T0NORTH01'] } });
    expect(await row('north')).toBeUndefined();
    for (const [where, expected] of Object.entries(SEES)) {
      const file = await row(where);
      if (file === undefined) throw new Error(`nothing of ${where}`);
      const seeing: string[] = [];
      for (const who of ['anna', 'ben', 'dora', 'gus'])
        if (await rights.maySeeFile(slack.workspace.people[who] as string, file)) seeing.push(who);
      expect(seeing, where).toEqual(expected);
    }
  });

  it('takes the export of one of its workspaces, and keeps in which its channels are', async () => {
    const report = await run(await zip(slackExport([conversation('old-east')], { team: east })), vault);
    expect(report).toMatchObject({ files: 1, teamId: org, problems: {} });
    expect(await row('old-east')).toBeDefined();
    const channel = await channelById(stage.catalog, org, 'C0OLDEAST');
    expect(channel).toMatchObject({ workspaces: east, isMember: false });
  });

  it('takes nothing of another organisation, nor of a workspace without the app', async () => {
    const others = organisationExport(['all-acme'], { T0OTHER01: ['east'], T0OTHER02: ['west'] });
    const report = await run(await zip(others), vault);
    expect(report).toMatchObject({ files: 0, problems: { other_workspace: { count: 3 } } });
    // Of an empty workspace nobody can tell which it is.
    others.set('teams/team-empty/channels.json', Buffer.from('[]'));
    const again = await run(await zip(others), vault);
    expect(again).toMatchObject({ files: 0, problems: { other_workspace: { count: 3 } } });
    const away = await zip(slackExport([conversation('north')], { team: 'T0NORTH01' }));
    await expect(run(away, vault)).rejects.toMatchObject({
      code: 'other_workspace',
      message: expect.stringContaining('add the app there first'),
    });
  });

  it('doubles nothing that was saved live in a shared channel, whichever workspace’s export shows it', async () => {
    const shared = conversation('all-acme');
    const live = found(fileOf('all-acme'), shared.id, AT, {
      teamId: org,
      name: 'plan of all-acme.txt',
      size: bytesOf('all-acme').length,
    });
    const { ts } = live.share;
    const told = { ...shared, messages: shared.messages.map((one) => ({ ...one, ts: ts as string })) };
    await recordShares(stage.catalog, org, [live], AT);
    for (const team of [east, west, east]) {
      const contents = withBytes(slackExport([told], { team }), [told], 'uploads');
      expect(await run(await zip(contents), vault)).toMatchObject({ files: 1, recorded: 0 });
    }
    await recordShares(stage.catalog, org, [live], AT);
    expect(await stage.catalog.db.selectFrom('file').select('fileId').execute()).toHaveLength(1);
    expect(await sharesOf(stage.catalog, { teamId: org, fileId: fileOf('all-acme') })).toHaveLength(1);
    expect(await stage.target.keys()).toHaveLength(1);
  });

  describe('where two workspaces have a channel of the same name', () => {
    beforeEach(async () => {
      for (const [team, id] of [
        [east, 'C0EASTGEN'],
        [west, 'C0WESTGEN'],
      ] as const)
        await run(await zip(slackExport([conversation('general', { id })], { team })), vault);
    });

    it('a list says which is which', async () => {
      const names = new Map([
        [east, 'Acme East'],
        [west, 'Acme West'],
      ]);
      const workspaces = { names: async () => names } as never;
      const identity = { teamId: org, isOrganisation: true } as never;
      const named = await namesOfChannels({ catalog: stage.catalog, identity, slack: { workspaces } }, [
        'C0EASTGEN',
        'C0WESTGEN',
      ]);
      expect([...named.values()].sort()).toEqual(['general (Acme East)', 'general (Acme West)']);
    });

    it('a table’s name is that of the workspace which --team names; without it, of none', async () => {
      expect(await channelNamed(stage.catalog, 'general')).toBeNull();
      expect(await channelNamed(stage.catalog, 'general', west)).toBe('C0WESTGEN');
    });

    it('neither is taken for the other when the bot is invited into one', async () => {
      const met = {
        channelId: 'C0NEWGEN1',
        kind: 'public',
        name: 'general',
        workspaces: 'T0SOUTH01',
      } as const;
      const conversations = [{ ...met, isArchived: false, imUserId: null, createdAt: null }];
      const asked = { conversations, askedAt: AT, now: AT };
      expect(await followChannels(stage.catalog, org, asked)).toEqual([]);
    });
  });
});
