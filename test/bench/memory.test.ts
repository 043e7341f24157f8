import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeDueCatalog } from '../../bench/memory/due-catalog.ts';
import type { Watched } from '../../bench/memory/measure.ts';
import { memory } from '../../bench/parts/memory.ts';
import { openCatalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles } from '../../src/catalog/files/capture.ts';
import { channelsOfFile } from '../../src/catalog/files/lookup.ts';

test('a catalog with copies of what is due: each file is due once, with its share', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-due-'));
  try {
    const files = ['F1', 'F2'].map((key) => ({ url: `http://127.0.0.1:9/${key}`, bytes: 7, key }));
    await makeDueCatalog(dataDir, files, 3);
    const catalog = await openCatalog({ dataDir });
    const claim = { owner: 'a', limit: 100, leaseMs: 1_000, now: Date.now() };
    const rows = await claimDueFiles(catalog, claim);
    const channels = await channelsOfFile(catalog, { teamId: 'T0BENCH', fileId: 'F2-2' });
    await catalog.close();
    expect(rows.map(({ fileId }) => fileId).sort()).toEqual(['F1', 'F1-1', 'F1-2', 'F2', 'F2-1', 'F2-2']);
    expect(rows.every(({ url, size }) => url?.startsWith('http://127.0.0.1:9/F') && size === 7)).toBe(true);
    expect(channels).toEqual(['C1']);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test('the benchmark of memory captures, is stopped, and never has more rows in hand than it works on', async () => {
  const { numbers, tables, marks } = await memory.run({ short: true, say() {} });
  const { all, waiting } = numbers as Record<'all' | 'waiting', { atOnce: number; seen: Watched }[]>;
  expect(all).toHaveLength(5);
  for (const { seen } of [...all, ...waiting])
    expect(seen.peak.rss).toBeGreaterThanOrEqual(seen.held.heapUsed);
  expect(all[2]?.seen).toMatchObject({ isComplete: true, begun: 4, stored: 4 });
  expect(all[2]?.seen.bytes).toBeGreaterThanOrEqual(4 * 16 * 2 ** 20);
  expect(all[2]?.seen.requests).toEqual({ PutObject: 4 });
  expect(waiting.map(({ seen }) => seen.mostInHand)).toEqual([8, 8]);
  expect(tables.map(({ rows }) => rows.length)).toEqual([5, 2]);
  expect(marks.map(({ limit }) => limit)).toEqual([100, 8]);
});
