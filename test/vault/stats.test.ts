import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { trashFile } from '../../src/catalog/files/trash.ts';
import type { GrowthMonth } from '../../src/charts/growth.ts';
import { S3_STANDARD_PER_GB } from '../../src/config.ts';
import type { Log } from '../../src/log.ts';
import type { Vault } from '../../src/vault/context.ts';
import { growthPicture, vaultStats } from '../../src/vault/stats.ts';
import { empty } from '../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../catalog/samples.ts';
import { ADMIN, ANN, BEN, EVE, freshCatalog, worldOf } from './governed.ts';

describe('how much the vault holds, for people', () => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await freshCatalog();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  async function share(fileId: string, channelId: string, uploaderId: string, bytes: number) {
    await recordShares(catalog, TEAM, [found(fileId, channelId, T0, { uploaderId })], T0);
    await storeFile(catalog, fileId, { bytes });
  }
  async function read(userId: string, pricePerGb = 0) {
    const { vault } = await worldOf(catalog, { policy: { pricePerGb } });
    return vaultStats(vault, { userId, limit: 5 });
  }

  it('each person is told about what they could see in Slack, an admin about everything', async () => {
    await share('F1', 'C1', ANN, 100);
    await share('F2', 'C2', BEN, 20);
    await share('F3', 'C0ELSEWHERE', ANN, 3);
    await share('F4', 'C0ELSEWHERE', ANN, 4_000);
    const trashed = { ref: { teamId: TEAM, fileId: 'F4' }, actorId: ANN, channelId: 'C1' };
    await trashFile(catalog, { ...trashed, purgeAt: T0 + 1_000, now: T0 });
    expect(await read(EVE)).toMatchObject({
      ...{ whole: false, total: { files: 0, bytes: 0 }, own: { files: 0 }, channels: [], people: [] },
      ...{ trash: null, cost: null },
    });
    expect(await read(ANN)).toMatchObject({
      ...{ whole: false, total: { files: 1, bytes: 100 }, own: { files: 2, bytes: 103 }, trash: null },
      channels: [{ name: 'C1', files: 1 }],
    });
    expect(await read(ADMIN)).toMatchObject({
      ...{
        whole: true,
        total: { files: 3, bytes: 123 },
        own: { files: 0 },
        trash: { files: 1, bytes: 4_000 },
      },
      channels: [{ name: 'C1' }, { name: 'C2' }],
    });
  });

  it('the cost includes the trash for those who may know of it, and needs a price', async () => {
    await share('F1', 'C1', ANN, 100);
    expect((await read(ANN, S3_STANDARD_PER_GB)).cost).toMatchObject({
      ...{ bytes: 100, newFiles: 1, perGb: S3_STANDARD_PER_GB, isListPrice: true },
    });
    expect((await read(ADMIN, 1)).cost).toMatchObject({ bytes: 100, perGb: 1, isListPrice: false });
    expect((await read(ADMIN)).cost).toBeNull();
  });

  it('the numbers are shown even when the picture cannot be made', async () => {
    const drawn: GrowthMonth[][] = [];
    const charts = (url: () => string): Vault['charts'] =>
      ({
        async growth(months: GrowthMonth[]) {
          drawn.push(months);
          return url();
        },
      }) as unknown as Vault['charts'];
    const warned: unknown[] = [];
    const log = { warn: (about: unknown) => warned.push(about) } as unknown as Log;
    const nothing = await read(ANN);
    const { vault } = await worldOf(catalog, { charts: charts(() => 'https://bucket/picture'), log });
    expect(await growthPicture(vault, nothing)).toBeNull();
    expect(drawn).toEqual([]);
    await share('F1', 'C1', ANN, 100);
    const numbers = await read(ANN);
    expect(await growthPicture(vault, numbers)).toBe('https://bucket/picture');
    expect(drawn).toEqual([numbers.growth]);
    const failing = charts(() => {
      throw new Error('no canvas');
    });
    expect(await growthPicture({ ...vault, charts: failing }, numbers)).toBeNull();
    expect(warned).toMatchObject([{ code: 'unexpected' }]);
  });
});
