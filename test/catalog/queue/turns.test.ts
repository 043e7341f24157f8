import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { claimDueFiles } from '../../../src/catalog/files/capture.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { claimDuePosts } from '../../../src/catalog/notices/notices.ts';
import { databases, empty } from '../databases.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

describe.each(databases)('turns of channels on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const record = (fileIds: string[], channelId: string, dueAt: number) =>
    recordShares(
      catalog,
      TEAM,
      fileIds.map((fileId) => ({ ...found(fileId, channelId, T0), dueAt })),
      T0,
    );
  const claim = async (limit: number, turns = { last: '' }, now = T0 + 100) =>
    (await claimDueFiles(catalog, { owner: 'a', limit, leaseMs: 9_000, now }, turns)).map(
      ({ fileId }) => fileId,
    );

  test('files of other channels do not wait until a flood is over', async () => {
    const turns = { last: '' };
    await record(['A1', 'A2', 'A3', 'A4', 'A5', 'A6'], 'CA', T0);
    expect(await claim(1, turns)).toEqual(['A1']);
    await record(['B1', 'B2'], 'CB', T0 + 10);
    await record(['C1'], 'CC', T0 + 20);
    const order: string[] = [];
    for (let i = 0; i < 9; i++) order.push(...(await claim(1, turns)));
    expect(order).toEqual(['B1', 'C1', 'A2', 'B2', 'A3', 'A4', 'A5', 'A6']);
  });

  test('the channels share the hands, and no hand stays idle', async () => {
    await record(['A1', 'A2', 'A3', 'A4', 'A5'], 'CA', T0);
    await record(['B1', 'B2', 'B3'], 'CB', T0 + 10);
    expect((await claim(4)).sort()).toEqual(['A1', 'A2', 'B1', 'B2']);
    expect((await claim(4)).sort()).toEqual(['A3', 'A4', 'A5', 'B3']);
  });

  test('a channel where nothing is due yet has no turn', async () => {
    await record(['A1', 'A2'], 'CA', T0 + 500);
    await record(['B1', 'B2'], 'CB', T0);
    await record(['C1', 'C2'], 'CC', T0 + 500);
    expect(await claim(1, { last: 'CB' })).toEqual(['B1']);
    expect(await claim(1, { last: 'CB' })).toEqual(['B2']);
    expect(await claim(1, { last: 'CB' })).toEqual([]);
  });

  test('two who claim at the same time never get the same', async () => {
    const fileIds = Array.from({ length: 12 }, (_, i) => `F${i}`);
    await record(fileIds.slice(0, 9), 'CA', T0);
    await record(fileIds.slice(9), 'CB', T0);
    const claimed: string[] = [];
    for (let round = 0; round < 20 && claimed.length < 12; round++)
      claimed.push(...(await Promise.all([claim(2), claim(2), claim(2)])).flat());
    expect(claimed.sort()).toEqual(fileIds.sort());
  });

  test('confirmations take turns as well', async () => {
    await record(['A1'], 'CA', T0);
    await storeFile(catalog, 'A1', { confirm: 'reaction' });
    await record(['B1'], 'CB', T0);
    await storeFile(catalog, 'B1', { confirm: 'reaction', now: T0 + 10 });
    const one = { owner: 'a', limit: 1, leaseMs: 9_000, now: T0 + 5_000 };
    const posts = await claimDuePosts(catalog, one, { last: 'CA' });
    expect(posts.map(({ channelId }) => channelId)).toEqual(['CB']);
  });
});
