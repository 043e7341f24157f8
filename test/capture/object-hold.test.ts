import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { holdObject } from '../../src/capture/object-hold.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { inTransaction } from '../../src/catalog/db/transaction.ts';
import { addFoundVersion } from '../../src/catalog/files/found-versions.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { liftHold, setHold } from '../../src/catalog/governance/holds.ts';
import {
  bucketHolds,
  claimDueObjectHolds,
  nextObjectHoldDueAt,
  type ObjectHold,
  wantObjectHold,
} from '../../src/catalog/governance/object-holds.ts';
import { createLog } from '../../src/log.ts';
import { databases, empty } from '../catalog/databases.ts';
import { found, sampleObject, storeFile, T0, TEAM } from '../catalog/samples.ts';

const [sqlite] = databases;
const F1 = { teamId: TEAM, fileId: 'F1' };
const KEY = 'vault/F1';

let catalog: Catalog;
let now: number;
/** The objects that the bucket has, and whether each is under a legal hold. */
let bucket: Map<string, boolean>;
/** What the bucket was told. */
let told: string[];
/** The error when the bucket is told, if any. */
let failure: 'before' | 'after' | null;
/** The object goes between the look and the hold. */
let goes: boolean;
const log = createLog('error', { write: () => {} });

beforeAll(async () => {
  catalog = await (sqlite as (typeof databases)[number]).fresh();
});
afterAll(() => catalog.close());
beforeEach(async () => {
  await empty(catalog);
  [now, bucket, told, failure, goes] = [T0, new Map([[KEY, false]]), [], null, false];
  await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
});

const look = (wasHeld: boolean) =>
  inTransaction(catalog, (scope) => wantObjectHold(scope, F1, { wasHeld, now }));

async function hold(): Promise<string> {
  const scope = { personId: null, channelId: 'C1', fileId: null, sharedFrom: null, sharedUntil: null };
  const { holdId } = await setHold(catalog, { teamId: TEAM, scope, reason: 'r', actorId: 'U9', now });
  await look(false);
  return holdId;
}

async function lift(holdId: string): Promise<void> {
  await liftHold(catalog, { teamId: TEAM, holdId, actorId: 'U9', now });
  await look(true);
}

/** Works on the due row, if there is one, as the job does. */
async function work(): Promise<boolean> {
  const [row] = await claimDueObjectHolds(catalog, { owner: 'w', limit: 1, leaseMs: 60_000, now });
  if (row === undefined) return false;
  const options = {
    ...{ catalog, owner: 'w', log, now: () => now },
    legalHoldOf: async ({ key }: { key: string }) => bucket.get(key) ?? null,
    async setLegalHold({ key }: { key: string }, isOn: boolean) {
      if (failure === 'before') throw new Error('no bucket');
      if (goes) return false;
      told.push(`${key} ${isOn ? 'on' : 'off'}`);
      bucket.set(key, isOn);
      if (failure === 'after') throw new Error('the answer was lost');
      return true;
    },
  };
  await holdObject(options, row as ObjectHold & { id: number; attempts: number });
  return true;
}

/** Lets the time pass until the next row is due, and works on it. */
async function workLater(): Promise<void> {
  now = (await nextObjectHoldDueAt(catalog)) ?? now;
  expect(await work()).toBe(true);
}

test('the object of a held file is held in the bucket, and free when the hold is lifted', async () => {
  await storeFile(catalog, 'F1');
  const holdId = await hold();
  await work();
  expect(told).toEqual([`${KEY} on`]);
  expect(await work()).toBe(false);
  await lift(holdId);
  await work();
  expect(told).toEqual([`${KEY} on`, `${KEY} off`]);
  expect(await nextObjectHoldDueAt(catalog)).toBeNull();
});

test('a legal hold that somebody else has set is left alone, now and later', async () => {
  bucket.set(KEY, true);
  await storeFile(catalog, 'F1');
  const holdId = await hold();
  await work();
  await lift(holdId);
  await work();
  expect([told, bucket.get(KEY)]).toEqual([[], true]);
});

test('what the bucket does not take is tried again', async () => {
  await storeFile(catalog, 'F1');
  await hold();
  failure = 'before';
  await work();
  expect(await nextObjectHoldDueAt(catalog)).toBeGreaterThan(now);
  failure = null;
  await workLater();
  expect(told).toEqual([`${KEY} on`]);
});

test('a legal hold whose answer was lost is the vault’s own, and comes off again', async () => {
  await storeFile(catalog, 'F1');
  const holdId = await hold();
  failure = 'after';
  await work();
  failure = null;
  await workLater();
  await lift(holdId);
  await work();
  expect(told).toEqual([`${KEY} on`, `${KEY} off`]);
});

test('a file that waits to be stored has no object to hold yet; one that is being stored is waited for', async () => {
  const holdId = await hold();
  await work();
  expect(told).toEqual([]);
  await storeFile(catalog, 'F1');
  while (await work());
  expect(told).toEqual([`${KEY} on`]);
  await lift(holdId);
  await work();
  expect(bucket.get(KEY)).toBe(false);
});

test('an object that is gone is no error', async () => {
  bucket.clear();
  await storeFile(catalog, 'F1');
  await hold();
  await work();
  expect(told).toEqual([]);
  expect(await nextObjectHoldDueAt(catalog)).toBeNull();
});

describe('what the bucket holds', () => {
  const holds = () => bucketHolds(catalog, TEAM);

  test('counts only what was read back: not what waits, and not what the bucket did not do', async () => {
    for (const id of ['F1', 'F2']) {
      await recordShares(catalog, TEAM, [found(id, 'C1', T0)], T0);
      await storeFile(catalog, id);
    }
    const holdId = await hold();
    expect(await holds()).toEqual({ held: 0, waiting: 1, failing: 0 });
    failure = 'after';
    await work();
    // The catalog knows that the vault asked for it, and not that it is so.
    expect(await holds()).toEqual({ held: 0, waiting: 1, failing: 1 });
    failure = null;
    await workLater();
    expect(await holds()).toEqual({ held: 1, waiting: 0, failing: 0 });
    await lift(holdId);
    expect(await holds()).toEqual({ held: 0, waiting: 1, failing: 0 });
    await work();
    expect(await holds()).toEqual({ held: 0, waiting: 0, failing: 0 });
  });

  test('counts the objects of older versions, and what others hold', async () => {
    await storeFile(catalog, 'F1');
    const object = { ...sampleObject('F1'), key: `${KEY}/v2`, sha256: '2'.repeat(64) };
    await addFoundVersion(catalog, { ref: F1, number: 2, object, storedAt: T0, now: T0 });
    bucket.set(`${KEY}/v2`, true);
    await hold();
    await work();
    expect(told).toEqual([`${KEY} on`]);
    expect(await holds()).toEqual({ held: 2, waiting: 0, failing: 0 });
  });

  test('an object that the bucket does not have is not held', async () => {
    await storeFile(catalog, 'F1');
    await hold();
    goes = true;
    await work();
    expect(await holds()).toEqual({ held: 0, waiting: 0, failing: 0 });
  });
});
