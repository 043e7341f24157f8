import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../sandbox.ts';

const MONTH_MS = 30 * 24 * 60 * 60_000;

/** Who shared what where, and how many months ago. */
export type Past = readonly [who: string, channel: string, name: string, kilobytes: number, months: number];

/** Enough files that a list has pages, and among them the ones that the jobs are about. */
export const OFFICE: readonly Past[] = [
  ['ben', 'design', 'Brand guidelines.pdf', 29, 11],
  ['carla', 'general', 'Budget 2026.xlsx', 42, 8],
  ['ben', 'general', 'Onboarding handbook.pdf', 31, 6],
  ['anna', 'general', 'Customer interviews.docx', 9, 2],
  ...Array.from({ length: 12 }, (_, at) => ['ben', 'general', `Photo ${at + 1}.jpg`, 3, 1] as const),
  ['anna', 'general', 'Old draft.txt', 1, 0],
  ['anna', 'general', 'Minutes.txt', 1, 0],
  ['anna', 'general', 'Seating plan.txt', 1, 0],
  ['anna', 'general', 'Release plan.pptx', 33, 0],
];

/** Shares files, waits until they are saved and confirmed, and dates them back in the bot's catalog. */
export async function sharePast({ slack, dir }: Sandbox, past: readonly Past[]): Promise<void> {
  await until('the bot is there', () => slack.as('anna').workspace().bot.connected);
  const ages = new Map<string, number>();
  for (const [who, channel, name, kilobytes, months] of past) {
    const content = Buffer.alloc(kilobytes * 1024, name);
    const { files } = await slack.as(who).share(channel, { name, content });
    ages.set(files[0] as string, months);
  }
  const catalog = new DatabaseSync(join(dir, 'vault', 'vault.db'), { timeout: 5_000 });
  try {
    const stored = catalog.prepare(`select count(*) as n from file where state = 'stored'`);
    await until('the files are saved', () => Number(stored.get()?.n) >= past.length);
    // Confirmations come a second apart; they belong to the past as well.
    const due = catalog.prepare('select count(*) as n from post where due_at is not null');
    await until('all is confirmed', () => due.get()?.n === 0);
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

export async function until(what: string, probe: () => unknown): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (await probe()) return;
    await sleep(100);
  }
  throw new Error(`waited a minute in vain until ${what}`);
}
