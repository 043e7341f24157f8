import { expect, test } from 'vitest';
import { type Imported, measureEntries, measureRows } from '../../bench/import/measure.ts';
import { imports } from '../../bench/parts/import.ts';

test('the benchmark of imports writes archives that come in whole', async () => {
  // More than fit into one day of a channel, and more entries than a zip file without zip64 can list.
  expect(await measureRows(250)).toMatchObject({ files: 250, shares: 250 });
  const { files, seconds, grownBytes } = await measureEntries(70_000);
  expect(files).toBe(0);
  expect(Math.min(seconds, grownBytes)).toBeGreaterThan(0);
}, 60_000);

test('the benchmark of imports tells what it found', async () => {
  const { numbers, marks, tables } = await imports.run({ short: true, say() {} });
  expect((numbers as { rows: Imported }).rows.files).toBe(1_000);
  expect(tables[0]?.rows).toHaveLength(2);
  expect(marks.map(({ unit }) => unit)).toEqual(['ms', 'MB']);
}, 120_000);
