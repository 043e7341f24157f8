import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageMessage } from '../../sandbox/slack/page-api.ts';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

/** What people type, with the real bot: `/vault` alone, words that are no command, mentions, direct messages. */
describe('words as people type them', () => {
  let vault: TestVault;
  let dm: string;
  let bot: string;
  beforeAll(async () => {
    vault = await startVault();
    await vault.startBot();
    dm = vault.slack.workspace.dms.ben as string;
    bot = vault.slack.workspace.botUserId;
    for (const [person, name] of [
      ['anna', 'Budget 2026.xlsx'],
      ['anna', 'budget draft.pdf'],
      ['ben', 'menu.txt'],
    ] as const)
      await vault.slack.as(person).share('general', { name, content: `content of ${name}` });
    await until('all files', async () => (await vault.s3.list(BUCKET)).length === 3);
    await until('the catalog', async () => !/On its way/.test(text(await command('/vault find'))));
  });
  afterAll(() => vault?.close());

  const text = (message: PageMessage) => JSON.stringify(message.blocks);
  const alone = () =>
    vault.slack
      .as('ben')
      .messages('general')
      .filter(({ ephemeral }) => ephemeral);
  async function answer(act: () => Promise<unknown>): Promise<PageMessage> {
    const before = new Set(alone().map(({ ts }) => ts));
    await act();
    return until('the answer', () => alone().find(({ ts }) => !before.has(ts)));
  }
  const command = (line: string) => answer(() => vault.slack.as('ben').command('general', line));
  const shown = (message: PageMessage) => text(alone().find(({ ts }) => ts === message.ts) ?? message);

  it('/vault alone offers what people do most, and each button works', async () => {
    const choices = await command('/vault');
    for (const words of [
      'Find files',
      'Files here',
      'Upload',
      'My files',
      'Trash',
      'or type `/vault budget`',
    ])
      expect(text(choices)).toContain(words);
    const ben = vault.slack.as('ben');
    const click = async (id: string, expected: (blocks: string) => boolean) => {
      const fresh = await command('/vault');
      await ben.action(fresh, id);
      await until(id, () => expected(shown(fresh)));
    };
    await click('run_mine', (blocks) => blocks.includes('menu.txt') && !blocks.includes('Budget'));
    await click('run_list', (blocks) => blocks.includes('menu.txt') && blocks.includes('Budget'));
    await click('run_trash', (blocks) => /trash/i.test(blocks) && !blocks.includes('Files here'));
  });

  it('a word that is no command searches; one that is like a command is offered', async () => {
    expect(text(await command('/vault budget -draft'))).toContain('Budget 2026.xlsx');
    expect(text(await command('/vault budget -draft'))).not.toContain('draft.pdf');
    expect(text(await command('/vault *.pdf'))).toContain('draft.pdf');
    expect(text(await command('/vault lst'))).toContain('Did you mean `/vault list`?');
    expect(text(await command('/vault mnu'))).not.toContain('Did you mean');
    expect(text(await command('/vault ls'))).toContain('menu.txt');
    expect(text(await command('/vault rm'))).toContain('menu.txt');
    expect(text(await command('/vault mine'))).not.toContain('Budget');
  });

  it('says what it does not know, with the nearest thing, and searches the rest', async () => {
    const found = text(await command('/vault budget form:me'));
    expect(found).toContain('I do not know `form:me`. Did you mean `from:me`?');
    expect(found).toContain('Budget 2026.xlsx');
  });

  it('offers commands of admins to admins only', async () => {
    expect(text(await command('/vault help'))).not.toMatch(/backfill|audit/);
    expect(text(await command('/vault help find'))).toContain('type:images');
    expect(text(await command('/vault backfil'))).not.toContain('Did you mean');
  });

  it('a mention simply searches, and thanks get a smile', async () => {
    const ben = vault.slack.as('ben');
    const ts = ben.post('general', `<@${bot}> do you have the budget?`);
    const reply = await until('the answer', () =>
      ben.messages('general').find((one) => one.thread_ts === ts && one.user === bot),
    );
    expect(text(reply)).toContain('Budget 2026.xlsx');
    const thanks = ben.post('general', `thanks <@${bot}>!`);
    await until('a smile', () => {
      const message = ben.messages('general').find((one) => one.ts === thanks);
      return JSON.stringify(message?.reactions ?? []).includes('slightly_smiling_face');
    });
    expect(text(await answer(async () => ben.post('general', `<@${bot}>`)))).toContain('My files');
  });

  it('a direct message simply searches, once, and answers neither itself nor an edit', async () => {
    const ben = vault.slack.as('ben');
    const answers = () => ben.messages(dm).filter(({ user, ephemeral }) => user === bot && !ephemeral);
    const ts = ben.post(dm, 'budget, please?');
    await until('the answer', () => answers().length === 1);
    expect(text(answers()[0] as PageMessage)).toContain('Budget 2026.xlsx');
    ben.post(dm, 'help');
    await until('the help', () => answers().length === 2);
    expect(text(answers()[1] as PageMessage)).toContain('/vault help find');
    expect(ts).toBeTruthy();
    const smiled = ben.post(dm, '👍');
    await until('a smile', () =>
      JSON.stringify(ben.messages(dm).find((one) => one.ts === smiled)?.reactions ?? []).includes('smiling'),
    );
    expect(answers()).toHaveLength(2);
  });
});
