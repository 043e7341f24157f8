import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { noBrowser, type OpenBrowser, openBrowser } from '../helpers/browser.ts';

/** A picture that would mark itself if it were allowed to run. */
const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><rect width="60" height="40" fill="teal"/>
  <script>document.documentElement.setAttribute('data-ran', 'yes')</script></svg>`;

/** Of an `<img>`, in pixels: 0 until it is loaded, and for one that is broken. */
interface HasWidth {
  naturalWidth: number;
}

let dir: string;
let sandbox: Sandbox;
let browser: OpenBrowser;
let page: Page;
const problems: string[] = [];
const refusals: string[] = [];

// One story, told in order: each test goes on where the one before it ended.
describe.skipIf(noBrowser())('unplugging things by hand, in a browser', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vault-e2e-trouble-'));
    sandbox = await openSandbox({ port: 0, dir, mode: 'socket' }, process.env, {
      problem: (line) => problems.push(line),
      refusal: (line) => refusals.push(line),
    });
    browser = await openBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(sandbox.url);
    await connected().waitFor();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
    await rm(dir, { recursive: true, force: true });
  });

  const connected = () => page.getByRole('img', { name: 'connected', exact: true });
  const channel = () => page.getByRole('main', { name: '#general' });
  const panel = () => page.getByRole('complementary', { name: 'Your bucket' });
  const home = () => page.getByTestId('home');
  const banner = () => page.getByRole('alert').filter({ hasText: 'Trouble is on' });
  const go = (where: RegExp) => page.getByRole('navigation').getByRole('button', { name: where }).click();
  const messageOf = (words: string) => channel().getByRole('article').filter({ hasText: words });

  async function unplug(name: string): Promise<void> {
    await unfold();
    await panel().getByRole('switch', { name }).click();
    await banner().getByText(name).waitFor();
  }

  async function unfold(): Promise<void> {
    const fold = panel().getByRole('button', { name: /^Trouble/, expanded: false });
    if (await fold.isVisible()) await fold.click();
  }

  async function mendAll(): Promise<void> {
    await banner().getByRole('button', { name: 'Everything works again' }).click();
    await banner().waitFor({ state: 'detached' });
  }

  async function share(name: string, mimeType: string, content: string, words: string): Promise<void> {
    await channel()
      .getByLabel('Files to upload')
      .setInputFiles({ name, mimeType, buffer: Buffer.from(content) });
    await channel().getByLabel('Message #general').fill(words);
    await channel().getByRole('button', { name: 'Send' }).click();
    await messageOf(words).waitFor();
  }

  const objects = async (name: string) =>
    (await sandbox.s3.list('sandbox-vault')).filter(({ key }) => key.endsWith(name)).length;

  test('S3 down: App Home says why a file is not stored, and stores it by itself when S3 is back', async () => {
    await unplug('S3 is down');
    await share('picture.svg', 'image/svg+xml', PICTURE, 'While S3 is down');
    await go(/ria-vault/i);
    // Among what is being retried, and in its place among the recent files.
    const why = home().getByText(/The bucket cannot be reached right now/);
    await expect.poll(() => why.count(), { timeout: 60_000 }).toBe(2);
    await home().getByText('picture.svg').first().waitFor();
    await home().getByRole('button', { name: 'Retry: save picture.svg' }).waitFor();
    expect(await objects('picture.svg')).toBe(0);

    await mendAll();
    await expect.poll(() => home().getByText('not saved yet').count(), { timeout: 60_000 }).toBe(0);
    await go(/general/);
    await messageOf('While S3 is down')
      .getByRole('button', { name: /1 reply/ })
      .waitFor();
    expect(await objects('picture.svg')).toBe(1);
  });

  test('Slack down: commands are answered by the page, and the bot is killed on top of it', async () => {
    await unplug('Slack’s API is down');
    await panel()
      .getByText(/The bot cannot reach Slack/)
      .waitFor();
    await share('notes.txt', 'text/plain', 'some notes', 'While Slack is down');
    await channel().getByLabel('Message #general').fill('/vault list');
    await channel().getByLabel('Message #general').press('Enter');
    await messageOf('dispatch_failed')
      .getByText(/failed with the error/)
      .waitFor();

    await unfold();
    await panel().getByRole('button', { name: 'Kill' }).click();
    await panel()
      .getByText(/last end: SIGKILL/)
      .waitFor();
    // It waits for Slack instead of ending.
    await panel()
      .getByText(/The bot cannot reach Slack/)
      .waitFor();
    expect(await objects('notes.txt')).toBe(0);

    await mendAll();
    await connected().waitFor();
    await messageOf('While Slack is down')
      .getByRole('button', { name: /1 reply/ })
      .waitFor();
    expect(await objects('notes.txt')).toBe(1);
  });

  test('stopped for a command line, and started again: the way back is there after a reload, too', async () => {
    await unfold();
    await panel().getByRole('button', { name: 'Stop', exact: true }).click();
    await panel().getByText('The bot is stopped').waitFor();
    await page.reload();
    await panel().getByText('It is stopped until you do.').waitFor();
    await panel().getByRole('button', { name: 'Start', exact: true }).click();
    await connected().waitFor();
    await panel().getByText('The bot is running').waitFor();
  });

  test('afterwards everything is stored once, confirmed once and listed', async () => {
    await channel().getByLabel('Message #general').fill('/vault list');
    await channel().getByLabel('Message #general').press('Enter');
    const list = channel().getByRole('article').filter({ hasText: 'Only visible to you' }).last();
    for (const name of ['picture.svg', 'notes.txt']) {
      await list.getByText(name).first().waitFor();
      expect(await objects(name)).toBe(1);
    }
    for (const words of ['While S3 is down', 'While Slack is down']) {
      expect(
        await messageOf(words)
          .getByRole('button', { name: /1 reply/ })
          .count(),
      ).toBe(1);
    }
    expect(refusals).toEqual([]);
    expect(problems[0]).toContain('SIGKILL');
  });

  test('a picture is shown in the channel, and opened alone it does not run', async () => {
    const picture = channel().getByRole('img', { name: 'picture.svg' });
    const width = () => picture.evaluate((image) => (image as unknown as HasWidth).naturalWidth);
    await expect.poll(width, { timeout: 20_000 }).toBe(60);
    const alone = await browser.newPage();
    await alone.goto(new URL((await picture.getAttribute('src')) as string, sandbox.url).href);
    const drawn = alone.locator('svg');
    expect(await drawn.locator('rect').count()).toBe(1);
    expect(await drawn.getAttribute('data-ran')).toBeNull();
    await alone.close();
  });

  test('nothing went wrong inside the page', () => {
    // Refused commands are written to the console by the browser, and so are scripts that may not run.
    const expected = /Failed to load resource|Blocked script execution|Content Security Policy/;
    expect(browser.problems.filter((line) => !expected.test(line))).toEqual([]);
  });
});
