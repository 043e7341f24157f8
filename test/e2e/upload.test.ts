import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ViewRecord } from '../../sandbox/slack/types.ts';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

describe('files that are put into the vault by hand', () => {
  let vault: TestVault;
  let bot: Bot;

  beforeAll(async () => {
    vault = await startVault();
    bot = await vault.startBot();
  });
  afterAll(() => vault?.close());

  const person = (who: string) => vault.slack.as(who);
  const alone = (who: string) =>
    person(who)
      .messages('general')
      .filter(({ ephemeral }) => ephemeral);
  const objects = async () => (await vault.s3.list(BUCKET)).length;
  const modal = (who: string, text: string) =>
    until(text, () => {
      const view = person(who).modal();
      return view && JSON.stringify(view).includes(text) ? view : undefined;
    });

  async function find(who: string, words: string): Promise<string> {
    const before = new Set(alone(who).map(({ ts }) => ts));
    await person(who).command('general', `/vault find ${words}`);
    const found = await until('the answer', () => alone(who).find(({ ts }) => !before.has(ts)));
    return JSON.stringify(found.blocks);
  }

  async function openUpload(who: string): Promise<ViewRecord> {
    await person(who).command('general', '/vault upload');
    return modal(who, 'file_input');
  }

  async function submit(who: string, fileIds: string[], where: string | null = null): Promise<ViewRecord> {
    const view = await openUpload(who);
    await person(who).submit(view.id, {
      files: { files: { type: 'file_input', files: fileIds.map((id) => ({ id })) } },
      where: { where: { type: 'conversations_select', selected_conversation: where } },
    });
    return until('an answer', () => {
      const now = person(who).modal();
      return now && now.callback_id !== 'upload' && !JSON.stringify(now).includes('Looking it up')
        ? now
        : undefined;
    });
  }

  const close = async (who: string) => {
    for (let view = person(who).modal(); view; view = person(who).modal()) await person(who).close(view.id);
  };

  it('a private upload is stored, and only its uploader finds it: not even an admin', async () => {
    const files = [
      await person('anna').upload({ name: 'diary.txt', content: 'dear diary' }),
      await person('anna').upload({ name: 'diary 2.txt', content: 'dear diary again' }),
    ];
    expect(JSON.stringify(await submit('anna', files))).toContain('Only you can open this');
    await close('anna');
    await until('both objects', async () => (await objects()) === 2);
    await until('the word that both are saved', () =>
      JSON.stringify(person('anna').messages(vault.slack.workspace.dms.anna as string)).includes(
        'Saved 2 files',
      ),
    );
    const own = await until('her finding them', async () => {
      const found = await find('anna', 'diary');
      return found.includes('diary 2.txt') ? found : undefined;
    });
    expect(own).toContain('private uploads');
    for (const other of ['ben', 'carla', 'gus']) {
      for (const words of ['diary', 'dairy', files[0] as string, '@anna']) {
        expect(await find(other, words)).not.toContain('diary.txt');
      }
    }
    expect(
      person('ben')
        .messages('general')
        .some(({ text }) => text.startsWith('Saved ')),
    ).toBe(false);
  });

  it('an upload for a channel is found by those who can see the channel', async () => {
    const id = await person('carla').upload({ name: 'plan.txt', content: 'the plan' });
    const { finance, general } = vault.slack.workspace.channels;
    expect(JSON.stringify(await submit('carla', [id], finance as string))).toContain('plan.txt');
    await close('carla');
    await until('the object', async () => (await objects()) === 3);
    await until(
      'a member finding it',
      async () =>
        (await find('anna', 'plan.txt')).includes('plan.txt"') ||
        (await find('anna', 'plan')).includes('plan.txt'),
    );
    expect(await find('ben', 'plan')).not.toContain('plan.txt');
    expect(general).toBeDefined();
  });

  it.each([
    ['a channel that the person is not in', 'ben', 'finance'],
    ['a channel that the bot is not in', 'ben', 'random'],
  ])('is refused for %s', async (_, who, channel) => {
    const id = await person(who).upload({ name: 'stray.txt', content: 'x' });
    const view = await submit(who, [id], vault.slack.workspace.channels[channel] as string);
    expect(JSON.stringify(view)).toContain('both in');
    await close(who);
    expect(await find(who, 'stray')).not.toContain('stray.txt');
  });

  it('nobody brings in a file of somebody else', async () => {
    const { files } = await person('carla').share('general', { name: 'hers.txt', content: 'hers' });
    await until('the object', async () => (await objects()) === 4);
    expect(JSON.stringify(await submit('ben', files))).toContain('uploaded yourself');
    await close('ben');
  });

  it('saves the files of a message on demand, and says what became of them', async () => {
    const { ts } = await person('ben').share('general', { name: 'minutes.txt', content: 'minutes' });
    await until('the object', async () => (await objects()) === 5);
    await person('anna').shortcut('save_to_vault', {
      channel: vault.slack.workspace.channels.general as string,
      ts,
    });
    await modal('anna', 'saved already');
    await close('anna');
    const plain = person('ben').post('general', 'no files here');
    await person('anna').shortcut('save_to_vault', {
      channel: vault.slack.workspace.channels.general as string,
      ts: plain,
    });
    await modal('anna', 'This message has no files');
    await close('anna');
  });

  it('saves what the vault missed while it was out of the channel', async () => {
    person('anna').kick('general');
    const { ts } = await person('ben').share('general', { name: 'missed.txt', content: 'missed' });
    const channel = vault.slack.workspace.channels.random as string;
    const elsewhere = await person('ben').share('random', { name: 'far.txt', content: 'far' });
    await person('ben').shortcut('save_to_vault', { channel, ts: elsewhere.ts });
    await modal('ben', 'I am not in this conversation');
    await close('ben');
    person('anna').invite('general');
    await vault.slack.deliveries.settled();
    await person('ben').shortcut('save_to_vault', {
      channel: vault.slack.workspace.channels.general as string,
      ts,
    });
    await until('an answer', () =>
      /being saved|saved already/.test(JSON.stringify(person('ben').modal() ?? '')),
    );
    await close('ben');
    await until('the object', async () =>
      (await vault.s3.list(BUCKET)).some(({ key }) => key.includes('missed')),
    );
  });

  it('App Home opens both windows', async () => {
    const anna = person('anna');
    anna.home();
    const home = await anna.waitFor(() => anna.homeView());
    await anna.action(home, 'open_upload');
    await modal('anna', 'file_input');
    await close('anna');
    await anna.action(anna.homeView() ?? home, 'open_find');
    await modal('anna', 'Files you can see');
    await close('anna');
    expect(bot.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});
