import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { noBrowser, type OpenBrowser, openBrowser } from '../helpers/browser.ts';

const BIG_BYTES = 150_000_000;

let dir: string;
let sandbox: Sandbox;
let browser: OpenBrowser;
let page: Page;
const problems: string[] = [];

// One story, told in order: each test goes on where the one before it ended.
describe.skipIf(noBrowser())('the whole loop, in a browser', { timeout: 180_000 }, () => {
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vault-e2e-browser-'));
    sandbox = await openSandbox({ port: 0, dir: join(dir, 'sandbox'), mode: 'socket' }, process.env, {
      problem: (line) => problems.push(line),
      refusal: (line) => problems.push(line),
    });
    browser = await openBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(sandbox.url);
    await page.getByRole('img', { name: 'connected', exact: true }).waitFor();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
    await rm(dir, { recursive: true, force: true });
  });

  const channel = () => page.getByRole('main', { name: '#general' });
  const bucket = () => page.getByRole('complementary', { name: 'Your bucket' });
  const home = () => page.getByTestId('home');
  const navigation = () => page.getByRole('navigation');
  const answers = (): Locator => channel().getByRole('article').filter({ hasText: 'Only visible to you' });
  /** Types a command and waits for its answer: the one before may show the same files. */
  const run = async (line: string) => {
    const before = await answers().count();
    await channel().getByLabel('Message #general').fill(line);
    await channel().getByLabel('Message #general').press('Enter');
    await answers().nth(before).waitFor();
  };
  /** The newest answer that only this person sees. */
  const answer = (): Locator => answers().last();
  const lineOf = (name: string): Locator => answer().locator('.block-section').filter({ hasText: name });
  const choose = async (name: string, what: RegExp) => {
    await lineOf(name).getByRole('button', { name: 'More options' }).click();
    await page.getByRole('menuitem', { name: what }).click();
  };
  const files = () => ({
    big: join(dir, 'film.mp4'),
    report: join(dir, 'Überblick 2026 – final_v2.pdf'),
    notes: join(dir, 'notes.txt'),
  });

  test('three files at once, one of 150 MB, end in the bucket with one confirmation', async () => {
    const { big, report, notes } = files();
    await writeSparse(big, BIG_BYTES);
    await writeFile(report, Buffer.alloc(400_000, 'report '));
    await writeFile(notes, 'a few notes\n');
    await channel().getByLabel('Files to upload').setInputFiles([big, report, notes]);
    await channel().getByLabel('Message #general').fill('Everything for the review');
    await channel().getByRole('button', { name: 'Send' }).click();

    const message = channel().getByRole('article').filter({ hasText: 'Everything for the review' });
    await message.getByRole('button', { name: /1 reply/ }).waitFor();
    await bucket()
      .getByTestId('bucket-total')
      .getByText(/^3 objects/)
      .waitFor();
    await message.getByRole('button', { name: /1 reply/ }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    for (const name of ['film.mp4', 'Überblick 2026 – final_v2.pdf', 'notes.txt']) {
      await thread
        .getByRole('article', { name: /ria-vault/i })
        .getByText(name)
        .waitFor();
    }
    expect(await thread.getByRole('article', { name: /ria-vault/i }).count()).toBe(1);
    await thread.getByRole('button', { name: 'Close thread' }).click();
  });

  test('the list shows them, and a download gives the same bytes', async () => {
    await run('/vault list');
    await lineOf('film.mp4').waitFor();
    await answer().getByRole('button', { name: 'Download film.mp4' }).click();
    const link = page.getByRole('dialog').getByRole('link', { name: /Download/ });
    await link.waitFor();
    // In a new tab the test would miss the download: Playwright sees only those of pages that it opened.
    await link.evaluate((element) => element.setAttribute('target', '_self'));
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toBe('film.mp4');
    const kept = join(dir, 'downloaded.mp4');
    await download.saveAs(kept);
    expect(await sha256(kept)).toBe(await sha256(files().big));
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('the bucket panel proves what it holds', async () => {
    await bucket().getByText('notes.txt').click();
    await bucket()
      // Its text stands in the bucket under the same hash.
      .getByText(await sha256(files().notes), { exact: true })
      .waitFor();
  });

  test('deleted, undone and deleted again; App Home follows', async () => {
    await navigation()
      .getByRole('button', { name: /ria-vault/i })
      .click();
    await home().getByText('notes.txt').waitFor();
    await navigation().getByRole('button', { name: 'general' }).click();

    await deleteNotes({ undo: true });
    await run('/vault list');
    await lineOf('notes.txt').waitFor();
    await deleteNotes();

    await run('/vault list type:txt');
    await answer()
      .getByText(/No file|Nothing/)
      .waitFor();
    await navigation()
      .getByRole('button', { name: /ria-vault/i })
      .click();
    await home().getByText('film.mp4').waitFor();
    await home().getByText('notes.txt').waitFor({ state: 'detached' });
    await navigation().getByRole('button', { name: 'general' }).click();
    await channel().waitFor();
  });

  async function deleteNotes({ undo = false } = {}): Promise<void> {
    await run('/vault list');
    await lineOf('notes.txt').waitFor();
    await choose('notes.txt', /Delete/);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    const done = page.getByRole('dialog').filter({ hasText: 'Deleted: notes.txt' });
    if (undo) await done.getByText('Undo', { exact: true }).click();
    const last = undo ? page.getByRole('dialog').filter({ hasText: 'Restored notes.txt' }) : done;
    await last.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  test('another member may look, but not delete what is not theirs', async () => {
    await page.getByRole('button', { name: /You are Anna Keller/ }).click();
    await page.getByRole('menuitemradio', { name: /Ben Okafor/ }).click();
    await page.getByRole('button', { name: /You are Ben Okafor/ }).waitFor();
    await run('/vault list');
    await lineOf('film.mp4').waitFor();
    await answer().getByRole('button', { name: 'Download film.mp4' }).waitFor();
    await lineOf('film.mp4').getByRole('button', { name: 'More options' }).click();
    await page.getByRole('menuitem', { name: /Details/ }).waitFor();
    expect(await page.getByRole('menuitem', { name: /Delete/ }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
  });

  test('killed in the middle of a capture, the bot comes back and stores the file once', async () => {
    const again = join(dir, 'second film.mp4');
    await writeSparse(again, BIG_BYTES, 'second');
    // Slow enough that the kill is sure to come in the middle.
    const slow = sandbox.s3.faults.add({ key: /second/, do: { bytesPerSecond: 5_000_000 } });
    await channel().getByLabel('Files to upload').setInputFiles(again);
    await channel().getByLabel('Message #general').fill('And the second one');
    await channel().getByRole('button', { name: 'Send' }).click();
    const message = channel().getByRole('article').filter({ hasText: 'And the second one' });
    await message.waitFor();
    await expect.poll(() => writesOf(/second/), { timeout: 30_000 }).toBeGreaterThan(0);
    await bucket()
      .getByRole('button', { name: /^Trouble/ })
      .click();
    await bucket().getByRole('button', { name: 'Kill' }).click();
    await bucket()
      .getByText(/started again 1×/)
      .waitFor();
    expect(await bucket().getByTestId('bucket-object').filter({ hasText: 'second film.mp4' }).count()).toBe(
      0,
    );
    slow.remove();
    // The next process may have to wait until the lease of the dead process runs out.
    await message.getByRole('button', { name: /1 reply/ }).waitFor({ timeout: 150_000 });
    await message.getByRole('button', { name: /1 reply/ }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread
      .getByRole('article', { name: /ria-vault/i })
      .getByText('second film.mp4')
      .waitFor();
    expect(await thread.getByRole('article', { name: /ria-vault/i }).count()).toBe(1);
    expect(await bucket().getByTestId('bucket-object').filter({ hasText: 'second film.mp4' }).count()).toBe(
      1,
    );
    expect(problems).toEqual([expect.stringContaining('SIGKILL')]);
  });

  test('nothing went wrong inside the page', () => {
    // While the bot is down, what needs it is refused with a 5xx, which the browser writes to its console.
    expect(browser.problems.filter((line) => !/Failed to load resource/.test(line))).toEqual([]);
  });
});

/** How many writes of objects with such a key have begun. */
function writesOf(key: RegExp): number {
  const writes = sandbox.s3.requests.list.filter((one) => /^(PutObject|UploadPart)$/.test(one.operation));
  return writes.filter((one) => key.test(one.key)).length;
}

/** A large file in no time: mostly zeros, with marks that tell a shifted or mixed copy apart. */
async function writeSparse(path: string, bytes: number, word = 'mark'): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.truncate(bytes);
    for (let at = 0; at < bytes - 64; at += 7_654_321) await file.write(`${word} at ${at}`, at);
  } finally {
    await file.close();
  }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
