import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { IMAGES, openDarkroom } from './darkroom.ts';
import type { Sandbox } from './sandbox.ts';

/**
 * Takes the pictures of docs/using.md again: `npx node sandbox/screens.ts`. Opens a new sandbox with a year of files,
 * goes through every screen in a real browser, and photographs each. `CHROMIUM_PATH` names the browser. Fails when a
 * screen does not appear, or a picture is larger than 150 KB.
 */
const LARGEST = 150_000;
const MONTH_MS = 30 * 24 * 60 * 60_000;

/** Who shared what where, and how many months ago. */
const PAST: Array<[who: string, channel: string, name: string, kilobytes: number, months: number]> = [
  ['ben', 'design', 'Brand guidelines.pdf', 2_900, 11],
  ['anna', 'general', 'Team offsite.mp4', 5_400, 9],
  ['carla', 'general', 'Budget 2026.xlsx', 420, 8],
  ['ben', 'general', 'Onboarding handbook.pdf', 3_100, 6],
  ['anna', 'design', 'Landing page.fig', 4_700, 5],
  ['carla', 'finance', 'Salaries.xlsx', 610, 4],
  ['ben', 'design', 'Icons.zip', 1_800, 3],
  ['anna', 'general', 'Customer interviews.docx', 900, 2],
  ['anna', 'general', 'Q3 report.pdf', 2_400, 1],
  ['ben', 'general', 'Release plan.pptx', 3_300, 0],
];

const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="300"><rect width="640" height="300" fill="#2b4a76"/>
  <circle cx="470" cy="90" r="46" fill="#ffe2b0"/><path d="M0 300 180 110l110 120 80-70 270 140z" fill="#16263f"/></svg>`;

const { sandbox, browser, say, close } = await openDarkroom({ VAULT_EXCLUDE_TYPES: 'mov' });
try {
  await until(() => sandbox.slack.as('anna').workspace().bot.connected);
  await aYearOfFiles(sandbox);
  const anna = await pageOf(sandbox, 'anna');
  const carla = await pageOf(sandbox, 'carla');

  // A thread is as high as the window.
  const [high, low] = [anna.viewportSize(), { width: 1000, height: 700 }];
  await anna.setViewportSize(low);
  await picture('sharing', await shareWithConfirmation(anna));
  // The thread covers the channel on a narrow screen.
  await anna.getByRole('button', { name: 'Close thread' }).click();
  await picture('kinds', await shareKinds(anna));
  await anna.getByRole('button', { name: 'Close thread' }).click();
  await picture('mail', await receiveMail(sandbox, anna));
  await anna.getByRole('button', { name: 'Close thread' }).click();
  if (high) await anna.setViewportSize(high);
  await answer(anna, 'list', '/vault list', 'Files in');
  await answer(anna, 'find', '/vault find handbok', 'Onboarding handbook.pdf');
  await answer(anna, 'get', '/vault get Onboarding handbook.pdf', 'Download');
  await details(anna);
  await answer(anna, 'not-kept', '/vault get Roadmap', 'link only');
  await versions(sandbox, anna);
  await answer(anna, 'stats', '/vault stats', 'What the vault holds');
  await answer(anna, 'delete', '/vault delete', 'Which file');
  await answer(anna, 'channel', '/vault channel', 'kept');
  await answer(anna, 'export', '/vault export', 'Kept until');
  await answer(anna, 'status', '/vault status', 'How the vault is doing');
  await deleteOne(sandbox, anna);
  await answer(anna, 'trash', '/vault trash', 'Release notes.txt');
  await modal(anna, 'upload', '/vault upload', 'Upload files');
  await answer(carla, 'hold', '/vault hold', 'Holds');
  await answer(carla, 'audit', '/vault audit', 'Audit');
  await modal(carla, 'rules', '/vault channel', 'Change');
  await home(sandbox, carla);
} finally {
  await close();
}

/** Shares files now, then dates them back to earlier months in the bot's catalog. */
async function aYearOfFiles({ slack, dir: home }: Sandbox): Promise<void> {
  const ages = new Map<string, number>();
  for (const [who, channel, name, kilobytes, months] of PAST) {
    const { files } = await slack
      .as(who)
      .share(channel, { name, content: Buffer.alloc(kilobytes * 1024, name) });
    ages.set(files[0] as string, months);
  }
  const catalog = new DatabaseSync(join(home, 'vault', 'vault.db'), { timeout: 5_000 });
  try {
    const stored = catalog.prepare(`select count(*) as n from file where state = 'stored'`);
    await until(() => stored.get()?.n === PAST.length);
    // Confirmations come a second apart; they belong to the past as well.
    await until(
      () => catalog.prepare('select count(*) as n from post where due_at is not null').get()?.n === 0,
    );
    catalog.exec('begin immediate');
    for (const [fileId, months] of ages) {
      for (const table of ['file', 'share', 'channel_file', 'listing'])
        catalog
          .prepare(`update ${table} set shared_at = shared_at - ? where file_id = ?`)
          .run(months * MONTH_MS, fileId);
    }
    catalog.exec(`delete from breakdown where part = 'month';
      insert into breakdown (team_id, audience_id, part, name, files, bytes)
      select team_id, audience_id, 'month', strftime('%Y-%m', shared_at / 1000, 'unixepoch'), count(*), sum(stored_bytes)
      from file where state = 'stored' group by 1, 2, 4;
      commit`);
  } finally {
    catalog.close();
  }
}

async function pageOf({ url, slack }: Sandbox, who: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 1400 }, deviceScaleFactor: 1.5 });
  page.setDefaultTimeout(20_000);
  await page.goto(`${url}/#/${who}/${slack.workspace.channels.general}`);
  await page.getByLabel('Message #general').waitFor();
  return page;
}

