import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageMessage, View } from '../../sandbox/slack/page-api.ts';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

/** Finding and getting, with the real bot: who sees what, in commands, menus, modals and mentions. */
describe('find, list and get', () => {
  let vault: TestVault;
  let bot: Bot;
  const files: Record<string, string> = {};

  beforeAll(async () => {
    vault = await startVault();
    bot = await vault.startBot();
    const share = async (person: string, channel: string, name: string) => {
      const { files: ids } = await vault.slack
        .as(person)
        .share(channel, { name, content: `content of ${name}` });
      files[name] = ids[0] as string;
    };
    await share('anna', 'general', 'Budget 2026.xlsx');
    await share('ben', 'design', 'budget sketch.png');
    await share('carla', 'finance', 'budget secret.pdf');
    await share('ben', 'general', 'menu.txt');
    await until('all files', async () => (await vault.s3.list(BUCKET)).length === 4);
    // Listed already while they are on their way.
    await until(
      'the catalog',
      async () => !/On its way/.test((await find('carla', 'budget')) + (await find('ben', 'menu'))),
    );
  });
  afterAll(() => vault?.close());

  const alone = (who: string, channel = 'general') =>
    vault.slack
      .as(who)
      .messages(channel)
      .filter(({ ephemeral }) => ephemeral);

  async function answer(who: string, act: () => Promise<void>, channel = 'general'): Promise<PageMessage> {
    const before = new Set(alone(who, channel).map(({ ts }) => ts));
    await act();
    return until('the answer', () => alone(who, channel).find(({ ts }) => !before.has(ts)));
  }
  const command = (who: string, line: string, channel = 'general') =>
    answer(who, () => vault.slack.as(who).command(channel, line), channel);
  const find = async (who: string, words: string) =>
    JSON.stringify((await command(who, `/vault find ${words}`)).blocks);

  it('finds everywhere what the asker may see, and nothing else: member, non-member, guest', async () => {
    const carla = await find('carla', 'budget');
    for (const name of ['Budget 2026', 'budget sketch', 'budget secret']) expect(carla).toContain(name);
    const ben = await find('ben', 'budget');
    for (const name of ['Budget 2026', 'budget sketch']) expect(ben).toContain(name);
    expect(ben).not.toContain('secret');
    const gus = await find('gus', 'budget');
    expect(gus).toContain('Budget 2026');
    for (const name of ['secret', 'sketch']) expect(gus).not.toContain(name);
  });

  it.each([
    ['secret', 'a word of a private file'],
    ['sercet', 'the same, mistyped'],
    ['type:pdf', 'its type'],
    ['@carla', 'who shared it'],
  ])('%s tells a stranger nothing (%s)', async (words) => {
    const ben = await find('ben', words);
    expect(ben).toContain('No files found');
    expect(ben).not.toContain('budget secret');
  });

  it('finds by its id, by SHA-256 and by a mistyped word, and only for those who may', async () => {
    const id = files['budget secret.pdf'] as string;
    expect(await find('carla', id)).toContain('budget secret.pdf');
    expect(await find('ben', id)).not.toContain('secret');
    expect(await find('ben', 'budgte')).toContain('budget sketch.png');
    expect(await find('ben', 'size:>1gb')).toContain('No files found');
  });

  it('narrows down by menus, in place, and clears', async () => {
    const ben = vault.slack.as('ben');
    const screen = await command('ben', '/vault find');
    const shown = () => JSON.stringify(alone('ben').find(({ ts }) => ts === screen.ts)?.blocks);
    await ben.action(screen, 'find_open');
    await until('the menus', () => shown().includes('find_type'));
    await ben.action(screen, 'find_type', { payload: { selected_option: { value: 'image' } } });
    await until('images only', () => !shown().includes('menu.txt') && shown().includes('sketch'));
    await ben.action(screen, 'find_clear');
    await until('everything again', () => shown().includes('menu.txt'));
    await ben.action(screen, 'find_person', {
      payload: { selected_user: vault.slack.workspace.people.anna },
    });
    await until('Anna’s only', () => shown().includes('Budget 2026') && !shown().includes('menu.txt'));
    await ben.action(screen, 'find_channel', {
      payload: { selected_conversation: vault.slack.workspace.channels.finance },
    });
    await until('nothing', () => shown().includes('No files found'));
  });

  it('gets one clear match at once, and shows several to choose from', async () => {
    const one = JSON.stringify((await command('ben', '/vault get menu')).blocks);
    const url = /https?:[^"]+X-Amz-Signature[^"]+/.exec(one)?.[0] as string;
    expect(await (await fetch(url)).text()).toBe('content of menu.txt');
    const several = JSON.stringify((await command('ben', '/vault get budget')).blocks);
    expect(several).toContain('file_menu');
    expect(several).not.toContain('X-Amz');
    const none = JSON.stringify((await command('ben', `/vault get ${files['budget secret.pdf']}`)).blocks);
    expect(none).toContain('No files found');
  });

  it('opens as a modal, where words can be typed', async () => {
    const ben = vault.slack.as('ben');
    await ben.shortcut('open_vault');
    const modal = (text: string) =>
      until(text, () => {
        const view = ben.modal();
        return view && JSON.stringify(view.blocks).includes(text) ? view : undefined;
      });
    const view = await modal('menu.txt');
    const block = view.blocks.find((block) => block.type === 'input') as unknown as { block_id: string };
    await ben.submit(view.id, {
      [block.block_id]: { find_words: { type: 'plain_text_input', value: 'sketch' } },
    });
    const found = await modal('budget sketch.png');
    expect(JSON.stringify(found.blocks)).not.toContain('menu.txt');
    await ben.close((ben.modal() as View).id);
  });

  it('answers a mention in the thread, with files of this channel only', async () => {
    const carla = vault.slack.as('carla');
    const bot = vault.slack.workspace.botUserId;
    const ts = carla.post('general', `<@${bot}> find budget`);
    const reply = await until('the answer', () =>
      vault.slack
        .as('gus')
        .messages('general')
        .find((one) => one.thread_ts === ts && one.user === bot),
    );
    const text = JSON.stringify(reply.blocks);
    expect(text).toContain('Budget 2026.xlsx');
    for (const name of ['secret', 'sketch', 'delete:']) expect(text).not.toContain(name);
    // Somebody else turns a menu of that answer: it is answered for them alone, with their own rights.
    const gus = vault.slack.as('gus');
    const whispered = await answer('gus', () => gus.action(reply, 'find_open'));
    expect(JSON.stringify(whispered.blocks)).toContain('find_type');
  });

  it.each([
    ['find in:<#finance> budget', 'budget secret.pdf'],
    ['help', '/vault find'],
    ['find no-such-thing', 'No files found'],
    ['delete budget', 'budget'],
    ['find before:soon', 'I do not know `before:soon`'],
    ['budgt secrte', 'budget secret.pdf'],
  ])('a mention of %s is answered to the asker alone', async (words, expected) => {
    const { botUserId, channels } = vault.slack.workspace;
    const text = `<@${botUserId}> ${words.replace('#finance', `#${channels.finance}|finance`)}`;
    const whispered = await answer('carla', async () => void vault.slack.as('carla').post('general', text));
    expect(JSON.stringify(whispered.blocks)).toContain(expected);
    expect(
      vault.slack
        .as('ben')
        .messages('general')
        .some((one) => JSON.stringify(one).includes('budget secret')),
    ).toBe(false);
  });

  it('a list follows what is done in Details that were opened from it, and its Undo', async () => {
    const anna = vault.slack.as('anna');
    const fileId = files['Budget 2026.xlsx'] as string;
    const list = await command('anna', '/vault find "Budget 2026"');
    const open = () => JSON.stringify(alone('anna').find(({ ts }) => ts === list.ts)?.blocks);
    const top = (has: string) => {
      const view = anna.modal();
      return view !== undefined && JSON.stringify(view).includes(has) ? view : undefined;
    };
    const choose = (where: View | PageMessage, value: string) =>
      anna.action(where, 'file_menu', { payload: { selected_option: { value } } });
    await choose(list, `details:${fileId}`);
    const details = await until('Details', () => top('details_more'));
    await choose(details, `delete:${fileId}`);
    const question = await until('the question', () => top('delete_confirm'));
    await anna.submit(question.id);
    const done = await until('the end', () => top('undo_delete'));
    await until('the list without it', () => open().includes('find_restore'));
    expect(open()).not.toContain(`details:${fileId}`);
    await anna.action(done, 'undo_delete', { payload: { value: fileId } });
    await until('the list with it', () => open().includes(`details:${fileId}`));
    // Details below the window show what they can do now.
    await anna.close(done.id);
    await until('Details again', () => top('details_more') && top('download_file'));
    await anna.close(details.id);
  });

  it('words after a command that somebody may not use are searched, and so are topics without help', async () => {
    const typed = async (line: string) => JSON.stringify((await command('ben', line)).blocks);
    const asAudit = await typed('/vault audit menu');
    expect(asAudit).toContain('`/vault audit` is for admins, so I searched');
    const asHelp = await typed('/vault help menu');
    expect(asHelp).toContain('menu.txt');
    expect(asHelp).toContain('`menu` is no command');
    expect(await typed('/vault help find')).not.toContain('is no command');
  });

  it('finds by what was said, shows the place, and follows an edit; for those who see the channel', async () => {
    const ben = vault.slack.as('ben');
    const text = 'here is the *walrus* you asked <@carla> for';
    const { ts } = await ben.share('design', { name: 'plan.bin', content: 'x' }, { text });
    const told = await until('it is found', async () => {
      const found = await find('carla', 'walrus asked');
      return found.includes('plan.bin') && found;
    });
    expect(told).toContain('In what was said with them:');
    expect(told).toMatch(/“here is the walrus you asked [^”]*for”, /);
    expect(await find('gus', 'walrus')).toContain('No files found');
    expect(await find('carla', 'walrus in:name')).toContain('No files found');
    ben.edit('design', ts, 'here is the otter');
    await until('the new words', async () => (await find('carla', 'otter')).includes('plan.bin'));
    expect(await find('carla', 'walrus')).toContain('No files found');
  });

  it('forgets what was deleted, at once', async () => {
    const anna = vault.slack.as('anna');
    const carla = vault.slack.as('carla');
    expect(await find('anna', 'budget')).toContain('Budget 2026');
    const menu = await command('anna', '/vault find "Budget 2026"');
    await anna.action(menu, 'file_menu', {
      payload: { selected_option: { value: `delete:${files['Budget 2026.xlsx']}` } },
    });
    const dialog = await until('the question', () =>
      anna.modal()?.callback_id === 'delete_confirm' ? anna.modal() : undefined,
    );
    await anna.submit(dialog.id);
    // The list that is open follows, in its place: the file is in the trash there, and can be restored.
    const open = () => JSON.stringify(alone('anna').find(({ ts }) => ts === menu.ts)?.blocks);
    await until('the list without it', () => !open().includes(`details:${files['Budget 2026.xlsx']}`));
    expect(open()).toContain('find_restore');
    await until('the end of it', async () => (await find('carla', 'budget')).includes('In the trash since'));
    expect(await find('carla', 'budget')).not.toContain(`details:${files['Budget 2026.xlsx']}`);
    expect(carla.id).not.toBe(anna.id);
  });

  it('a person who has left a channel finds nothing of it any more', async () => {
    const anna = vault.slack.as('anna');
    expect(await find('anna', 'secret')).toContain('budget secret.pdf');
    anna.leave('finance');
    await vault.slack.deliveries.settled();
    expect(await find('anna', 'secret')).not.toContain('budget secret.pdf');
  });

  it('the process has not minded, and has said nothing secret', () => {
    expect(bot.process.exitCode).toBeNull();
    expect(bot.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
    for (const secret of ['X-Amz-Signature', 'files-pri', 'xoxb-']) {
      expect(JSON.stringify(bot.log)).not.toContain(secret);
    }
  });
});
