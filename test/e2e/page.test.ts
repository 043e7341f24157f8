import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildPage } from '../../sandbox/page-build.ts';
import type { Block } from '../../sandbox/slack/page-api.ts';
import { noBrowser, type OpenBrowser, openBrowser } from '../helpers/browser.ts';
import { ANNA, type FakeSlack, GENERAL, startFakeSlack } from '../helpers/fake-slack.ts';

let cache: string;
let folder: string;
let browser: OpenBrowser;
let slack: FakeSlack;
let page: Page;

const text = (words: string) => ({ type: 'plain_text' as const, text: words });
const option = (words: string): Block => ({ text: text(words), value: words.toLowerCase() });
const bodies = (path: string) => slack.asked.filter((one) => one.path === path).map((one) => one.body);
const row = (...elements: Block[]): Block[] => [{ type: 'actions', block_id: 'row', elements }];

describe.skipIf(noBrowser())('the page, in a browser', { timeout: 60_000 }, () => {
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

  test('shows messages as they come, change and go', async () => {
    const said = slack.say({ user: 'U0BEN', text: 'Hello *there* <@U0ANNA> 1. <b>' });
    const message = page.getByRole('article', { name: /Ben Okafor/ });
    await message.getByText('there', { exact: true }).waitFor();
    expect(await message.locator('.mrkdwn').textContent()).toBe('Hello there @Anna Keller 1. <b>');
    slack.send({ type: 'message_changed', message: { ...said, text: 'Goodbye', edited: true } });
    await message.getByText('(edited)').waitFor();
    slack.send({
      type: 'reaction',
      channel: GENERAL,
      ts: said.ts,
      reactions: [{ name: 'tada', users: [ANNA] }],
    });
    await message.getByTitle('Anna Keller reacted with :tada:').waitFor();
    slack.send({ type: 'message_deleted', channel: GENERAL, ts: said.ts });
    await message.waitFor({ state: 'detached' });
  });

  test('sends what is typed, escaped, and keeps it when Slack refuses', async () => {
    const box = page.getByLabel('Message #general');
    slack.answers.set('post', [{ status: 400, body: { error: 'is_archived' } }]);
    await box.fill('a < b & @ben');
    await box.press('Enter');
    await page.getByRole('alert').getByText('is_archived').waitFor();
    expect(await box.inputValue()).toBe('a < b & @ben');
    await box.press('Enter');
    await page.getByRole('article').getByText('a < b & @Ben Okafor').waitFor();
    expect(bodies('post').at(-1)).toEqual({ user: ANNA, channel: GENERAL, text: 'a &lt; b &amp; <@U0BEN>' });
    expect(await box.inputValue()).toBe('');
  });

  test('drops several files at once, shows their progress, and shares them in one message', async () => {
    const dropped = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['%PDF'], 'report.pdf', { type: 'application/pdf' }));
      transfer.items.add(new File(['<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>'], 'ü.svg'));
      return transfer;
    })()`);
    const zone = page.getByTestId('drop-zone');
    await zone.dispatchEvent('dragenter', { dataTransfer: dropped });
    await page.getByTestId('drop-overlay').getByText('Upload to #general').waitFor();
    await zone.dispatchEvent('drop', { dataTransfer: dropped });
    await page.getByTestId('drop-overlay').waitFor({ state: 'detached' });
    expect(await page.getByTestId('staged-file').count()).toBe(2);
    await page.getByRole('button', { name: 'Send' }).click();
    const message = page.getByRole('article', { name: /Anna Keller/ });
    await message.getByRole('img', { name: 'ü.svg' }).waitFor();
    expect(await message.getByTestId('file-card').allInnerTexts()).toEqual([
      expect.stringContaining('report.pdf'),
      expect.stringContaining('ü.svg'),
    ]);
    expect(bodies('upload')).toHaveLength(2);
    expect(bodies('post')).toEqual([{ user: ANNA, channel: GENERAL, text: '', file_ids: expect.any(Array) }]);
  });

  test('an upload that fails says so and can be tried again', async () => {
    slack.answers.set('upload', [{ status: 500, body: { error: 'disk_full' } }]);
    await page
      .getByLabel('Files to upload')
      .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
    const chip = page.getByTestId('staged-file');
    await chip.getByText(/disk_full/).waitFor();
    await chip.getByRole('button', { name: 'Try again' }).click();
    await chip.getByText('1 byte', { exact: true }).waitFor();
    await chip.getByText(/disk_full/).waitFor({ state: 'detached' });
    expect(bodies('upload')).toHaveLength(2);
  });

  test('offers commands, runs them, and tells in the channel when the app does not answer', async () => {
    const box = page.getByLabel('Message #general');
    await box.fill('/v');
    await page.getByRole('option', { name: /\/vault.*Files of this channel/ }).waitFor();
    await box.press('Enter');
    expect(await box.inputValue()).toBe('/vault ');
    await box.pressSequentially('list');
    slack.answers.set('command', [{ status: 504, body: { error: 'operation_timeout' } }]);
    await box.press('Enter');
    const told = page.getByRole('article').filter({ hasText: 'operation_timeout' });
    await told.getByText('Only visible to you').waitFor();
    expect(bodies('command')).toEqual([{ user: ANNA, channel: GENERAL, text: '/vault list' }]);
  });

  test('threads open beside the channel and take replies', async () => {
    const root = slack.say({ user: 'U0BEN', text: 'Root' });
    slack.say({ thread_ts: root.ts, text: 'First reply' });
    await page.getByRole('button', { name: /1 reply/ }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('First reply').waitFor();
    await thread.getByLabel('Reply…').fill('Second');
    await thread.getByLabel('Reply…').press('Enter');
    await thread.getByText('2 replies').waitFor();
    expect(bodies('post')[0]).toMatchObject({ thread_ts: root.ts, text: 'Second' });
    await thread.getByRole('button', { name: 'Close thread' }).click();
    await thread.waitFor({ state: 'detached' });
  });

  test('edits and deletes a message from its menu, by keyboard', async () => {
    slack.say({ user: ANNA, text: 'Tpyo' });
    const message = page.getByRole('article').filter({ hasText: 'Tpyo' });
    await message.getByRole('button', { name: 'More actions' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Archive this file' }).waitFor();
    await page.getByRole('menuitem', { name: 'Edit message' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Edit message').fill('Typo');
    await page.keyboard.press('Enter');
    await expect.poll(() => bodies('edit')[0]?.text).toBe('Typo');
    await message.getByRole('button', { name: 'More actions' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page
      .getByRole('dialog', { name: 'Delete message' })
      .getByRole('button', { name: 'Delete' })
      .click();
    await expect.poll(() => bodies('delete')).toHaveLength(1);
  });

  test('a button asks before it acts, waits visibly, and shows what went wrong', async () => {
    const confirm = {
      title: text('Really?'),
      text: text('No way back'),
      confirm: text('Do it'),
      deny: text('No'),
    };
    slack.say({
      text: '',
      blocks: row({ type: 'button', action_id: 'go', text: text('Go'), value: 'v', confirm }),
    });
    const button = page.getByRole('button', { name: 'Go' });
    await button.click();
    await page.getByRole('dialog', { name: 'Really?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(bodies('action')).toEqual([]);
    slack.answers.set('action', [{ status: 504, body: { error: 'operation_timeout' }, delayMs: 300 }]);
    await button.click();
    await page.getByRole('button', { name: 'Do it' }).click();
    await page.getByRole('status', { name: 'Waiting' }).waitFor();
    await page.getByRole('alert').getByText('operation_timeout').waitFor();
    expect(bodies('action')[0]).toMatchObject({ block_id: 'row', action_id: 'go', payload: { value: 'v' } });
  });

  test('overflow, select, date and person send what was chosen, with the state of all', async () => {
    slack.say({
      text: '',
      blocks: row(
        { type: 'overflow', action_id: 'more', options: [option('Open'), option('Close')] },
        {
          type: 'static_select',
          action_id: 'type',
          placeholder: text('Type'),
          options: [option('PDF'), option('Image')],
        },
        { type: 'datepicker', action_id: 'day', initial_date: '2026-11-01' },
        { type: 'users_select', action_id: 'who', placeholder: text('Who') },
      ),
    });
    await page.getByRole('button', { name: 'More options' }).click();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Type' }).fill('ima');
    await page.keyboard.press('Enter');
    await page.getByLabel('Date').fill('2026-11-23');
    await page.getByRole('combobox', { name: 'Who' }).click();
    await page.getByRole('option', { name: /Ben Okafor/ }).click();
    await expect.poll(() => bodies('action').length).toBe(4);
    expect(bodies('action').map((one) => one.payload)).toEqual([
      { selected_option: option('Close') },
      { selected_option: option('Image') },
      { selected_date: '2026-11-23' },
      { selected_user: 'U0BEN' },
    ]);
    expect(bodies('action').at(-1).state.row).toEqual({
      type: { type: 'static_select', selected_option: option('Image') },
      day: { type: 'datepicker', selected_date: '2026-11-23' },
      who: { type: 'users_select', selected_user: 'U0BEN' },
    });
  });

  test('a button with an address opens a new tab and tells the app', async () => {
    slack.say({
      text: '',
      blocks: row({ type: 'button', action_id: 'dl', text: text('Download'), url: `${slack.url}/x` }),
    });
    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Download' }).click(),
    ]);
    expect(opened.url()).toBe(`${slack.url}/x`);
    await opened.close();
    await expect.poll(() => bodies('action')[0]?.action_id).toBe('dl');
  });

  test('a modal checks, shows errors at their inputs, submits its state and closes', async () => {
    slack.show({
      title: text('Find a file'),
      submit: text('Find'),
      blocks: [
        {
          ...{ type: 'input', block_id: 'file', label: text('File') },
          element: { type: 'external_select', action_id: 'pick', min_query_length: 1 },
        },
        {
          ...{ type: 'input', block_id: 'note', label: text('Note'), optional: true },
          element: { type: 'plain_text_input', action_id: 'text' },
        },
        {
          ...{ type: 'input', block_id: 'how', label: text('How'), optional: true },
          element: { type: 'checkboxes', action_id: 'boxes', options: [option('Loud')] },
        },
      ],
    });
    const modal = page.getByRole('dialog', { name: 'Find a file' });
    await modal.getByRole('button', { name: 'Find' }).click();
    await modal.getByText('Please complete this required field.').waitFor();
    expect(bodies('submit')).toEqual([]);

    slack.answers.set('options', [{ body: { options: [option('Report')] } }]);
    await modal.getByRole('combobox', { name: 'File' }).fill('rep');
    await page.getByRole('option', { name: 'Report' }).click();
    await modal.getByLabel('Note').fill('Thanks');
    await modal.getByLabel('Loud').check();
    slack.answers.set('submit', [{ body: { errors: { note: 'Not so polite' } } }]);
    await modal.getByRole('button', { name: 'Find' }).click();
    await modal.getByText('Not so polite').waitFor();
    await modal.getByRole('button', { name: 'Find' }).click();
    await modal.waitFor({ state: 'detached' });
    expect(bodies('options')[0]).toMatchObject({ action_id: 'pick', value: 'rep' });
    expect(bodies('submit').at(-1).values).toEqual({
      file: { pick: { type: 'external_select', selected_option: option('Report') } },
      note: { text: { type: 'plain_text_input', value: 'Thanks' } },
      how: { boxes: { type: 'checkboxes', selected_options: [option('Loud')] } },
    });
  });

  test('modals stack, change in place, and Escape goes back one', async () => {
    const first = slack.show({ title: text('First'), blocks: [{ type: 'header', text: text('One') }] });
    await page.getByRole('dialog', { name: 'First' }).waitFor();
    slack.show({ title: text('Second'), blocks: [{ type: 'header', text: text('Two') }] }, 'push');
    await page.getByRole('dialog', { name: 'Second' }).waitFor();
    slack.send({
      type: 'view',
      how: 'update',
      view: { ...first, blocks: [{ type: 'header', text: text('One more') }] },
    });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'First' }).getByText('One more').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(bodies('close')).toHaveLength(2);
  });

  test('a modal takes files', async () => {
    slack.show({
      title: text('Upload'),
      submit: text('Keep'),
      blocks: [
        {
          type: 'input',
          block_id: 'f',
          label: text('Files'),
          element: { type: 'file_input', action_id: 'files' },
        },
      ],
    });
    const modal = page.getByRole('dialog', { name: 'Upload' });
    await modal.getByLabel('Files', { exact: true }).setInputFiles([
      { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') },
      { name: 'b.txt', mimeType: 'text/plain', buffer: Buffer.from('bb') },
    ]);
    await modal.getByText('2 bytes').waitFor();
    await modal.getByRole('button', { name: 'Keep' }).click();
    await modal.waitFor({ state: 'detached' });
    const { files } = bodies('submit')[0].values.f.files;
    expect(files.map((one: Block) => one.name)).toEqual(['a.txt', 'b.txt']);
  });

  test('the Home tab is drawn as it is published', async () => {
    await page
      .getByRole('navigation')
      .getByRole('button', { name: /RIA Vault/ })
      .click();
    await expect.poll(() => bodies('home')).toEqual([{ user: ANNA }]);
    const home = {
      id: 'H',
      type: 'home' as const,
      hash: '1',
      blocks: [{ type: 'header', text: text('3 files') }],
    };
    slack.send({ type: 'home', view: home });
    await page.getByTestId('home').getByText('3 files').waitFor();
    slack.send({ type: 'home', view: { ...home, blocks: [{ type: 'header', text: text('4 files') }] } });
    await page.getByTestId('home').getByText('4 files').waitFor();
    await page.getByRole('tab', { name: 'Messages' }).click();
    await page.getByLabel('Message RIA Vault').waitFor();
  });

  test('draws what is only looked at: tables, rich text, data tables', async () => {
    const cell = (words: string): Block => ({ type: 'raw_text', text: words });
    slack.say({
      text: '',
      blocks: [
        { type: 'table', rows: [[cell('Name')], [cell('a.pdf')]] },
        { type: 'data_table', caption: 'Sizes', rows: [[cell('Size')], [{ type: 'raw_number', value: 42 }]] },
        {
          type: 'rich_text',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'user', user_id: 'U0BEN' }] }],
        },
      ],
    });
    const message = page.getByRole('article', { name: /RIA Vault/ });
    await message.getByText('a.pdf').waitFor();
    await message.getByRole('table', { name: 'Sizes' }).getByRole('cell', { name: '42' }).waitFor();
    await message.getByText('@Ben Okafor').waitFor();
  });

  test('another person has a window of their own, which a reload keeps', async () => {
    await page.getByRole('button', { name: /You are Anna Keller/ }).click();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /You are Ben Okafor/ }).waitFor();
    await page.getByLabel('Message #general').fill('Hi');
    await page.keyboard.press('Enter');
    await expect.poll(() => bodies('post')[0]?.user).toBe('U0BEN');
    await page.reload();
    await page.getByRole('button', { name: /You are Ben Okafor/ }).waitFor();
  });

  test('catches up after the stream broke', async () => {
    slack.dropStreams();
    await page.getByRole('banner').getByText('Reconnecting…').waitFor();
    slack.messages.push({ channel: GENERAL, user: 'U0BEN', ts: '1', text: 'Said meanwhile' });
    await page.getByText('Said meanwhile').waitFor();
  });

  test('looks at a channel without being in it, and joins', async () => {
    await page.getByRole('navigation').getByRole('button', { name: 'random' }).click();
    await page.getByRole('button', { name: 'Join channel' }).click();
    await expect.poll(() => bodies('join')[0]).toMatchObject({ channel: 'C0RANDOM', member: true });
    slack.say({ user: 'U0BEN', text: 'Over here' });
    await page.getByRole('navigation').getByRole('button', { name: 'general unread' }).click();
    await page.getByRole('article').getByText('Over here').waitFor();
  });

  test('the bucket and the bot are shown as they are', async () => {
    const panel = page.getByRole('complementary', { name: 'Your bucket' });
    await panel.getByText('Nothing stored yet.').waitFor();
    const object = { bytes: 2048, etag: 'abc', crc32: 'AAAAAA==', modifiedAt: 1, versionId: null };
    slack.bucket.objects = [{ ...object, key: 'T/C/2026/11/23/F1/report.pdf' }];
    slack.bucket.totalBytes = 2048;
    slack.bucket.bot = { phase: 'restarting', pid: null, restarts: 1, lastEnd: 'SIGKILL' };
    slack.answers.set('bucket/sha256', [{ body: { sha256: 'f00d' } }]);
    await panel.getByTestId('bucket-total').getByText('1 object · 2 KB').waitFor();
    await panel.getByText('report.pdf').click();
    await panel.getByText('f00d').waitFor();
    await panel.getByText(/starts again in a moment/).waitFor();
    slack.bucket.bot = { phase: 'running', pid: 12, restarts: 1, lastEnd: 'SIGKILL' };
    await panel.getByText('(pid 12)').waitFor();
    await panel.getByRole('button', { name: /^Trouble/ }).click();
    await panel.getByRole('button', { name: 'Kill' }).click();
    await expect.poll(() => bodies('bot/kill')).toHaveLength(1);
  });

  test('trouble is switched on one by one, told across the window, and ended at once', async () => {
    const panel = page.getByRole('complementary', { name: 'Your bucket' });
    const trouble = panel.getByRole('region', { name: 'Trouble' });
    const banner = page.getByRole('alert').filter({ hasText: 'Trouble is on' });
    await trouble.getByRole('button', { name: /^Trouble/ }).click();
    await trouble.getByRole('switch', { name: 'S3 is down' }).click();
    await banner.getByText('S3 is down').waitFor();
    await trouble.getByRole('switch', { name: 'Slow network' }).click();
    await banner.getByText('S3 is down · Slow network').waitFor();
    await trouble.getByRole('switch', { name: 'S3 is down', checked: true }).click();
    await trouble.getByRole('switch', { name: 'S3 is down', checked: false }).waitFor();
    await panel.getByRole('button', { name: 'Close the bucket panel' }).click();
    await banner.getByText('Slow network').waitFor();
    await banner.getByRole('button', { name: 'Everything works again' }).click();
    await banner.waitFor({ state: 'detached' });
    const none = { s3Down: false, slackDown: false, slowNetwork: false, eventsLost: false };
    expect(bodies('trouble')).toEqual([{ s3Down: true }, { slowNetwork: true }, { s3Down: false }, none]);
  });

  test('a bot that has lost Slack is told apart from one that starts', async () => {
    const panel = page.getByRole('complementary', { name: 'Your bucket' });
    slack.send({ type: 'bot', connected: false });
    await panel.getByText('The bot is starting').waitFor();
    slack.bucket.trouble.slackDown = true;
    await panel.getByText('The bot cannot reach Slack').waitFor();
  });

  test('no page ran into an error of its own', () => {
    // What the tests above provoked on purpose is logged by the browser itself.
    const own = browser.problems.filter(
      (line) => !/Failed to load resource|ERR_(INCOMPLETE|EMPTY)/.test(line),
    );
    expect(own).toEqual([]);
  });
});
