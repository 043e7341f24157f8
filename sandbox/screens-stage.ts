import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { type Past, until } from './interactions/stage.ts';
import { pdf } from './samples.ts';
import type { Sandbox } from './sandbox.ts';

/** What is photographed for docs/using.md: a year of files, and messages with many kinds of them. */
export const PAST: Past[] = [
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

/** Shares a picture; the words of its message. */
export async function sharePicture(page: Page): Promise<string> {
  const main = page.getByRole('main');
  await main
    .getByLabel('Files to upload')
    .setInputFiles([{ name: 'Sunrise.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(PICTURE) }]);
  await main.getByLabel('Message #general').fill('The new picture for the website :sparkles:');
  await main.getByLabel('Message #general').press('Enter');
  return 'The new picture';
}

/** One message with many things in it, put together on the page as people do. */
export async function shareKinds(page: Page): Promise<string> {
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
  return 'All about the spring';
}

/** An e-mail with attachments in the channel; its subject. */
export function receiveMail({ slack }: Sandbox): string {
  const file = (filename: string, mimetype: string, kilobytes: number) => ({
    ...{ filename, mimetype, content: Buffer.alloc(kilobytes * 1024, filename) },
  });
  slack.mail('general', {
    subject: 'Our offer',
    from: 'Maria Supplier <maria@supplier.example>',
    plain: 'Please find it attached.',
    attachments: [file('Offer.pdf', 'application/pdf', 310), file('Terms.docx', 'application/msword', 80)],
  });
  return 'Our offer';
}

/** All that is to be told is told: a confirmation names its last file. Warnings wait longer, for all files of a day. */
export async function settled({ dir }: Sandbox): Promise<void> {
  const catalog = new DatabaseSync(join(dir, 'vault', 'vault.db'), { readOnly: true, timeout: 5_000 });
  const due = catalog.prepare(
    `select (select count(*) from post where due_at is not null and kind <> 'leaving') + (select count(*) from file where state in ('pending', 'storing')) as n`,
  );
  await until('all is told', () => due.get()?.n === 0);
  catalog.close();
  await sleep(500);
}

/** A canvas that is changed twice. */
export async function versions({ slack, dir }: Sandbox): Promise<void> {
  const catalog = new DatabaseSync(join(dir, 'vault', 'vault.db'), { readOnly: true, timeout: 5_000 });
  const canvas = catalog.prepare(`select file_id as id, version from file where filetype = 'quip'`);
  for (const [at, html] of ['<h1>Spring</h1><p>A website.</p>', '<h1>Spring</h1><p>Done.</p>'].entries()) {
    slack.as('anna').edit(String(canvas.get()?.id), { content: html });
    await until('the version is saved', () => canvas.get()?.version === at + 2);
  }
  catalog.close();
}

/** An offer that people look for by what was said with it, and by what is in it; its name. */
export async function shareOffer({ slack, dir }: Sandbox): Promise<string> {
  const name = 'Offer 2026-114.pdf';
  const content = pdf(
    ['Offer 2026-114', 'For the new office, second floor.'],
    ['Delivery', 'We promise delivery in fourteen days,', 'if the order comes in before the end of June.'],
  );
  const text = 'Here are the desks and chairs for the new office, as we talked about on Monday';
  await slack.as('ben').share('design', { name, mimetype: 'application/pdf', content }, { text });
  const catalog = new DatabaseSync(join(dir, 'vault', 'vault.db'), { readOnly: true, timeout: 5_000 });
  const read = catalog.prepare(`select 1 from reading r join file f on f.file_id = r.file_id
    where f.name = ? and r.state = 'read'`);
  await until('it is read', () => read.get(name) !== undefined);
  catalog.close();
  return name;
}
