import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageMessage } from '../../sandbox/slack/page-api.ts';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

/** A file's name, and what people type for it on one keyboard or another. */
const TYPED: Record<string, string[]> = {
  'R&D plan <v2>.pdf': ['R&D plan <v2>.pdf', 'r&d plan <V2>', '"R&D plan <v2>.pdf"'],
  'Q&A.txt': ['Q&A.txt', '“Q&A.txt”'],
  'a->b map.csv': ['a->b map.csv', '"a->b map.csv"'],
  'readme.md': ['readme.md'],
  'Anna’s plan.pdf': ["Anna's plan.pdf", 'Anna’s plan.pdf', "'Anna's plan.pdf'", '‘Anna’s plan.pdf’'],
  "Ben's plan.pdf": ['Ben’s plan.pdf', 'Ben´s plan.pdf'],
  '‘x’ marks.txt': ["'x' marks.txt", '‘x’ marks.txt'],
  '2026–01 report.pdf': ['2026-01 report.pdf', '2026—01 report.pdf', '2026--01 report.pdf'],
  'a--b.txt': ['a—b.txt', 'a--b.txt', 'a-b.txt'],
  'Straße.pdf': ['strasse.pdf', 'STRASSE', 'Straße.pdf'],
  'Smørrebrød.jpg': ['smorrebrod.jpg', 'Smørrebrød'],
  '🎉 party.png': [':tada: party.png', '🎉 party.png'],
  ':rocket: launch.png': ['🚀 launch.png', ':rocket: launch.png'],
  '👩‍💻 desk.png': [':female-technologist: desk.png', '👩‍💻 desk'],
  '"Hello" he said.txt': ['"Hello" he said.txt', '“Hello” he said.txt'],
  '12" vinyl.jpg': ['12" vinyl.jpg', '12” vinyl.jpg'],
  'before: and after.png': ['"before: and after.png"', '“before: and after.png”'],
  '@home plan.txt': ['"@home plan.txt"', '‘@home plan.txt’'],
  'in:out.txt': ['"in:out.txt"', '»in:out.txt«'],
  'two  spaces\u00a0hard.txt': ['two spaces hard.txt', '"two  spaces hard.txt"'],
  'zero\u200bwidth.txt': ['zerowidth.txt'],
  '&amp; literal.txt': ['&amp; literal.txt'],
  'wait… what.txt': ['wait... what.txt', 'wait… what.txt'],
};

describe('names as people type them', () => {
  let vault: TestVault;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    vault = await startVault();
    await vault.startBot();
    for (const name of Object.keys(TYPED)) {
      const { files } = await vault.slack
        .as('anna')
        .share('general', { name, content: `content of ${name}` });
      ids[name] = files[0] as string;
    }
    await until(
      'all files',
      async () => (await vault.s3.list(BUCKET)).length >= Object.keys(TYPED).length,
      60_000,
    );
  }, 120_000);
  afterAll(() => vault?.close());

  const answers = () =>
    vault.slack
      .as('anna')
      .messages('general')
      .filter(({ ephemeral }) => ephemeral);

  async function answer(act: () => Promise<unknown>): Promise<string> {
    const before = new Set(answers().map(({ ts }: PageMessage) => ts));
    await act();
    const found = await until('the answer', () => answers().find(({ ts }) => !before.has(ts)));
    return JSON.stringify(found.blocks);
  }
  const command = (line: string) => answer(() => vault.slack.as('anna').command('general', line));

  it.each(Object.entries(TYPED).flatMap(([name, typed]) => typed.map((words) => [name, words] as const)))(
    '%s is found, listed, got and offered for deletion by %s',
    async (name, words) => {
      const id = ids[name] as string;
      expect(await command(`/vault find ${words}`)).toContain(id);
      expect(await command(`/vault list ${words}`)).toContain(id);
      expect(await command(`/vault delete ${words}`)).toContain(id);
      const card = await command(`/vault get ${words}`);
      expect(card).toContain('X-Amz-Signature');
      expect(card).toContain(id);
    },
  );

  it.each([
    ['readme.md', '<http://readme.md|readme.md>'],
    ['🎉 party.png', ':tada: party.png'],
    ['R&D plan <v2>.pdf', 'R&amp;D plan &lt;v2&gt;.pdf'],
    ['before: and after.png', '“before: and after.png”'],
  ])('a mention finds %s by %s', async (name, words) => {
    const anna = vault.slack.as('anna');
    const bot = vault.slack.workspace.botUserId;
    const ts = anna.post('general', `<@${bot}> find ${words}`);
    const reply = await until('the answer', () =>
      anna.messages('general').find((one) => one.thread_ts === ts && one.user === bot),
    );
    expect(JSON.stringify(reply.blocks)).toContain(ids[name]);
  });

  it.each([
    ['R&D plan <v2>.pdf', 'R&D plan <v2>'],
    ['R&D plan <v2>.pdf', 'R&amp;D plan &lt;v2&gt;'],
    ['&amp; literal.txt', '&amp; literal'],
    ['🎉 party.png', ':tada: party'],
    ['@home plan.txt', '“@home plan.txt”'],
  ])('the search in a modal finds %s by %s, and keeps the words as they were typed', async (name, value) => {
    const anna = vault.slack.as('anna');
    await anna.shortcut('open_vault');
    const modal = (isShown: (blocks: string) => boolean) =>
      until('the modal', () => {
        const view = anna.modal();
        return view && isShown(JSON.stringify(view.blocks)) ? view : undefined;
      });
    const view = await modal((blocks) => blocks.includes('find_words'));
    const block = view.blocks.find(({ type }) => type === 'input') as unknown as { block_id: string };
    const field = { find_words: { type: 'plain_text_input', value } };
    await anna.submit(view.id, { [block.block_id]: field });
    const found = await modal((blocks) => blocks.includes('initial_value'));
    expect(JSON.stringify(found.blocks)).toContain(ids[name]);
    // Sent once more as it stands there, it finds the same.
    const input = found.blocks.find(({ type }) => type === 'input') as unknown as {
      block_id: string;
      element: { initial_value: string };
    };
    const again = { find_words: { type: 'plain_text_input', value: input.element.initial_value } };
    await anna.submit(found.id, { [input.block_id]: again });
    const still = await modal((blocks) => blocks.includes('initial_value'));
    expect(JSON.stringify(still.blocks)).toContain(ids[name]);
    await anna.close(still.id);
  });
});
