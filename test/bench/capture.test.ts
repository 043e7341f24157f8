import { expect, test } from 'vitest';
import { capture } from '../../bench/parts/capture.ts';
import { small } from '../../bench/parts/small.ts';

const quietly = { short: true, say: () => {} };

test('all sides copy files of several sizes, each in one request of ours', async () => {
  const { tables, numbers } = await capture.run(quietly);
  const [http] = numbers as Array<{ sizes: Array<{ cpuMs: object; requests: Record<string, number> }> }>;
  expect(http?.sizes.length).toBeGreaterThan(1);
  for (const { cpuMs, requests } of http?.sizes ?? []) {
    expect(Object.keys(cpuMs)).toEqual(
      expect.arrayContaining(['vault', 'vault-bytes', 'floor', 'tutorial', 'lib-storage']),
    );
    expect(requests.vault).toBe(1);
  }
  for (const { columns, rows } of tables) for (const row of rows) expect(row).toHaveLength(columns.length);
});

test('small files go through at each concurrency', async () => {
  const { tables } = await small.run(quietly);
  expect(tables[0]?.rows.map(([atOnce]) => atOnce)).toEqual(['1', '8', '32']);
  for (const cell of tables[0]?.rows.flat() ?? []) expect(Number(cell)).toBeGreaterThan(0);
});
