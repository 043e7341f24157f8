import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { IMAGES, openDarkroom } from './darkroom.ts';
import { Hand } from './interactions/hand.ts';
import { pageOf } from './interactions/measure.ts';
import { sharePast, until } from './interactions/stage.ts';
import type { Sandbox } from './sandbox.ts';
import {
  PAST,
  receiveMail,
  settled,
  shareKinds,
  shareOffer,
  sharePicture,
  versions,
} from './screens-stage.ts';

/**
 * Takes the pictures of docs/using.md and docs/admin.md again; `npm run pictures` does that and more. Opens a new sandbox
 * with a year of files, goes through every screen in a real browser, as wide as a desk and as a phone, and photographs each. It
 * finds things by what they are called. `CHROMIUM_PATH` names the browser. Fails when a screen does not appear, or a picture
 * is larger than 150 KB.
 */
const LARGEST = 150_000;
const DESK = { width: 1000, height: 1640 };
const PHONE = { width: 390, height: 844 };

/** Files of eleven months go to the trash within a week. */
const RETENTION_DAYS = 11 * 30 + 5;

const { sandbox, browser, say, close } = await openDarkroom({
  VAULT_EXCLUDE_TYPES: 'mov',
  VAULT_RETENTION_DAYS: String(RETENTION_DAYS),
});
try {
  await sharePast(sandbox, PAST);
  const page = await pageOf(sandbox, 'anna', () =>
    browser.newPage({ viewport: DESK, deviceScaleFactor: 1.5 }),
  );
  const anna = new Hand(page);
  const carla = new Hand(
    await pageOf(sandbox, 'carla', () => browser.newPage({ viewport: DESK, deviceScaleFactor: 1.5 })),
  );
  // A thread is as high as the window.
  await page.setViewportSize({ width: 1000, height: 700 });
  await thread('sharing', page, await sharePicture(page));
  await thread('kinds', page, await shareKinds(page));
  await thread('mail', page, receiveMail(sandbox));
  await firstConfirmation(carla);
  await page.setViewportSize(DESK);
  await picture('choices', await anna.sends('/vault'));
  for (const [name, line] of [
    ['list', '/vault list'],
    ['find', '/vault find handbok'],
    ['get', '/vault get Onboarding handbook.pdf'],
  ] as const)
    await picture(name, await anna.sends(line));
  await anna.clicks((await anna.sends('/vault find')).getByRole('button', { name: /^Filter/ }));
  await anna.answer.getByRole('button', { name: /^Hide filters/ }).waitFor();
  await picture('filter', anna.answer);
  await dark(anna);
  await anna.sends('/vault find handbook');
  await window('download', anna, async () => {
    await anna.clicks(anna.button('Onboarding handbook.pdf', 'Download'));
    return anna.filled();
  });
  await window('share', anna, async () => {
    await anna.sends('/vault list');
    await anna.menu('Q3 report.pdf', /Share/);
    return anna.filled();
  });
  await anna.sends('/vault get Onboarding handbook.pdf');
  await details('details', anna, 'Onboarding handbook.pdf');
  await picture('not-kept', await anna.sends('/vault get Roadmap'));
  await versions(sandbox);
  await anna.sends('/vault get Spring plan');
  await details('versions', anna, 'Spring plan');
  for (const name of ['stats', 'delete', 'channel']) await picture(name, await anna.sends(`/vault ${name}`));
  await anna.sends('/vault export');
  await anna.answer.getByRole('link').or(anna.answer.getByRole('button')).first().waitFor();
  await picture('export', anna.answer);
  await picture('status', await anna.sends('/vault status'));
  lookForLeaving(sandbox);
  await deleteOne(sandbox, anna);
  await picture('trash', await anna.sends('/vault trash'));
  await picture('find-trash', await anna.sends('/vault find release'));
  await window('upload', anna, () => anna.opens('/vault upload', /Upload/));
  await picture('hold', await carla.sends('/vault hold'));
  await picture('audit', await carla.sends('/vault audit'));
  await window('rules', carla, () => carla.opens('/vault channel', /Change/));
  await window('hold-found', carla, () => carla.opens('/vault hold release', /Hold/));
  await home('home', 'anna', page, { width: 1000, height: 640 });
  await home('home-admin', 'carla', carla.page, { width: 1000, height: 640 });
  await onPhone();
  await foundInside();
  await warning(sandbox);
} finally {
  await close();
}

