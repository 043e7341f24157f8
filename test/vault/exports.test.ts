import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueExports, exportStands } from '../../src/catalog/governance/exports.ts';
import type { Bucket } from '../../src/storage/bucket.ts';
import {
  linkToExport,
  mayHaveExport,
  type OrderedExport,
  orderAuditExport,
  orderManifest,
} from '../../src/vault/exports.ts';
import { empty } from '../catalog/databases.ts';
import { T0 } from '../catalog/samples.ts';
import { ADMIN, ANN, AUDITOR, BEN, EVE, freshCatalog, type World, worldOf } from './governed.ts';

const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
const client = new S3Client({ region: 'us-east-1', credentials });
const bucket = { name: 'vault', client } as unknown as Bucket;

describe('exports, for people', () => {
  let catalog: Catalog;
  let world: World;
  let told: OrderedExport[];
  beforeAll(async () => {
    catalog = await freshCatalog();
  });
  beforeEach(async () => {
    world = await worldOf(catalog, { bucket });
    told = [];
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const tell = async (ordered: OrderedExport) => {
    // No worker was woken to make it yet.
    expect(world.woken).toEqual([]);
    told.push(ordered);
  };
  const manifest = (userId: string, channelId = 'C1') => {
    world.woken.length = 0;
    return orderManifest(world.vault, { userId, channelId, format: 'csv' }, tell);
  };
  const audit = (userId: string, query = '') => {
    world.woken.length = 0;
    return orderAuditExport(world.vault, { userId, channelId: 'C1', query }, tell);
  };
  const due = () => claimDueExports(catalog, { owner: 'w', limit: 9, leaseMs: 1_000, now: T0 });
  const link = (userId: string) =>
    linkToExport(world.vault, { userId, exportId: told[0]?.exportId ?? 'none' });

  /** As the worker leaves it. */
  async function made(state: 'made' | 'gone' = 'made') {
    const [job] = await due();
    if (job === undefined) throw new Error('nothing is due');
    const object = { objectKey: state === 'made' ? 'exports/1.csv' : null, madeAt: T0 };
    await exportStands(catalog, job, 'w', { state, ...object, dueAt: null });
    return job;
  }

  it('a channel’s list is for those who see the channel, and those who oversee the vault', async () => {
    await expect(manifest(EVE)).rejects.toMatchObject({ code: 'not_a_member' });
    await expect(manifest(ANN, 'C2')).rejects.toMatchObject({ code: 'not_a_member' });
    expect(await due()).toEqual([]);
    await manifest(ANN);
    await manifest(AUDITOR, 'C2');
    expect(told).toMatchObject([
      { kind: 'manifest', format: 'csv', channelId: 'C1', requestedAt: T0 },
      { kind: 'manifest', format: 'csv', channelId: 'C2', requestedAt: T0 },
    ]);
    expect(world.woken).toEqual(['all']);
    expect((await due()).map(({ requestedBy }) => requestedBy).sort()).toEqual([ANN, AUDITOR].sort());
  });

  it('where the bot was removed, only those who oversee the vault get one', async () => {
    world.botIn.delete('C1');
    await expect(manifest(ANN)).rejects.toMatchObject({ code: 'bot_removed' });
    await manifest(AUDITOR);
    expect(told).toHaveLength(1);
  });

  it('the audit log is for admins and auditors, and what they type must be a valid filter', async () => {
    for (const userId of [ANN, EVE])
      await expect(audit(userId, 'nonsense:')).rejects.toMatchObject({ code: 'admins_only' });
    await expect(audit(ADMIN, 'nonsense:')).rejects.toMatchObject({ code: 'bad_audit_filter' });
    expect(told).toEqual([]);
    await audit(AUDITOR, 'action:link');
    expect(told).toMatchObject([{ kind: 'audit', format: 'csv', channelId: 'C1' }]);
    expect(await due()).toMatchObject([{ kind: 'audit', filter: { action: 'link' }, requestedBy: AUDITOR }]);
  });

  it('nobody gets the same twice at once, nor more than forty in a day', async () => {
    await manifest(BEN);
    await expect(manifest(BEN)).rejects.toMatchObject({ code: 'export_under_way' });
    await made();
    for (let n = 2; n <= 40; n++) {
      await manifest(BEN);
      await made();
    }
    await expect(manifest(BEN)).rejects.toMatchObject({
      ...{ code: 'too_many_exports', message: expect.stringContaining('more than 40 exports') },
    });
  });

  it('a link is only for the person who asked, while they may have it and the export exists', async () => {
    await manifest(ANN);
    await expect(link(ANN)).rejects.toMatchObject({ code: 'export_gone' });
    const job = await made();
    for (const userId of [BEN, EVE, ADMIN, AUDITOR])
      await expect(link(userId)).rejects.toMatchObject({ code: 'no_such_export' });
    const { url, ...rest } = await link(ANN);
    expect(rest).toMatchObject({ minutes: 15, job: { exportId: job.exportId, objectKey: 'exports/1.csv' } });
    expect(new URL(url).pathname).toBe('/exports/1.csv');
    expect(await mayHaveExport(world.vault, job)).toBe(true);
    world.botIn.delete('C1');
    expect(await mayHaveExport(world.vault, job)).toBe(false);
    await expect(link(ANN)).rejects.toMatchObject({ code: 'no_such_export' });
  });

  it('an unknown id is refused like another person’s, and a removed export says so', async () => {
    await expect(link(ANN)).rejects.toMatchObject({ code: 'no_such_export' });
    await manifest(ANN);
    await made('gone');
    await expect(link(ANN)).rejects.toMatchObject({ code: 'export_gone' });
  });
});
