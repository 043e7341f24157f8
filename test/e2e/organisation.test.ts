import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ORG_SEED } from '../../sandbox/slack/server.ts';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const manifest = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../manifest.org.json'), 'utf8'));
const overHttp = { ...manifest, settings: { ...manifest.settings, socket_mode_enabled: false } };
const TOKENS = { botToken: 'xoxb-test-bot', appToken: 'xapp-test-app', signingSecret: 'test-signing-secret' };

/** Channels, and who may see what was shared there, of anna (East), ben (West), dora (both), will (West), gus (a guest in East). */
const SEES: Record<string, string[]> = {
  east: ['anna', 'dora', 'gus'],
  'east-board': ['anna'],
  west: ['ben', 'dora', 'will'],
  'west-board': ['ben', 'will'],
  'all-acme': ['anna', 'ben', 'dora', 'will'],
  'both-boards': ['anna', 'ben'],
};
const WHO_SHARES: Record<string, string> = {
  ...{ east: 'anna', 'east-board': 'carla', west: 'will', 'west-board': 'will' },
  ...{ 'all-acme': 'dora', 'both-boards': 'anna' },
};

/** A place in each workspace where somebody who is in both asks. */
const PLACES_OF_DORA = ['east', 'west', 'all-acme'];

describe.each(['socket', 'http'] as const)('one vault for an organisation of two workspaces (%s)', (mode) => {
  let vault: TestVault;
  let bot: Bot;
  const nameIn = (where: string) => `plan-of-${where}.txt`;
  const isPost = ({ method }: { method: string }) => method === 'chat.postMessage';
  const homeOf = (who: string) => JSON.stringify(vault.slack.as(who).homeView() ?? '');

  beforeAll(async () => {
    const app =
      mode === 'socket'
        ? { manifest, ...TOKENS }
        : { manifest: overHttp, ...TOKENS, requestUrl: 'http://127.0.0.1:9/slack/events' };
    vault = await startVault({ mode, slack: { seed: ORG_SEED, app } });
    bot = await vault.startBot();
    for (const [where, who] of Object.entries(WHO_SHARES))
      await vault.slack.as(who).share(where, { name: nameIn(where), content: `In ${where}` });
    await stored(6);
  }, 90_000);
  afterAll(() => vault?.close());

  const stored = (count: number) =>
    until(`${count} files`, async () => (await vault.s3.list(BUCKET)).length === count);

  /** What the bot answers to a command; asked in a conversation that everybody has, or in this channel. */
  async function ask(
    who: string,
    line: string,
    where = vault.slack.workspace.dms[who] as string,
  ): Promise<string> {
    const person = vault.slack.as(who);
    const answers = () => person.messages(where).filter(({ ephemeral }) => ephemeral);
    const before = answers().length;
    await person.command(where, line);
    return JSON.stringify(await person.waitFor(() => answers().slice(before).at(-1), 30_000));
  }

  /** The channels whose file somebody finds. */
  const found = async (who: string, where?: string) => {
    const answer = (await ask(who, '/vault find plan', where)).replaceAll('find plan', '');
    return Object.keys(SEES).filter((where) => answer.includes(nameIn(where)));
  };
  const expected = (who: string) => Object.keys(SEES).filter((where) => SEES[where]?.includes(who));

  it('saves each file once under the organisation’s id, also of the channels that both share', async () => {
    const keys = (await vault.s3.list(BUCKET)).map(({ key }) => key);
    expect(keys).toHaveLength(6);
    for (const where of Object.keys(SEES))
      expect(keys.filter((key) => key.includes(nameIn(where)))).toHaveLength(1);
    await until('a confirmation for each', async () => vault.slack.calls.list.filter(isPost).length >= 6);
    const threads = vault.slack.calls.list.filter((call) => isPost(call) && call.args.thread_ts);
    const places = threads.map(({ args }) => String(args.channel));
    expect(places.toSorted()).toEqual(Object.values(vault.slack.workspace.channels).toSorted());
  });

  it.each(['anna', 'ben', 'dora', 'will', 'gus'])(
    '%s finds what Slack would show, and nothing else',
    async (who) => {
      expect(await found(who)).toEqual(expected(who));
    },
  );

  it.each(PLACES_OF_DORA)(
    'whoever is in both workspaces finds the files of both, asked in #%s',
    async (where) => {
      expect(await found('dora', where)).toEqual(expected('dora'));
      // A list is the channel's own, and a channel of both workspaces has one.
      const listed = await ask('dora', '/vault list', where);
      expect(Object.keys(SEES).filter((one) => listed.includes(nameIn(one)))).toEqual([where]);
    },
  );

  it('a shared channel has the same list for the people of both', async () => {
    for (const who of ['anna', 'ben'])
      expect(await ask(who, '/vault list', 'all-acme')).toContain(nameIn('all-acme'));
  });

  it('App Home shows the same, of all workspaces of the person', async () => {
    for (const who of ['anna', 'ben', 'dora']) {
      vault.slack.as(who).home();
      const shown = () => Object.keys(SEES).filter((where) => homeOf(who).includes(nameIn(where)));
      await until(`${who}’s App Home`, () => shown().length === expected(who).length);
      expect(shown()).toEqual(expected(who));
    }
  });

  it('an admin of one workspace is none of the vault; an owner of the organisation is', async () => {
    expect(await ask('will', '/vault audit')).toContain('Only workspace admins');
    expect(await ask('carla', '/vault audit')).not.toContain('Only workspace admins');
  });

  it('asks for every list by workspace, and is never refused', () => {
    const refused = vault.slack.calls.list.filter(({ error }) => error !== undefined);
    expect(refused.map(({ method, error }) => `${method}: ${error}`)).toEqual([]);
    expect(bot.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it('loses a workspace at once, and gets it back with what was shared meanwhile', async () => {
    vault.slack.access('Acme West', false);
    await vault.slack.deliveries.settled();
    await until('nothing of West', async () => (await found('ben')).length === 0);
    // What they share with East is theirs in East.
    expect(await found('dora')).toEqual(['east', 'all-acme']);
    expect(await found('anna')).toEqual(expected('anna'));
    await until('App Home without it', () => !homeOf('dora').includes(nameIn('west')));
    await vault.slack.as('anna').share('all-acme', { name: 'meanwhile-both.txt', content: 'b' });
    await stored(7);
    await vault.slack.as('ben').share('west', { name: 'meanwhile-west.txt', content: 'w' });
    await vault.slack.deliveries.settled();

    vault.slack.access('Acme West', true);
    await stored(8);
    await until('West again', async () => (await found('ben')).length === expected('ben').length);
    expect(await found('will')).toEqual(expected('will'));
  }, 90_000);

  it('goes on after a restart without its catalog, from the bucket', async () => {
    await bot.stop();
    rmSync(vault.dataDir, { recursive: true });
    bot = await vault.startBot();
    await vault.slack.as('ben').share('west-board', { name: 'later.txt', content: 'l' });
    await stored(9);
    for (const who of ['anna', 'ben']) expect(await found(who)).toEqual(expected(who));
    expect(bot.log.find(({ msg }) => msg === 'RIA Vault is ready')).toMatchObject({
      teamId: vault.slack.workspace.organisation?.id,
    });
  }, 60_000);
});
