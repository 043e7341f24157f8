import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

/**
 * A public channel becomes private, before or after the bot leaves it, with or without an event. Then only its known
 * members may have its files; what Slack still shows of the vault follows.
 */
describe('a channel that was made private', () => {
  let vault: TestVault;
  let bot: Bot;
  const channels = ['told', 'untold', 'before', 'after'] as const;

  beforeAll(async () => {
    const people = ['mia', 'otto', 'gus', 'carla'].map((name) => ({
      ...{ name, real_name: name, color: '#334455' },
      role: name === 'carla' ? ('admin' as const) : name === 'gus' ? ('guest' as const) : ('member' as const),
    }));
    const seed = {
      team: { name: 'Private', domain: 'private' },
      people,
      channels: [
        ...channels.map((name) => ({ name, members: ['mia', 'bot'] })),
        { name: 'canteen', members: ['mia', 'bot'] },
        { name: 'lobby', members: ['mia', 'otto', 'carla', 'bot'] },
        { name: 'vault', private: true, members: ['mia', 'bot'] },
        { name: 'newly', private: true, members: ['otto', 'bot'] },
      ],
    };
    vault = await startVault({ slack: { seed } });
    const { otto, gus } = vault.slack.workspace.people as Record<string, string>;
    bot = await vault.startBot({
      VAULT_CONFIRM: 'off',
      VAULT_ADMINS: gus as string,
      VAULT_AUDITORS: otto as string,
    });
    for (const where of [...channels, 'vault']) {
      const name = `plans-${where}.pdf`;
      await vault.slack.as('mia').share(where, { name, content: name });
    }
    await until('the files', async () => (await vault.s3.list(BUCKET)).length === channels.length + 1);
  });
  afterAll(() => vault?.close());

  async function ask(who: string, where: string, line: string): Promise<string> {
    const person = vault.slack.as(who);
    const answers = () => person.messages(where).filter((message) => message.ephemeral);
    const before = answers().length;
    await person.command(where, line);
    return JSON.stringify(await person.waitFor(() => answers().slice(before).at(-1), 30_000));
  }

  it('is not shown in find, stats and App Home to who is not in it, whatever the order', async () => {
    const before = await ask('carla', 'lobby', '/vault find plans');
    for (const where of channels) expect(before).toContain(`plans-${where}.pdf`);
    vault.slack.as('carla').home();
    await until('her App Home', () =>
      JSON.stringify(vault.slack.as('carla').homeView() ?? '').includes('plans-told'),
    );

    vault.slack.makePrivate('told');
    // Nobody opens it: what was published is renewed.
    await until('her App Home without it', () => {
      const shown = JSON.stringify(vault.slack.as('carla').homeView());
      return shown.includes('plans-after') && !shown.includes('plans-told');
    });
    vault.slack.makePrivate('before', { untold: true });
    vault.slack.as('mia').kick('before');
    vault.slack.as('mia').kick('after');
    vault.slack.makePrivate('after');
    vault.slack.makePrivate('untold', { untold: true });
    await vault.slack.deliveries.settled();
    // Nothing that is kept is older than a minute.
    await until(
      'nothing of them',
      async () =>
        !/plans-/.test((await ask('carla', 'lobby', '/vault find plans')).replaceAll('find plans', '')),
      90_000,
    );
    const carla = vault.slack.as('carla');
    const stats = await ask('carla', 'lobby', '/vault stats');
    for (const where of channels)
      expect(stats).not.toContain(`<#${vault.slack.workspace.channels[where]}> ·`);
    carla.home();
    await until('her App Home', () => !JSON.stringify(carla.homeView()).includes('plans-'));
  }, 180_000);

  it('says to its members why they see nothing, and what to do', async () => {
    for (const line of ['list', 'delete', 'trash', 'export', 'channel']) {
      const answer = await ask('mia', 'after', `/vault ${line}`);
      expect(answer).toContain('I am no longer in');
      expect(answer).toContain('/invite @ria-vault');
      expect(answer).not.toContain('plans-after');
    }
    vault.slack.as('mia').invite('after');
    await vault.slack.deliveries.settled();
    expect(await ask('mia', 'after', '/vault list')).toContain('plans-after.pdf');
  });

  it('the audit log names to admins only what they could see, and to auditors all', async () => {
    const admin = await ask('carla', 'lobby', '/vault audit action:stored');
    expect(admin).not.toContain('plans-');
    expect(admin).not.toContain('in #vault');
    expect(admin).toContain('by their ids');
    const auditor = await ask('otto', 'lobby', '/vault audit action:stored');
    expect(auditor).toContain('plans-vault.pdf');
    expect(auditor).toContain('in #vault');
    expect(await ask('otto', 'lobby', '/vault audit action:looked')).toContain('carla');
  });

  it('an auditor exports any channel, and neither lists nor deletes what they could not see', async () => {
    const id = vault.slack.workspace.channels.vault as string;
    expect(await ask('otto', 'lobby', `/vault export ${id}`)).toContain('a list of all files');
    expect(await ask('carla', 'lobby', `/vault export ${id}`)).toContain(
      'only while you can see the channel',
    );
    expect(await ask('otto', 'lobby', `/vault find <#${id}|vault>`)).not.toContain('plans-vault');
    expect(await ask('otto', 'lobby', '/vault status')).not.toContain('For admins');
  });

  it('what was published for somebody who is a full member no longer is renewed at once', async () => {
    const otto = vault.slack.as('otto');
    await vault.slack.as('mia').share('canteen', { name: 'menu.pdf', content: 'soup' });
    const shown = () => JSON.stringify(otto.homeView() ?? '');
    await until('the file', async () => (await vault.s3.list(BUCKET)).length > channels.length + 2);
    otto.home();
    await until('his App Home', () => shown().includes('menu.pdf'));
    vault.slack.grid('otto', { team_id: 'T0ELSEWHERE', is_stranger: true });
    vault.slack.event('lobby', { type: 'user_change', user: { id: otto.id } });
    await until('his App Home without it', () => !shown().includes('menu.pdf'));
  });

  it('the process has not minded', () => {
    expect(bot.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});
