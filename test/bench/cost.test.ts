import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { billOf, slackLoad, TEN_THOUSAND } from '../../bench/cost/bill.ts';
import { costTables, keptCounts, tablesIn, withTables } from '../../bench/cost/kept.ts';
import { priceOf, S3_STANDARD } from '../../bench/cost/prices.ts';
import type { Counts } from '../../bench/cost/scenes.ts';
import { billTable } from '../../bench/cost/tables.ts';
import { cost } from '../../bench/parts/cost.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/cost.md'), 'utf8');

/** Round numbers, for arithmetic that can be done by hand. */
function counts(): Counts {
  const counted = { s3: { PutObject: 1 }, slack: { 'chat.postMessage': 1 }, events: { message: 3 } };
  const nothing = { s3: {}, slack: {}, events: {} };
  const home = { ...nothing, slack: { 'users.conversations': 2, 'users.info': 1 } };
  return {
    ...{ start: nothing, burst: nothing, thread: nothing, reconnect: nothing },
    ...{ idle: { seconds: 1, counted: nothing }, home: { cold: home, warm: nothing, change: nothing } },
    captures: [
      { bytes: 2 ** 20, counted },
      { bytes: 2 ** 30, counted: { ...counted, s3: { UploadPart: 100 } } },
    ],
    sweep: { channels: 5, slack: { 'conversations.history': 5, 'users.conversations': 1 } },
    commands: [{ line: '/vault find x', person: 'anna', cold: home, warm: nothing }],
    download: { ...nothing, s3: { GetObject: 1 } },
    probe: { ...nothing, s3: { HeadBucket: 1 } },
    journal: { files: 10, bytes: 10 * 2 ** 20, requests: {} },
    chores: { ...nothing, s3: { ListMultipartUploads: 1, ListObjectsV2: 2 } },
  };
}

test('the bill is what the formula says', () => {
  const usage = { ...TEN_THOUSAND, filesAMonth: 2 ** 20, meanFileBytes: 2 ** 20, downloadsAMonth: 2_000_000 };
  const prices = { ...S3_STANDARD, writes: 0.005, reads: 0.0004, storage: 0.02, transferOut: 0 };
  const lines = billOf(counts(), usage, prices);
  const cost = (what: string, month: number) => lines.find((line) => line.what.startsWith(what))?.cost(month);
  // A month brings 1,024 GB: half of that in the first, eleven and a half times that in the twelfth.
  expect(cost('Storage of the files', 1)).toBeCloseTo(512 * 0.02);
  expect(cost('Storage of the files', 12)).toBeCloseTo(11.5 * 1_024 * 0.02);
  expect(cost('Storage of the journal', 1)).toBeCloseTo(2 * 512 * 0.02);
  expect(cost('Storing the files', 7)).toBeCloseTo((2 ** 20 / 1_000) * 0.005);
  expect(cost('Writing the journal', 7)).toBeCloseTo(87.6 * 0.005);
  expect(cost('Comparing', 1)).toBeCloseTo((365 / 12) * (1_049 + 1) * 0.000_005);
  expect(cost('Clearing', 1)).toBeCloseTo((365 / 3) * 0.000_005);
  expect(cost('Asking', 1)).toBeCloseTo(262.8 * 0.0004);
  expect(cost('Downloads', 1)).toBeCloseTo(2_000 * 0.0004);
});

test('Slack’s load is what the formula says', () => {
  const usage = {
    ...{ ...TEN_THOUSAND, filesAMonth: 1_000, messagesAMonth: 10_000, workingHours: 10, channels: 120 },
    ...{ searchesAMonth: 300, homesAMonth: 150 },
  };
  const load = slackLoad(counts(), usage).map(({ perMinute }) => perMinute);
  expect(load).toEqual([(10_000 + 2_000) / 600, 1_000 / 600, (600 + 300) / 600, (300 + 150) / 600, 2, 0, 0]);
});

test('each operation has its price', () => {
  const priced = (...names: string[]) => new Set(names.map(priceOf));
  expect(priced('PutObject', 'UploadPart', 'ListObjectsV2', 'ListMultipartUploads', 'CopyObject')).toEqual(
    new Set(['writes']),
  );
  expect(priced('GetObject', 'HeadObject', 'HeadBucket', 'GetBucketVersioning')).toEqual(new Set(['reads']));
  expect(priced('DeleteObject', 'DeleteObjects', 'AbortMultipartUpload')).toEqual(new Set(['free']));
});

test('tables are written into their place and nothing else of the page changes', () => {
  const other = withTables(page, '\n$& $1 other\n');
  expect(tablesIn(other)).toBe('\n$& $1 other\n');
  expect(withTables(other, tablesIn(page))).toBe(page);
});

test('docs/cost.md shows what was counted, and its sums are right', () => {
  expect(tablesIn(page)).toBe(costTables(keptCounts()));
  const { rows } = billTable(keptCounts());
  const lines = rows.slice(0, -1);
  for (const column of [2, 3, 4]) {
    const together = Number(rows.at(-1)?.[column]?.replaceAll('*', ''));
    const summed = lines.reduce((sum, row) => sum + Number(row[column]), 0);
    expect(Math.abs(together - summed)).toBeLessThan(0.005 * lines.length + 0.005);
  }
  expect(page).toContain(S3_STANDARD.asOf);
});

test('the bot asks for no more than docs/cost.md says; when it does, `npm run bench -- cost` counts anew', async () => {
  const { numbers, tables } = await cost.run({ short: true, say() {} });
  const [now, kept] = [numbers as Counts, keptCounts()];
  expect(tables.map(({ rows }) => rows.length > 0)).toEqual([true, true, true, true]);
  const [capture] = now.captures;
  expect(capture).toEqual(kept.captures.find(({ bytes }) => bytes === capture?.bytes));
  for (const scene of ['start', 'sweep', 'home', 'download', 'probe', 'reconnect', 'chores'] as const)
    expect({ scene, ...now[scene] }).toEqual({ scene, ...kept[scene] });
  expect(now.burst.s3).toEqual({ PutObject: 10 });
  expect(now.idle.counted).toEqual({ s3: {}, slack: {}, events: {} });
  for (const command of now.commands)
    expect(command).toEqual(kept.commands.find(({ line }) => line === command.line));
});
