import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { IMAGES, openDarkroom } from './darkroom.ts';

/**
 * Takes the documentation's pictures again: `npx node sandbox/screenshot.ts`. Opens a new sandbox, shares a few files
 * in a real browser as a person would, asks for the list, unplugs the bucket, and photographs the page.
 * `CHROMIUM_PATH` names the browser.
 */

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="420" height="150">
  <defs><linearGradient id="sky" x2="1" y2="1"><stop stop-color="#2b4a76"/><stop offset="1" stop-color="#c96f53"/></linearGradient></defs>
  <rect width="420" height="150" fill="url(#sky)"/><circle cx="320" cy="52" r="24" fill="#ffe2b0"/>
  <path d="M0 150 120 52l74 62 52-40 96 76zM250 150l96-74 74 56v18z" fill="#16263f"/></svg>`;

const { sandbox, browser, say, close } = await openDarkroom();
try {
  const page = await browser.newPage({ viewport: { width: 1360, height: 820 }, deviceScaleFactor: 1.5 });
  await page.goto(sandbox.url);
  await shareAndList(page);
  await page.screenshot({ path: join(IMAGES, 'sandbox.png') });
  await unplugS3(page);
  await page.screenshot({ path: join(IMAGES, 'trouble.png') });
  say(`Written: sandbox.png and trouble.png in ${IMAGES}`);
} finally {
  await close();
}

async function shareAndList(page: Page): Promise<void> {
  await page.getByRole('img', { name: 'connected', exact: true }).waitFor();
  const main = page.getByRole('main');
  const box = main.getByLabel('Message #general');
  await main.getByLabel('Files to upload').setInputFiles([
    { name: 'Q3 report.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(2_410_000, 'report') },
    { name: 'sunrise.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(LOGO) },
  ]);
  await box.fill('The numbers for tomorrow, and the new picture for the *website* :sparkles:');
  await box.press('Enter');
  await page.getByRole('button', { name: /1 reply/ }).click();
  await page.getByRole('complementary', { name: 'Thread' }).getByText('Q3 report.pdf').last().waitFor();
  await box.fill('/vault list');
  await box.press('Enter');
  const list = main.getByRole('article').filter({ hasText: 'Only visible to you' });
  await list.getByText('sunrise.svg').waitFor();
  await page.getByTestId('bucket-object').filter({ hasText: 'Q3 report.pdf' }).click();
  await page.getByText(/^[0-9a-f]{64}$/).waitFor();
  await page.mouse.move(5, 5);
}

async function unplugS3(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Close thread' }).click();
  await page.getByRole('button', { name: /^Trouble/ }).click();
  await page.getByRole('switch', { name: 'S3 is down' }).click();
  const main = page.getByRole('main');
  const contract = {
    name: 'Contract.docx',
    mimeType: 'application/msword',
    buffer: Buffer.alloc(84_000, 'c'),
  };
  await main.getByLabel('Files to upload').setInputFiles(contract);
  await main.getByRole('button', { name: 'Send' }).click();
  await page
    .getByRole('navigation')
    .getByRole('button', { name: /ria-vault/i })
    .click();
  await page.getByTestId('home').getByText('The bucket cannot be reached right now').first().waitFor();
  await page.mouse.move(5, 5);
}
