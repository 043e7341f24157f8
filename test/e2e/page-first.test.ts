import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildPage } from '../../sandbox/page-build.ts';
import { noBrowser, type OpenBrowser, openBrowser } from '../helpers/browser.ts';
import { ANNA, type FakeSlack, GENERAL, startFakeSlack } from '../helpers/fake-slack.ts';

/** The page looks at the bucket every second. */
const SOON = { timeout: 10_000 };

let cache: string;
let folder: string;
let browser: OpenBrowser;
let slack: FakeSlack;
let page: Page;

const bodies = (path: string) => slack.asked.filter((one) => one.path === path).map((one) => one.body);
const text = (words: string) => ({ type: 'plain_text' as const, text: words });

describe.skipIf(noBrowser())('the first minutes on the page', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'vault-page-first-'));
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

  const path = () => page.getByRole('region', { name: 'First steps' });
  const done = () => path().getByRole('listitem').filter({ hasText: '(done)' });
  const panel = () => page.getByRole('complementary', { name: 'Your bucket' });
  const hasFocus = async (one: Locator) => (await one.and(page.locator(':focus')).count()) === 1;
  /** Between the last and the first field of a dialog the focus is with the browser's own buttons. */
  const inside = async (one: Locator) =>
    (await one.locator(':focus').count()) === 1 ||
    (await page.locator('body:focus, :focus').count()) === 0 ||
    hasFocus(one);
  const box = () => page.getByLabel('Message #general');

  test('a path leads through five steps; what was done is ticked off, also after a reload', async () => {
    await path().getByRole('listitem').filter({ hasText: 'Drop a file' }).waitFor();
    expect(await path().getByRole('listitem').count()).toBe(5);
    await path().getByRole('button', { name: 'Share six samples' }).click();
    await expect.poll(() => bodies('samples')).toEqual([{ user: ANNA, channel: GENERAL }]);
    await expect.poll(() => done().count(), SOON).toBe(1);
    slack.bucket.steps.done.push('land');
    await path().getByRole('button', { name: 'Type it for me' }).click();
    await expect.poll(() => box().inputValue(), SOON).toBe('/vault budget');
    await box().press('Enter');
    await expect.poll(() => done().count(), SOON).toBe(3);
    await page.reload();
    await expect.poll(() => done().count(), SOON).toBe(3);
    await path().getByRole('button', { name: 'Hide the first steps' }).click();
    await path().waitFor({ state: 'detached' });
    await page.getByRole('navigation').getByRole('button', { name: 'First steps' }).click();
    await path().waitFor();
  });

  test('a dropped file ticks off the first step', async () => {
    await page
      .getByLabel('Files to upload')
      .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
    await page.getByRole('button', { name: 'Send' }).click();
    await expect.poll(() => done().count(), SOON).toBe(1);
    expect(bodies('steps')).toEqual([{ done: 'drop' }]);
  });

  test('the switches for trouble are folded until the last step, or a click', async () => {
    const trouble = panel().getByRole('button', { name: /^Trouble/ });
    const s3 = panel().getByRole('switch', { name: 'S3 is down' });
    await trouble.waitFor();
    expect(await s3.isVisible()).toBe(false);
    await trouble.click();
    await s3.waitFor();
    await trouble.click();
    await s3.waitFor({ state: 'hidden' });
    slack.bucket.steps.done.push('drop', 'land', 'find', 'admin');
    await path().getByRole('button', { name: 'Show switches' }).click();
    await s3.waitFor();
  });

  test('what is switched on is never folded', async () => {
    slack.bucket.trouble.slackDown = true;
    await panel().getByRole('switch', { name: 'Slack’s API is down' }).waitFor();
  });

  test('the bot’s own objects are folded, and not counted among the files', async () => {
    const object = { bytes: 1024, etag: 'abc', crc32: 'AAAAAA==', modifiedAt: 1, versionId: null };
    slack.bucket.objects = [
      { ...object, key: 'T/C/2026/11/23/F1/report.pdf' },
      { ...object, key: '.ria-vault/journal/T/1/0.ndjson.gz' },
    ];
    await panel().getByTestId('bucket-total').getByText('1 object · 1 KB').waitFor();
    const own = panel().getByTestId('own-objects');
    await own.getByText('1 object · 1 KB').waitFor();
    expect(await panel().getByText('0.ndjson.gz').isVisible()).toBe(false);
    await own.getByText('RIA Vault’s own notes').click();
    await panel().getByText('0.ndjson.gz').waitFor();
  });

  test('dark mode follows the computer, and the switch, which a reload keeps', async () => {
    const theme = () => page.evaluate('document.documentElement.dataset.theme');
    expect(await theme()).toBe('light');
    // Chromium does not always tell the page of a change that it is only asked to play.
    const goDark = async () => {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.emulateMedia({ colorScheme: 'dark' });
      return theme();
    };
    await expect.poll(goDark).toBe('dark');
    await page.getByRole('button', { name: 'Dark mode', pressed: true }).click();
    expect(await theme()).toBe('light');
    await page.reload();
    expect(await theme()).toBe('light');
    await page.getByRole('button', { name: 'Dark mode', pressed: false }).click();
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(theme).toBe('light');
  });

  test('one hundred files dropped at once are all sent, ten in a message, and the page stays usable', async () => {
    const dropped = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      for (let at = 1; at <= 100; at += 1) transfer.items.add(new File(['file ' + at], 'file ' + at + '.txt', { type: 'text/plain' }));
      return transfer;
    })()`);
    await page.getByTestId('drop-zone').dispatchEvent('drop', { dataTransfer: dropped });
    await page.getByText(/100 files/).waitFor();
    await box().fill('All of them');
    await page.getByRole('button', { name: 'Send' }).click();
    await expect.poll(() => bodies('post').length, { timeout: 30_000 }).toBe(10);
    const posts = bodies('post');
    expect(posts.map((one) => one.text)).toEqual(['All of them', ...Array(9).fill('')]);
    expect(posts.map((one) => one.file_ids.length)).toEqual(Array(10).fill(10));
    expect(new Set(posts.flatMap((one) => one.file_ids)).size).toBe(100);
    await page.getByText('file 100.txt').first().waitFor();
    await box().fill('Still here');
    await box().press('Enter');
    await page.getByRole('article').getByText('Still here').waitFor();
    expect(await page.getByTestId('staged-file').count()).toBe(0);
  });

  test('what could not be sent stays in the composer', async () => {
    slack.answers.set('post', [{ status: 400, body: { error: 'is_archived' } }]);
    await page.getByLabel('Files to upload').setInputFiles(
      Array.from({ length: 12 }, (_, at) => ({
        ...{ name: `${at}.txt`, mimeType: 'text/plain', buffer: Buffer.from('a') },
      })),
    );
    await box().fill('Twelve');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('alert').getByText('is_archived').waitFor();
    expect(await page.getByTestId('staged-file').count()).toBe(12);
    expect(await box().inputValue()).toBe('Twelve');
    await page.getByRole('button', { name: 'Send' }).click();
    await expect.poll(() => bodies('post').length).toBe(3);
  });

  test('a picture that does not load is shown as its words', async () => {
    const image = { type: 'image', image_url: `${slack.url}/nowhere.png`, alt_text: 'A lost picture' };
    slack.say({
      text: '',
      blocks: [
        { type: 'context', elements: [image] },
        { type: 'section', text: text('Look'), accessory: image },
        image,
      ],
    });
    await expect.poll(() => page.getByText(/A lost picture/).count()).toBe(3);
    expect(await page.getByRole('img', { name: 'A lost picture' }).count()).toBe(0);
  });

  test('by keys alone: past everything to the composer, into a menu, a dialog, and back to where one was', async () => {
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Skip to the messages' }).press('Enter');
    expect(await hasFocus(box())).toBe(true);

    const more = [text('Details'), text('Delete')].map((words) => ({ text: words, value: words.text }));
    slack.say({
      text: '',
      blocks: [{ type: 'actions', elements: [{ type: 'overflow', action_id: 'more', options: more }] }],
    });
    const button = page.getByRole('button', { name: 'More options' });
    const isFocused = () => hasFocus(button);
    await button.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => bodies('action')[0]?.payload.selected_option.value).toBe('Delete');
    expect(await isFocused()).toBe(true);
    slack.show({
      title: text('Delete?'),
      submit: text('Delete'),
      blocks: [{ type: 'header', text: text('Sure?') }],
    });
    const dialog = page.getByRole('dialog', { name: 'Delete?' });
    await dialog.waitFor();
    for (let at = 0; at < 6; at += 1) {
      await page.keyboard.press('Tab');
      expect(await inside(dialog)).toBe(true);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(isFocused).toBe(true);
  });

  test('who becomes another person keeps a place for the focus', async () => {
    await page.getByRole('button', { name: /You are Anna Keller/ }).press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const switcher = page.getByRole('button', { name: /You are Ben Okafor/ });
    await switcher.waitFor();
    await expect.poll(() => hasFocus(switcher)).toBe(true);
  });

  test('on a phone, channels and bucket lie over the channel, and Escape closes them', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.reload();
    await page.getByRole('button', { name: 'Channels' }).click();
    const channels = page.getByRole('navigation');
    await expect.poll(() => channels.locator(':focus').count()).toBe(1);
    await page.keyboard.press('Escape');
    await channels.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Your bucket' }).click();
    await panel().getByRole('button', { name: 'Close the bucket panel' }).press('Escape');
    await panel().waitFor({ state: 'detached' });
  });

  test('no page ran into an error of its own', () => {
    const own = browser.problems.filter(
      (line) => !/Failed to load resource|ERR_(INCOMPLETE|EMPTY)/.test(line),
    );
    expect(own).toEqual([]);
  });
});
