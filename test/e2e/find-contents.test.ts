import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PageMessage } from '../../sandbox/slack/page-api.ts';
import { type Bot, startVault, type TestVault, until } from '../helpers/vault.ts';
import { docx, paragraph, pptx, run } from '../reading/office.ts';
import { pdfOf } from '../reading/pdfs.ts';

/** Finding by what is in files, with the real bot: who finds what, and that it outlives the catalog. */
let vault: TestVault;
let bot: Bot;

/** A busy machine reads slowly: reading waits for everybody else. In ms. */
const READ = 150_000;
const root = resolve(import.meta.dirname, '../..');

/** One of each format, as LibreOffice writes it; see tools/corpus.ts. */
const CORPUS = [
  ...['text.docx', 'text.odt', 'text.rtf', 'text.pdf', 'text.html', 'text-utf16.txt'],
  ...['sheet.xlsx', 'sheet.ods', 'slides.pptx', 'slides.odp'],
];

beforeAll(async () => {
  vault = await startVault({
    env: { VAULT_TEXT: 'contents', VAULT_READ_PERCENT: '100', VAULT_JOURNAL_SECONDS: '1' },
  });
  bot = await vault.startBot();
  const share = (who: string, channel: string, name: string, content: Buffer) =>
    vault.slack.as(who).share(channel, { name, content });
  await share(
    'anna',
    'general',
    'Angebot.docx',
    await docx(paragraph(run('Wir liefern binnen vierzehn Tagen.'))),
  );
  await share(
    'carla',
    'finance',
    'Notes.pdf',
    pdfOf([['Cover'], ['The delivery in vierzehn Tagen is secret']]),
  );
  await share('ben', 'design', 'Talk.pptx', await pptx([{ text: 'Vierzehn Tage &lt;!channel&gt; *now*' }]));
  await share('ben', 'general', 'broken.docx', Buffer.from('PK\x03\x04 not whole'));
  const files = CORPUS.map((name) => ({
    name,
    content: readFileSync(join(root, 'test/reading/corpus', name)),
  }));
  await vault.slack.as('carla').share('finance', files);
});
afterAll(() => vault?.close());

const alone = (who: string) =>
  vault.slack
    .as(who)
    .messages('general')
    .filter(({ ephemeral }) => ephemeral);

async function command(who: string, line: string): Promise<PageMessage> {
  const before = new Set(alone(who).map(({ ts }) => ts));
  await vault.slack.as(who).command('general', line);
  return until('the answer', () => alone(who).find(({ ts }) => !before.has(ts)));
}
const find = async (who: string, words: string) =>
  JSON.stringify((await command(who, `/vault find ${words}`)).blocks);
const names = ['Angebot', 'Notes', 'Talk'];

it('finds documents by their words, for those who may see them and for nobody else', async () => {
  await until(
    'what carla may see is read',
    async () => {
      const told = await find('carla', 'vierzehn tag');
      return names.every((name) => told.includes(name));
    },
    READ,
  );
  const ben = await find('ben', 'vierzehn');
  for (const name of ['Angebot', 'Talk']) expect(ben).toContain(name);
  const gus = await find('gus', 'vierzehn');
  expect(gus).toContain('Angebot');
  for (const told of [ben, gus]) expect(told).not.toMatch(/Notes|secret/);
  expect(gus).not.toMatch(/Talk/);
  expect(gus).toContain('Files for “vierzehn” · 1');
});

it('finds a document by a word of its name and words in it, and shows where these stand', async () => {
  const told = await find('gus', 'angebote vierzehn');
  expect(told).toContain('Files for “angebote vierzehn” · 1');
  expect(told).toMatch(/Angebot\.docx.*“Wir liefern binnen vierzehn Tagen\.”/);
  expect(await find('gus', 'in:text angebot vierzehn')).not.toContain('Angebot.docx');
  expect(await find('gus', 'notes vierzehn')).not.toContain('Notes');
});

it('words in quotes stand one after the other', async () => {
  const together = await find('carla', '"vierzehn tage"');
  for (const name of names) expect(together).toContain(name);
  expect(together).toContain('“The delivery in vierzehn Tagen is secret” · page 2');
  const apart = await find('carla', '"tagen vierzehn"');
  for (const name of names) expect(apart).not.toContain(name);
});

it('finds what LibreOffice wrote, in every format, for those who may see it and for nobody else', async () => {
  const asked = { 'promised delivery fourteen': 6, 'insurance wages': 2, 'umsatz zwolf prozent': 2 };
  for (const [words, many] of Object.entries(asked)) {
    const told = await until(
      words,
      async () => {
        const text = await find('carla', words);
        return CORPUS.filter((name) => text.includes(name)).length === many && text;
      },
      READ,
    );
    if (words.startsWith('umsatz')) expect(told).toContain('“Umsatz wächst um zwölf Prozent” · page 2');
    expect(await find('gus', words)).not.toMatch(/text\.|sheet\.|slides\.|Prozent”/);
  }
});

it('shows the place with its page, and nothing in it is formatting or calls people', async () => {
  const told = await find('carla', 'delivery');
  expect(told).toContain('In the text of files:');
  expect(told).toContain('“The delivery in vierzehn Tagen is secret” · page 2');
  const talk = await find('ben', 'vierzehn now');
  expect(talk).not.toContain('<!channel>');
  expect(talk).toContain('&lt;!channel&gt;');
});

it('says why a file is not found by its words', async () => {
  const told = await until(
    'the status',
    async () => {
      const text = JSON.stringify((await command('carla', '/vault status')).blocks);
      return text.includes('it is damaged') && text;
    },
    READ,
  );
  expect(told).toContain('The text of 1 file is not searched, or not all of it: it is damaged.');
});

it('npm run read says beside the bot how far it is, and that reading is switched off where it is', async () => {
  const say = async (text: string) => {
    const env = { ...vault.env, VAULT_DATA_DIR: vault.dataDir, VAULT_TEXT: text };
    return (await promisify(execFile)(process.execPath, ['src/cli/read.ts'], { cwd: root, env })).stdout;
  };
  expect(await say('contents')).toBe(
    'Nothing is left to be read. Not read, or only in part:\n1 file: it is damaged.\n',
  );
  expect(await say('off')).toMatch(/^Reading is switched off: VAULT_TEXT says so/);
});

it('finds them again after the catalog was lost and rebuilt from the bucket', async () => {
  await until('the journal', async () => (await vault.journal()).length > 0);
  await until('all of it', async () => bot.log.every(({ level }) => level !== 50));
  bot.process.kill('SIGTERM');
  await until('its end', () => bot.process.exitCode !== null);
  rmSync(vault.dataDir, { recursive: true, force: true });
  const env = Object.fromEntries(Object.entries(vault.env).filter(([name]) => !name.startsWith('SLACK_')));
  await promisify(execFile)(process.execPath, ['src/cli/rebuild.ts'], { cwd: root, env });
  bot = await vault.startBot();
  await until('the words', async () => (await find('gus', 'vierzehn')).includes('Angebot'), READ);
  // Which words are neighbours, too.
  expect(await find('gus', '"vierzehn tage"')).toContain('Angebot');
  expect(await find('gus', '"tage vierzehn"')).not.toContain('Angebot');
});
