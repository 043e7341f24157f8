import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildPage } from '../../sandbox/page-build.ts';
import type { PageFile } from '../../sandbox/slack/page-api.ts';
import { noBrowser, type OpenBrowser, openBrowser } from '../helpers/browser.ts';
import { ANNA, type FakeSlack, GENERAL, startFakeSlack } from '../helpers/fake-slack.ts';

let cache: string;
let folder: string;
let browser: OpenBrowser;
let slack: FakeSlack;
let page: Page;

const bodies = (path: string) => slack.asked.filter((one) => one.path === path).map((one) => one.body);
const file = (id: string, title: string, rest: Partial<PageFile> = {}): PageFile => ({
  ...{ id, name: '-', title, mimetype: '', filetype: '', size: 100, user: ANNA, mode: 'hosted' },
  ...rest,
});

describe.skipIf(noBrowser())('what people make in the composer', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'vault-page-'));
    folder = await buildPage(cache);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(cache, { recursive: true, force: true });
  });
  beforeEach(async () => {
    slack = await startFakeSlack(folder);
    page = await browser.newPage();
    await page.goto(slack.url);
    page.setDefaultTimeout(15_000);
    await page.getByLabel('Message #general').waitFor();
  });
  afterEach(async () => {
    await page.close();
    await slack.close();
  });

  test('@ and # offer people and channels, by keyboard and by mouse', async () => {
    const box = page.getByLabel('Message #general');
    await box.pressSequentially('hi @');
    const people = page.getByRole('listbox', { name: 'People' });
    expect(await people.getByRole('option').count()).toBe(4);
    await box.press('ArrowDown');
    await box.press('Enter');
    expect(await box.inputValue()).toBe('hi @ben ');
    await box.pressSequentially('in #fi');
    await page.getByRole('option', { name: 'finance' }).click();
    expect(await box.inputValue()).toBe('hi @ben in #finance ');
    await box.pressSequentially('or @');
    await box.press('Escape');
    await people.waitFor({ state: 'detached' });
    await box.press('Enter');
    await expect.poll(() => bodies('post')[0]?.text).toBe('hi <@U0BEN> in <#C0FINANCE|> or @');
  });

  test('Slack’s own commands are offered beside the app’s, and are sent as they stand', async () => {
    const box = page.getByLabel('Message #general');
    await box.pressSequentially('/i');
    await page.getByRole('option', { name: /\/invite/ }).waitFor();
    await box.press('Tab');
    await box.pressSequentially('@gu');
    await box.press('Tab');
    await box.press('Enter');
    await expect.poll(() => bodies('command')[0]?.text).toBe('/invite @gus');
    slack.answers.set('command', [{ status: 404, body: { error: 'user_not_found' } }]);
    await box.fill('/invite @nobody');
    await box.press('Enter');
    await page.getByText('Name somebody who is here').waitFor();
  });

  test('a canvas, a clip and a link go out in one message', async () => {
    const add = async (choice: string) => {
      await page.getByRole('button', { name: 'Add files and more' }).click();
      await page.getByRole('menuitem', { name: choice }).click();
    };
    slack.answers.set('canvas', [
      { status: 400, body: { error: 'canvas_disabled_user_team' } },
      { body: { file: file('F1', 'R&amp;D :tada:', { mode: 'quip' }) } },
    ]);
    await add('New canvas');
    const canvas = page.getByRole('dialog', { name: 'New canvas' });
    await page.keyboard.press('Escape');
    await canvas.waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Add files and more');
    await add('New canvas');
    await canvas.getByLabel('Title').fill('R&D :tada:');
    await canvas.getByLabel('Text').fill('# Plan\n- one');
    await canvas.getByRole('button', { name: 'Add to message' }).click();
    await canvas.getByText(/canvas_disabled_user_team/).waitFor();
    await canvas.getByRole('button', { name: 'Add to message' }).click();
    await canvas.waitFor({ state: 'detached' });
    expect(bodies('canvas').at(-1)).toEqual({
      ...{ user: ANNA, title: 'R&D :tada:' },
      html: '<h1>Plan</h1>\n<ul><li>one</li></ul>',
    });

    await add('Record an audio clip');
    const clip = page.getByRole('dialog', { name: 'Record an audio clip' });
    await clip.getByRole('button', { name: 'Record' }).click();
    await clip.getByText(/Recording… 1 s/).waitFor();
    await clip.getByRole('button', { name: 'Stop' }).click();
    await clip.getByText(/audio_message/).waitFor();
    slack.answers.set('clip', [{ body: { file: file('F2', 'audio_message', { clip: 'audio' }) } }]);
    await clip.getByRole('button', { name: 'Add to message' }).click();

    await add('Share a link');
    const link = page.getByRole('dialog', { name: 'Share a link to a file' });
    await link.getByLabel('Name').fill('Roadmap');
    slack.answers.set('link', [{ body: { file: file('F3', 'Roadmap', { mode: 'external' }) } }]);
    await page.keyboard.press('Enter');
    await link.waitFor({ state: 'detached' });
    expect(bodies('link')[0]).toMatchObject({ kind: 'gdrive', name: 'Roadmap' });

    await page.getByRole('button', { name: 'Send' }).click();
    await expect.poll(() => bodies('post')[0]?.file_ids).toEqual(['F1', 'F2', 'F3']);
    expect(bodies('clip')[0]).toBeGreaterThan(500);
  });

  test('cards show what each file is, and a canvas is edited from its card', async () => {
    slack.say({
      user: ANNA,
      files: [
        file('F1', 'R&amp;D :tada:', { mode: 'quip' }),
        file('F2', 'Invoice', {
          mode: 'email',
          mail: {
            from: 'Maria <m@x.example>',
            plain: 'Please find attached.',
            attachments: [{ filename: 'a.pdf', size: 2048, mimetype: 'application/pdf', inline: false }],
          },
        }),
        file('F3', 'Roadmap', { mode: 'external', external_url: 'https://docs.google.com/x' }),
      ],
    });
    const cards = page.getByTestId('file-card');
    await cards.getByText('Google Drive · link only').waitFor();
    await cards.getByText('E-mail · 1 attachment').waitFor();
    const attached = page.getByRole('link', { name: /a\.pdf/ });
    expect(await attached.getAttribute('href')).toContain(
      '/sandbox/file/F2?user=U0ANNA&download=1&attachment=0',
    );
    slack.answers.set('editable/F1', [{ body: { title: 'R&amp;D :tada:', content: '<p>First</p>' } }]);
    await cards.getByRole('button', { name: 'R&D 🎉' }).first().click();
    const canvas = page.getByRole('dialog', { name: 'Canvas' });
    await canvas.getByLabel('Text').fill('Second');
    await canvas.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => bodies('edit-file'))
      .toEqual([{ user: ANNA, file_id: 'F1', content: '<p>Second</p>' }]);
  });

  test('an e-mail carries its attachments, and the channel gets a canvas of its own', async () => {
    await page.getByRole('button', { name: 'Add files and more' }).click();
    await page.getByRole('menuitem', { name: 'Send an e-mail to this channel' }).click();
    const mail = page.getByRole('dialog', { name: 'E-mail to #general' });
    await mail.getByLabel('Subject').fill('Invoice');
    await mail.getByLabel('Attachments').setInputFiles([
      { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') },
      { name: 'b.txt', mimeType: 'text/plain', buffer: Buffer.from('bb') },
    ]);
    await mail.getByRole('button', { name: 'Send' }).click();
    await expect
      .poll(() => bodies('mail')[0]?.attachments)
      .toEqual([
        { filename: 'a.txt', mimetype: 'text/plain', content_base64: 'YQ==' },
        { filename: 'b.txt', mimetype: 'text/plain', content_base64: 'YmI=' },
      ]);
    await page.getByRole('button', { name: 'Add canvas' }).click();
    const canvas = page.getByRole('dialog', { name: 'Canvas of #general' });
    await canvas.getByLabel('Title').fill('Who we are');
    await canvas.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => bodies('canvas'))
      .toEqual([{ user: ANNA, channel: GENERAL, title: 'Who we are', html: '', tab: true }]);
  });
});