/** The answer to a command: the newest message that only this person sees. */
async function answer(page: Page, name: string, command: string, awaited: string): Promise<void> {
  const answers = page.getByRole('main').getByRole('article').filter({ hasText: 'Only visible to you' });
  const before = await answers.count();
  await type(page, command);
  await until(async () => (await answers.count()) > before);
  const shown = page.getByRole('main').getByRole('article').filter({ hasText: awaited }).last();
  await shown.waitFor();
  await picture(name, shown);
}

async function shareWithConfirmation(page: Page): Promise<Locator> {
  const main = page.getByRole('main');
  await main
    .getByLabel('Files to upload')
    .setInputFiles([{ name: 'Sunrise.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(PICTURE) }]);
  const box = main.getByLabel('Message #general');
  await box.fill('The new picture for the website :sparkles:');
  await box.press('Enter');
  const message = main.getByRole('article').filter({ hasText: 'The new picture' });
  await message.getByRole('button', { name: /1 reply/ }).click();
  const thread = page.getByRole('complementary', { name: 'Thread' });
  await thread.getByText('In the vault').waitFor();
  return thread;
}

/** One message with many things in it, put together on the page as people do. */
async function shareKinds(page: Page): Promise<Locator> {
  const main = page.getByRole('main');
  const dialog = page.getByRole('dialog');
  const add = async (choice: string | RegExp, fill: () => Promise<void>) => {
    await main.getByRole('button', { name: 'Add files and more' }).click();
    await page.getByRole('menuitem', { name: choice }).click();
    await fill();
    await dialog.getByRole('button', { name: 'Add to message' }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  await add('Record an audio clip', async () => {
    await dialog.getByRole('button', { name: 'Record' }).click();
    await sleep(2_000);
    await dialog.getByRole('button', { name: 'Stop' }).click();
    await dialog.getByLabel('Transcript').fill('The plan for the spring is in the canvas below.');
  });
  await add('New canvas', async () => {
    await dialog.getByLabel('Title').fill('Spring plan :seedling:');
    await dialog.getByLabel('Text').fill('# Spring\n- a new website');
  });
  await add(/Share a link/, () => dialog.getByLabel('Name').fill('Roadmap'));
  await main
    .getByLabel('Files to upload')
    .setInputFiles([{ name: 'Rehearsal.mov', mimeType: 'video/quicktime', buffer: Buffer.alloc(90_000) }]);
  await main.getByLabel('Message #general').fill('All about the spring');
  await main.getByLabel('Message #general').press('Enter');
  return threadOf(page, 'All about the spring', 'Not kept');
}

async function receiveMail({ slack }: Sandbox, page: Page): Promise<Locator> {
  const file = (filename: string, mimetype: string, kilobytes: number) => ({
    ...{ filename, mimetype, content: Buffer.alloc(kilobytes * 1024, filename) },
  });
  slack.mail('general', {
    subject: 'Our offer',
    from: 'Maria Supplier <maria@supplier.example>',
    plain: 'Please find it attached.',
    attachments: [file('Offer.pdf', 'application/pdf', 310), file('Terms.docx', 'application/msword', 80)],
  });
  return threadOf(page, 'Our offer', 'In the vault: 3 files');
}

/** The thread under a message, once the bot has said this in it. */
async function threadOf(page: Page, message: string, awaited: string): Promise<Locator> {
  const root = page.getByRole('main').getByRole('article').filter({ hasText: message }).first();
  await root.getByRole('button', { name: /1 reply/ }).click();
  const thread = page.getByRole('complementary', { name: 'Thread' });
  await thread.getByText(awaited).last().waitFor();
  return thread;
}

async function versions({ slack, dir: home }: Sandbox, page: Page): Promise<void> {
  const catalog = new DatabaseSync(join(home, 'vault', 'vault.db'), { readOnly: true, timeout: 5_000 });
  const canvas = catalog.prepare(`select file_id as id, version from file where filetype = 'quip'`);
  for (const [at, html] of ['<h1>Spring</h1><p>A website.</p>', '<h1>Spring</h1><p>Done.</p>'].entries()) {
    slack.as('anna').edit(String(canvas.get()?.id), { content: html });
    await until(() => canvas.get()?.version === at + 2);
  }
  catalog.close();
  await type(page, '/vault get Spring plan');
  await page.getByRole('button', { name: 'Details Spring plan' }).last().click();
  const dialog = page.getByRole('dialog').last();
  await dialog.getByText('Versions').waitFor();
  await picture('versions', dialog);
  await dialog.getByRole('button', { name: 'Close' }).first().click();
}

async function type(page: Page, text: string): Promise<void> {
  const box = page.getByLabel('Message #general');
  await box.fill(text);
  await box.press('Enter');
}

async function deleteOne({ slack }: Sandbox, page: Page): Promise<void> {
  await slack.as('anna').share('general', { name: 'Release notes.txt', content: 'Fixed: everything.' });
  const ask = async () => {
    await type(page, '/vault delete Release notes.txt');
    const found = page.getByRole('main').getByRole('button', { name: 'Delete Release notes.txt' });
    await found.last().waitFor({ timeout: 2_000 });
    await found.last().click();
  };
  for (let tries = 0; ; tries += 1) {
    try {
      await ask();
      break;
    } catch (error) {
      if (tries > 5) throw error; // the file is not in the vault yet
    }
  }
  await picture('delete-question', page.getByRole('dialog').last());
  await page.getByRole('dialog').last().getByRole('button', { name: 'Move to trash' }).click();
  const told = page.getByRole('main').getByRole('article').filter({ hasText: 'to the trash' }).last();
  await told.getByRole('button', { name: /Undo|Restore/ }).waitFor();
  await picture('deleted', told);
}

async function details(page: Page): Promise<void> {
  const card = page
    .getByRole('main')
    .getByRole('article')
    .filter({ hasText: 'Onboarding handbook.pdf' })
    .last();
  await card
    .getByRole('button', { name: /Details/ })
    .last()
    .click();
  const dialog = page.getByRole('dialog').last();
  await dialog.getByText('SHA-256').first().waitFor();
  await picture('details', dialog);
  await dialog.getByRole('button', { name: 'Close' }).first().click();
}

/** A screen that opens from the button of an answer. */
async function modal(page: Page, name: string, command: string, button: string): Promise<void> {
  await type(page, command);
  const opener = page.getByRole('main').getByRole('button', { name: new RegExp(button) });
  await opener.last().click();
  const dialog = page.getByRole('dialog').last();
  await dialog.getByText('Looking it up').waitFor({ state: 'detached' });
  await sleep(300);
  await picture(name, dialog);
  await dialog.getByRole('button', { name: 'Close' }).first().click();
}

async function home({ url }: Sandbox, page: Page): Promise<void> {
  await page.goto(`${url}/#/carla/app/home`);
  await page.setViewportSize({ width: 1000, height: 640 });
  await page.reload();
  await page.getByText('Your largest channels').first().waitFor();
  await picture('home', page.getByRole('main'));
}

/** Photographs one element. */
async function picture(name: string, element: Locator): Promise<void> {
  await element.scrollIntoViewIfNeeded();
  await until(() => element.page().evaluate('[...document.images].every((one) => one.complete)'));
  await sleep(150);
  const path = join(IMAGES, `using-${name}.png`);
  await element.screenshot({ path });
  // A long screen is shown with fewer pixels.
  if ((await stat(path)).size > LARGEST) await element.screenshot({ path, scale: 'css' });
  const { size } = await stat(path);
  if (size > LARGEST) throw new Error(`using-${name}.png has ${size} bytes, more than ${LARGEST}.`);
  say(`using-${name}.png: ${Math.round(size / 1000)} KB`);
}

async function until(probe: () => unknown): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (await probe()) return;
    await sleep(100);
  }
  throw new Error('waited a minute in vain');
}