/** A file that is found by what was said with it, and by what is in it. */
async function foundInside(): Promise<void> {
  const name = await shareOffer(sandbox);
  const anna = new Hand(
    await pageOf(sandbox, 'anna', () => browser.newPage({ viewport: DESK, deviceScaleFactor: 1.5 })),
  );
  for (const [what, line] of [
    ['find-said', '/vault find desks and chairs'],
    ['find-contents', '/vault find "delivery in fourteen days"'],
  ] as const) {
    const answer = await anna.sends(line);
    await answer.getByText(name).first().waitFor();
    await picture(what, answer);
  }
  // With a picture of its first page.
  await openDetails(anna, name);
  const shown = anna.window.getByRole('img', { name: /^Preview of/ });
  await shown.evaluate((one) => (one as unknown as { decode(): Promise<void> }).decode());
  await picture('details-preview', anna.window);
  await anna.rest();
}

/** The same as people see it on the way. */
async function onPhone(): Promise<void> {
  const page = await pageOf(sandbox, 'anna', () =>
    browser.newPage({ viewport: PHONE, deviceScaleFactor: 2 }),
  );
  const hide = page.getByRole('button', { name: 'Hide the first steps' });
  if (await hide.isVisible()) await hide.click();
  const anna = new Hand(page);
  await anna.sends('/vault list');
  await shot('phone-list', page);
  await anna.sends('/vault find handbok');
  await shot('phone-find', page);
  await anna.sends('/vault get Onboarding handbook.pdf');
  await openDetails(anna, 'Onboarding handbook.pdf');
  await shot('phone-details', page);
  await anna.rest();
  await home('phone-home', 'anna', page, PHONE);
}

/** The thread under a message, once the bot has confirmed there; closed again, as it covers the channel. */
async function thread(name: string, page: Page, message: string): Promise<void> {
  const root = page.getByRole('main').getByRole('article').filter({ hasText: message }).first();
  await root.getByRole('button', { name: /\d repl/ }).click();
  const pane = page.getByRole('complementary', { name: 'Thread' });
  await pane.getByRole('article', { name: /ria-vault/i }).waitFor();
  await settled(sandbox);
  await picture(name, pane);
  await pane.getByRole('button', { name: 'Close thread' }).click();
}

async function openDetails(hand: Hand, name: string): Promise<void> {
  const button = hand.button(name, 'Details');
  if (await button.isVisible()) await button.click();
  else await hand.menu(name, /Details/);
  await hand.filled();
}

/** Details, with all that More shows. */
async function details(name: string, hand: Hand, file: string): Promise<void> {
  await openDetails(hand, file);
  await hand.window.getByRole('button', { name: /^More/ }).last().click();
  await hand.window.getByRole('button', { name: /^Less/ }).waitFor();
  await picture(name, hand.window);
  await hand.rest();
}

async function deleteOne({ slack, dir }: Sandbox, hand: Hand): Promise<void> {
  await slack.as('anna').share('general', { name: 'Release notes.txt', content: 'Fixed: everything.' });
  const catalog = new DatabaseSync(join(dir, 'vault', 'vault.db'), { readOnly: true, timeout: 5_000 });
  const saved = catalog.prepare(`select 1 from file where name = 'Release notes.txt' and state = 'stored'`);
  await until('it is saved', () => saved.get() !== undefined);
  catalog.close();
  await settled(sandbox);
  const asked = await hand.sends('/vault delete Release notes.txt');
  await asked
    .getByRole('button', { name: /Delete/ })
    .last()
    .click();
  await hand.filled();
  await picture('delete-question', hand.window);
  await hand.window
    .getByRole('button', { name: /trash|Delete/i })
    .last()
    .click();
  // In the window or in the channel, wherever it can be undone.
  const inWindow = hand.window.filter({ has: hand.page.getByRole('button', { name: /Undo/ }) });
  await until('it is gone', async () => !(await hand.window.getByText(/Delete this file/).isVisible()));
  await sleep(1_500);
  if (await inWindow.isVisible()) await picture('deleted', inWindow);
  await hand.rest();
  const undo = hand.page.getByRole('main').getByRole('article').filter({ hasText: 'Release notes.txt' });
  if (!(await inWindow.isVisible())) await picture('deleted', undo.last());
}

