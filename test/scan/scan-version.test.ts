// @slow: a bucket and a scanner of its own for each test.
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { claimScans, scanOf, wantScan } from '../../src/catalog/scan/rows.ts';
import { ScannerError, type Verdict } from '../../src/scan/answers.ts';
import { scanVersion } from '../../src/scan/scan-version.ts';
import type { Scanner } from '../../src/scan/scanner.ts';
import { DAY_MS } from '../../src/time.ts';
import { TEAM } from '../catalog/samples.ts';
import { ANNA, openWorld, type World } from '../vault/world.ts';

let world: World;
let clock: number;
let isThere = true;
const BYTES = Buffer.from('the bytes that were stored');
const SHA = createHash('sha256').update(BYTES).digest('hex');
const REF = { teamId: TEAM, fileId: 'F1', version: 1 };

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.catalog.db.deleteFrom('scan').execute();
  await world.channel('G1', [ANNA]);
  await world.share('F1', 'G1');
  await world.catalog.db.updateTable('file').set({ sha256: SHA, storedBytes: BYTES.length }).execute();
  Object.assign(world.bucketSays, { status: 200, body: String(BYTES) });
  world.vault.bucket.place = { name: 'the-bucket', endpointHost: null };
  isThere = true;
  clock = world.vault.now();
  await wantScan(world.catalog, { ...REF, sha256: SHA }, { storedAt: clock, now: clock });
});

/** Works on what is due, as the bot does, with a scanner that reads everything and says this. */
async function scan(says: Verdict | ScannerError, work: 'scan' | 'rescan' = 'scan') {
  const { catalog, bucket, log } = world.vault;
  const seen: string[] = [];
  const scanner = {
    nextLookAt: () => clock + 7_000,
    isThere: async () => isThere,
    facts: () => ({ version: { text: 'V2' } }),
    async scan(_bytes: number, open: () => Promise<NodeJS.ReadableStream>) {
      seen.push(String(await buffer((await open()) as never)));
      if (says instanceof ScannerError) throw says;
      return { verdict: says, version: 'V2' };
    },
  } as unknown as Scanner;
  const rows = await claimScans(catalog, work, { owner: 'a', limit: 9, leaseMs: 60_000, now: clock });
  const options = { catalog, bucket, scanner, owner: 'a', leaseMs: 60_000, log, now: () => clock };
  for (const row of rows) await scanVersion(options, row, new AbortController().signal);
  const [row] = await catalog.db
    .selectFrom('scan')
    .select(['dueAt', 'leaseOwner', 'broke', 'state'])
    .execute();
  return { seen, rows: rows.length, row };
}

const standing = () => scanOf(world.catalog, { ...REF, sha256: SHA });
const BROKE = new ScannerError('scanner_away', 'it broke', { midway: true });

it('gives the scanner the bytes of just this version, and writes down what it says', async () => {
  const { seen, row } = await scan({ kind: 'clean' });
  expect(seen).toEqual([String(BYTES)]);
  expect(row).toMatchObject({ state: 'clean', leaseOwner: null });
  expect(row?.dueAt).toBeGreaterThan(clock + 150 * DAY_MS);
  expect(await standing()).toMatchObject({ state: 'clean', scannedWith: 'V2' });
});

it('a scanner that is away costs the file nothing', async () => {
  for (let i = 0; i < 9; i++) {
    const { row } = await scan(new ScannerError('scanner_away', 'nobody listens'));
    expect(row).toEqual({ state: 'waiting', dueAt: clock + 7_000, leaseOwner: null, broke: 0 });
    clock += 7_000;
  }
});

it('a file on which the scanner breaks four times could not be checked, and is tried again the next day', async () => {
  for (let breaks = 1; breaks < 4; breaks++) {
    const { row } = await scan(BROKE);
    expect(row).toMatchObject({ state: 'waiting', broke: breaks, leaseOwner: null });
    clock = row?.dueAt as number;
  }
  const { row } = await scan(BROKE);
  expect(row).toMatchObject({ state: 'unscanned', dueAt: clock + DAY_MS });
  expect(await standing()).toMatchObject({ reason: 'broke' });
  clock += DAY_MS;
  expect((await scan({ kind: 'clean' }, 'rescan')).row).toMatchObject({ state: 'clean', broke: 0 });
});

it('a scanner that can read no file at all costs this one nothing; one that reads others counts', async () => {
  const full = new ScannerError('scanner_failed', 'no room', { midway: true });
  isThere = false;
  for (let i = 0; i < 9; i++) {
    const { row } = await scan(full);
    expect(row).toMatchObject({ state: 'waiting', broke: 0 });
    clock = row?.dueAt as number;
  }
  isThere = true;
  expect((await scan(full)).row).toMatchObject({ state: 'waiting', broke: 1 });
});

it.each([
  [503, 'SlowDown'],
  [500, 'InternalError'],
])(
  'a bucket that is away (%i) costs the file nothing',
  async (status, code) => {
    Object.assign(world.bucketSays, { status, body: `<Error><Code>${code}</Code></Error>` });
    for (let i = 0; i < 5; i++) {
      const { row } = await scan({ kind: 'clean' });
      expect(row).toMatchObject({ state: 'waiting', broke: 0 });
      expect(row?.dueAt).toBeGreaterThan(clock);
      clock = row?.dueAt as number;
    }
  },
  60_000,
);

it('a file in an archive of the bucket is asked for once, not every hour', async () => {
  Object.assign(world.bucketSays, { status: 403, body: '<Error><Code>InvalidObjectState</Code></Error>' });
  const { row } = await scan({ kind: 'clean' });
  expect(row).toMatchObject({ state: 'unscanned' });
  expect(row?.dueAt).toBeGreaterThan(clock + 150 * DAY_MS);
  expect(await standing()).toMatchObject({ reason: 'archived' });
});

it('a clean file on which a later scan breaks stays clean', async () => {
  await scan({ kind: 'clean' });
  await world.catalog.db.updateTable('scan').set({ dueAt: clock, broke: 3 }).execute();
  expect((await scan(BROKE, 'rescan')).row).toMatchObject({ state: 'clean', dueAt: clock + DAY_MS });
});

it.each([
  ['other bytes', 'the bytes that were stolen'],
  ['fewer bytes', 'the bytes'],
  ['more bytes', `${BYTES} and more`],
])('the scanner does not vouch for %s than those that were stored', async (_, body) => {
  Object.assign(world.bucketSays, { body });
  for (let i = 0; i < 4; i++) {
    const { row } = await scan({ kind: 'clean' });
    clock = row?.dueAt as number;
  }
  expect(await standing()).toMatchObject({ state: 'unscanned', reason: 'unreadable' });
});

it('what is gone is forgotten; what is being captured again keeps its verdict', async () => {
  await scan({ kind: 'infected', signature: 'Evil' });
  await world.catalog.db.updateTable('scan').set({ dueAt: clock }).execute();
  await world.catalog.db.updateTable('file').set({ objectKey: null }).execute();
  expect((await scan({ kind: 'clean' }, 'rescan')).row).toMatchObject({
    state: 'infected',
    dueAt: clock + DAY_MS,
  });
  await world.catalog.db.updateTable('scan').set({ dueAt: clock, leaseOwner: null }).execute();
  await world.catalog.db.updateTable('file').set({ state: 'purged' }).execute();
  expect(await scan({ kind: 'clean' }, 'rescan')).toEqual({ seen: [], rows: 1, row: undefined });
});
