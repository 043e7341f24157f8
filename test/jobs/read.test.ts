import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { roomToRead } from '../../src/contents/room.ts';
import { readJob } from '../../src/jobs/read.ts';
import type { Log } from '../../src/log.ts';
import { databases } from '../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../catalog/samples.ts';

const reading = { percent: 50, older: 'always', ocr: [], previews: false };

it('the job takes in files from before it was switched on, and sleeps when that is done', async () => {
  const catalog = await (databases[0] as (typeof databases)[number]).fresh();
  onTestFinished(() => catalog.close());
  await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
  await storeFile(catalog, 'F1');
  const context = (text: 'off' | 'contents') => ({
    vault: { catalog, policy: { text }, now: () => T0 },
    config: { data: { dataDir: '/nowhere' }, reading },
    owner: 'a',
    due: (limit: number) => ({ owner: 'a', limit, leaseMs: 60_000, now: T0 }),
  });
  const off = readJob(context('off') as never);
  expect(await off.claim(1)).toEqual([]);
  expect(await off.nextDueAt()).toBeNull();
  const job = readJob(context('contents') as never);
  expect(await job.claim(1)).toEqual([]);
  expect(await job.nextDueAt()).toBe(T0);
  expect((await job.claim(1))?.map(({ fileId }) => fileId)).toEqual(['F1']);
  expect(await job.nextDueAt()).toBe(T0 + 60_000);
});

it('by day, where older files wait for the night, new ones that are tried again do not, and it sleeps meanwhile', async () => {
  const catalog = await (databases[0] as (typeof databases)[number]).fresh();
  onTestFinished(() => catalog.close());
  const noon = new Date(T0).setHours(12, 0, 0, 0);
  const context = {
    vault: { catalog, policy: { text: 'contents' }, now: () => noon },
    config: { data: { dataDir: '/nowhere' }, reading: { ...reading, older: 'nights' } },
    owner: 'a',
    due: (limit: number) => ({ owner: 'a', limit, leaseMs: 60_000, now: noon }),
  };
  const job = readJob(context as never);
  // Nothing is there from before.
  for (let look = 0; look < 3; look++) await job.claim(1);
  for (const fileId of ['F1', 'F2', 'F3']) {
    await recordShares(catalog, TEAM, [found(fileId, 'C1', T0)], T0);
    await storeFile(catalog, fileId);
  }
  const due = (fileId: string, dueAt: number) =>
    sql`update reading set due_at = ${dueAt} where file_id = ${fileId}`.execute(catalog.db);
  await due('F1', 999_000_000_000);
  await due('F2', noon - 5);
  await due('F3', noon + 5_000);
  expect(await job.nextDueAt()).toBe(noon - 5);
  expect((await job.claim(9))?.map(({ fileId }) => fileId)).toEqual(['F2']);
  expect(await job.nextDueAt()).toBe(noon + 5_000);
  await due('F3', 0);
  expect((await job.claim(9))?.map(({ fileId }) => fileId)).toEqual(['F3']);
  expect(await job.claim(9)).toEqual([]);
  await sql`delete from reading where file_id <> 'F1'`.execute(catalog.db);
  expect(await job.nextDueAt()).toBe(new Date(noon).setHours(20));
  // So do texts of an older reader.
  await due('F1', 1_020_000_000_000);
  expect(await job.claim(9)).toEqual([]);
  expect(await job.nextDueAt()).toBe(new Date(noon).setHours(20));
});

it('with too little memory for letters in pictures, all else is read; with more of it, the pictures from before follow', async () => {
  const catalog = await (databases[0] as (typeof databases)[number]).fresh();
  onTestFinished(() => catalog.close());
  await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
  await recordShares(catalog, TEAM, [found('F2', 'C1', T0, { mimetype: 'image/png' })], T0);
  for (const fileId of ['F1', 'F2']) await storeFile(catalog, fileId);
  const jobWith = (memoryMb: number) => {
    const machine = {
      memory: memoryMb * 1024 ** 2,
      limits: true,
      closesNetwork: true,
      tryOut: async () => {},
    };
    const log = { warn() {} } as unknown as Log;
    const room = roomToRead({ ocr: ['eng'], log, now: () => T0 }, machine);
    return readJob({
      vault: { catalog, policy: { text: 'contents' }, now: () => T0, room },
      config: { data: { dataDir: '/nowhere' }, reading: { ...reading, ocr: ['eng'] } },
      owner: 'a',
      due: (limit: number) => ({ owner: 'a', limit, leaseMs: 60_000, now: T0 }),
    } as never);
  };
  const claimed = async (memoryMb: number) => {
    const job = jobWith(memoryMb);
    const rows = [];
    for (let look = 0; look < 4; look++) rows.push(...((await job.claim(9)) ?? []));
    return rows.map(({ fileId }) => fileId);
  };
  expect(await claimed(512)).toEqual([]);
  expect(await claimed(768)).toEqual(['F1']);
  expect(await claimed(768)).toEqual([]);
  expect(await claimed(1_024)).toEqual(['F2']);
});