/** The first confirmation of a channel says how to get fewer: one of the oldest files has it, whichever was saved first. */
async function firstConfirmation({ page }: Hand): Promise<void> {
  const pane = page.getByRole('complementary', { name: 'Thread' });
  for (const [, channel, name] of PAST) {
    if (channel !== 'general') continue;
    const message = page.getByRole('main').getByRole('article').filter({ hasText: name }).first();
    await message.getByRole('button', { name: /\d repl/ }).click();
    const told = pane.getByRole('article', { name: /ria-vault/i }).first();
    await told.waitFor();
    const isFirst = (await told.getByRole('button').filter({ hasText: 'React instead' }).count()) > 0;
    if (isFirst) await picture('react', told);
    await pane.getByRole('button', { name: 'Close thread' }).click();
    if (isFirst) return;
  }
  throw new Error('No confirmation says how to get fewer.');
}

/** The list as it is on the screen, in dark mode. */
async function dark({ page, answer }: Hand): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture('dark', answer);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** The bot looks once an hour which files leave; now, it looks as soon as somebody deletes something. */
function lookForLeaving({ dir }: Sandbox): void {
  const catalog = new DatabaseSync(join(dir, 'vault', 'vault.db'), { timeout: 5_000 });
  catalog.prepare(`update chore set due_at = ? where name = 'leaving'`).run(Date.now());
  catalog.close();
}

/** What a person reads a week before retention takes a file of theirs. */
async function warning({ dir, url, slack }: Sandbox): Promise<void> {
  const catalog = new DatabaseSync(join(dir, 'vault', 'vault.db'), { timeout: 5_000 });
  const gathered = catalog.prepare(`update post set due_at = ? where kind = 'leaving' and ts is null`);
  await until('somebody is to be warned', () => gathered.run(Date.now()).changes > 0);
  // The bot looks what is due when something happens.
  await slack.as('anna').share('general', { name: 'Agenda.txt', content: 'One: the weather.' });
  const warned = catalog.prepare(`select 1 from post where kind = 'leaving' and due_at is null`);
  await until('somebody is warned', () => warned.get() !== undefined);
  catalog.close();
  const page = await browser.newPage({ viewport: DESK, deviceScaleFactor: 1.5 });
  await page.goto(`${url}/#/ben/app/messages`);
  const message = page.getByRole('main').getByRole('article').filter({ hasText: 'will go to the trash' });
  await message.first().waitFor();
  await picture('leaving', message.last());
  await page.close();
}

/** A window that a line leads to. */
async function window(name: string, hand: Hand, open: () => Promise<Locator>): Promise<void> {
  await picture(name, await open());
  await hand.rest();
}

async function home(
  name: string,
  who: string,
  page: Page,
  viewport: { width: number; height: number },
): Promise<void> {
  await page.goto(`${sandbox.url}/#/${who}/app/home`);
  await page.setViewportSize(viewport);
  await page.reload();
  await page.getByTestId('home').getByText('Release plan.pptx').first().waitFor();
  if (viewport === PHONE) await shot(name, page);
  else await picture(name, page.getByRole('main'));
}

/** Photographs one element. */
async function picture(name: string, element: Locator): Promise<void> {
  await element.scrollIntoViewIfNeeded();
  await take(name, element.page(), (options) => element.screenshot(options));
}

/** Photographs what the window shows. */
async function shot(name: string, page: Page): Promise<void> {
  await take(name, page, (options) => page.screenshot(options));
}

async function take(
  name: string,
  page: Page,
  photograph: (options: { path: string; scale?: 'css' }) => Promise<unknown>,
): Promise<void> {
  await until('all pictures are there', () =>
    // Those out of view come only when somebody scrolls to them.
    page.evaluate(`[...document.images].every((one) => {
      const { top, bottom, width } = one.getBoundingClientRect();
      return one.complete || width === 0 || bottom < 0 || top > innerHeight;
    })`),
  );
  await sleep(300);
  const path = join(IMAGES, `using-${name}.png`);
  await photograph({ path });
  // A long screen is shown with fewer pixels.
  if ((await stat(path)).size > LARGEST) await photograph({ path, scale: 'css' });
  const { size } = await stat(path);
  if (size > LARGEST) throw new Error(`using-${name}.png has ${size} bytes, more than ${LARGEST}.`);
  say(`using-${name}.png: ${Math.round(size / 1000)} KB`);
}
