import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { start } from '../../bench/parts/start.ts';
import type { Start } from '../../bench/start/measure.ts';

test('the benchmark of starts starts the bot in three ways, and knows what each took', async () => {
  const { numbers, tables, marks } = await start.run({ short: true, say() {} });
  const { files, node, ...sides } = numbers as { files: number; node: number[] } & Record<string, Start[]>;
  expect(files).toBe(1_000);
  expect(node).toHaveLength(1);
  expect(Object.keys(sides)).toEqual(['first', 'empty', 'full']);
  for (const [one] of Object.values(sides)) {
    const { sources, catalog, rest } = (one as Start).phases;
    expect(Math.min(sources, catalog, rest)).toBeGreaterThan(0);
    expect(sources + catalog + rest).toBeCloseTo((one as Start).ms, 3);
    expect((one as Start).cpuSeconds).toBeGreaterThan(0.1);
    expect((one as Start).rssBytes).toBeGreaterThan(2 ** 25);
  }
  expect(tables[0]?.rows).toHaveLength(3);
  expect(marks).toHaveLength(2);
  // What the parts of a run share is there until the run ends.
  expect(existsSync(process.env.BENCH_FOLDER as string)).toBe(true);
}, 120_000);
