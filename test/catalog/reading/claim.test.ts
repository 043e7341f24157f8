import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { claimReadings, deferReading } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { databases, empty } from '../databases.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

const DAY_MS = 86_400_000;

describe.each(databases)('files to read on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog?.close());
  beforeEach(async () => {
    await empty(catalog);
    while (await startReading(catalog));
  });

  async function store(fileId: string, sharedAt: number): Promise<void> {
    await recordShares(catalog, TEAM, [found(fileId, 'C1', sharedAt)], T0);
    await storeFile(catalog, fileId);
  }
  const claim = async (o: { now?: number; limit?: number; onlyNew?: boolean } = {}) =>
    await claimReadings(catalog, { owner: 'a', limit: 9, leaseMs: 60_000, now: T0, ...o });
  const idsOf = (rows: { fileId: string }[]) => rows.map(({ fileId }) => fileId);

  it('a file that was in hand when a bot ended comes before older ones, and after new ones', async () => {
    await store('F1', T0 - 40 * DAY_MS);
    await store('F2', T0 - 50 * DAY_MS);
    await store('F3', T0);
    const [inHand] = await claim({ limit: 1 });
    if (inHand === undefined) throw new Error('nothing is due');
    expect(inHand.fileId).toBe('F3');
    await deferReading(catalog, inHand, 'a', T0);
    await store('F4', T0);
    const [first, second, third] = [
      await claim({ limit: 1 }),
      await claim({ limit: 2 }),
      await claim({ limit: 9 }),
    ].map(idsOf);
    expect([first, second, third]).toEqual([['F4'], ['F3', 'F1'], ['F2']]);
  });

  it('so does one whose reader was killed, once its lease is over', async () => {
    await store('F1', T0 - 40 * DAY_MS);
    await store('F3', T0);
    await claim({ limit: 1 });
    expect(idsOf(await claim({ limit: 1, now: T0 + 60_000, onlyNew: true }))).toEqual(['F3']);
    expect(idsOf(await claim({ now: T0 + 60_000, onlyNew: true }))).toEqual([]);
    expect(idsOf(await claim({ limit: 1, now: T0 + 120_000 }))).toEqual(['F3']);
    expect(idsOf(await claim({ now: T0 + 120_000 }))).toEqual(['F1']);
  });
});
