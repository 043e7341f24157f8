import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import {
  claimDueFiles,
  commitStored,
  deferFile,
  failAttempt,
  fillIn,
  nextDueAt,
  releaseFile,
  renewLease,
  retryFile,
  skipFile,
} from '../../../src/catalog/files/capture.ts';
import { fileById } from '../../../src/catalog/files/lookup.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { auditOf } from '../../../src/catalog/governance/audit.ts';
import { claimDuePosts } from '../../../src/catalog/notices/notices.ts';
import { isOfFile } from '../../../src/catalog/notices/rows.ts';
import type { FindOptions } from '../../../src/catalog/search/find.ts';
import { databases, empty } from '../databases.ts';
import {
  found,
  listChannel,
  sampleFile,
  sampleObject,
  sampleShare,
  sampleStub,
  storeFile,
  T0,
  TEAM,
} from '../samples.ts';

const F1 = { teamId: TEAM, fileId: 'F1' };

describe.each(databases)('capture rows on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const record = (fileId: string, dueAt: number) =>
    recordShares(catalog, TEAM, [{ ...found(fileId, 'C1', T0), dueAt }], T0);
  const claim = (owner: string, now: number, limit = 10) =>
    claimDueFiles(catalog, { owner, limit, leaseMs: 1_000, now });
  const commit = (owner: string, now = T0) =>
    commitStored(catalog, { ref: F1, owner, object: sampleObject('F1'), confirm: 'thread', now });
  const actions = async () => (await auditOf(catalog, F1, 20)).map((entry) => entry.action).reverse();

  test('what is due is claimed, oldest due first, at most so many', async () => {
    await record('F1', T0 + 30);
    await record('F2', T0 + 10);
    await record('F3', T0 + 20);
    await record('F4', T0 + 99);
    expect(await nextDueAt(catalog)).toBe(T0 + 10);
    expect((await claim('a', T0 + 50, 2)).map((file) => file.fileId)).toEqual(['F2', 'F3']);
    expect((await claim('b', T0 + 50)).map((file) => file.fileId)).toEqual(['F1']);
    expect(await claim('b', T0 + 50)).toEqual([]);
    expect(await claim('b', T0 + 50, 0)).toEqual([]);
    expect(await nextDueAt(catalog)).toBe(T0 + 99);
  });

  test('nothing to do: no next time', async () => {
    expect(await nextDueAt(catalog)).toBeNull();
    expect(await claim('a', T0)).toEqual([]);
  });

  test('a lease that runs out makes the file due again; one that is renewed does not', async () => {
    await record('F1', T0);
    expect(await claim('a', T0)).toMatchObject([{ state: 'storing', attempts: 1, dueAt: T0 + 1_000 }]);
    expect(await renewLease(catalog, F1, 'a', T0 + 5_000)).toBe(true);
    expect(await claim('b', T0 + 4_999)).toEqual([]);
    expect(await claim('b', T0 + 5_000)).toMatchObject([{ attempts: 2 }]);
    expect(await renewLease(catalog, F1, 'a', T0 + 9_000)).toBe(false);
  });

  test('storing is recorded once: state, object, audit, notice', async () => {
    await record('F1', T0);
    await claim('a', T0);
    expect(await commit('a', T0 + 7)).toBe(true);
    expect(await commit('a', T0 + 8)).toBe(false);
    expect(await fileById(catalog, F1)).toMatchObject({
      ...{ state: 'stored', storedAt: T0 + 7, dueAt: null, objectKey: 'vault/F1', storedBytes: 1_000 },
      ...{ sha256: 'a'.repeat(64), crc32: 'AAAAAA==', etag: '"e"', proof: 'crc32', attempts: 0 },
    });
    expect(await auditOf(catalog, F1, 5)).toEqual([
      {
        ...{ at: T0 + 7, teamId: TEAM, actorId: 'vault', action: 'stored', fileId: 'F1', channelId: 'C1' },
        detail: { key: 'vault/F1', bytes: 1_000, sha256: 'a'.repeat(64), proof: 'crc32' },
      },
    ]);
    const posts = await claimDuePosts(catalog, { owner: 'p', limit: 5, leaseMs: 1_000, now: T0 + 2_000 });
    expect(posts.map((post) => post.notices.filter(isOfFile).map(({ fileId }) => fileId))).toEqual([['F1']]);
    expect(await claim('a', T0 + 99_000)).toEqual([]);
  });

  test('when two workers both stored it, the first one counts', async () => {
    await record('F1', T0);
    await claim('a', T0);
    await claim('b', T0 + 2_000);
    expect(await commit('a')).toBe(true);
    expect(await commit('b')).toBe(false);
    expect(await actions()).toEqual(['stored']);
  });

  test('failures: due again when said, audited once per streak, forgotten by success', async () => {
    await record('F1', T0);
    for (const [tries, now] of [T0, T0 + 100].entries()) {
      await claim('a', now);
      const failure = { ref: F1, owner: 'a', code: 'download_stalled', text: 'It stalled.', now };
      expect(await failAttempt(catalog, { ...failure, retryAt: now + 100 })).toBe(true);
      const failed = { state: 'failed', errorCode: 'download_stalled', errorText: 'It stalled.' };
      expect(await fileById(catalog, F1)).toMatchObject({ ...failed, attempts: tries + 1, dueAt: now + 100 });
      expect(await failAttempt(catalog, { ...failure, retryAt: 0 })).toBe(false);
    }
    await claim('a', T0 + 200);
    await commit('a');
    expect(await fileById(catalog, F1)).toMatchObject({ errorCode: null, errorText: null, attempts: 0 });
    expect(await actions()).toEqual(['failed', 'stored']);
  });

  test('a file that is not ready waits without being called failed', async () => {
    await record('F1', T0);
    await claim('a', T0);
    expect(await deferFile(catalog, { ref: F1, owner: 'b', dueAt: T0 })).toBe(false);
    expect(await deferFile(catalog, { ref: F1, owner: 'a', dueAt: T0 + 500 })).toBe(true);
    expect(await fileById(catalog, F1)).toMatchObject({ state: 'pending', dueAt: T0 + 500, attempts: 1 });
    expect(await actions()).toEqual([]);
  });

  test('a row that is handed back is due at once, and its attempt is not counted', async () => {
    await record('F1', T0);
    await claim('a', T0);
    expect(await releaseFile(catalog, F1, 'b')).toBe(false);
    expect(await releaseFile(catalog, F1, 'a')).toBe(true);
    expect(await claim('b', T0)).toMatchObject([{ attempts: 1 }]);
  });

  test('a skipped file rests until a person retries it', async () => {
    await record('F1', T0);
    await claim('a', T0);
    expect(await retryFile(catalog, F1, 'U9', T0)).toBe(false);
    await skipFile(catalog, { ref: F1, owner: 'a', reason: 'access_denied', now: T0 });
    expect(await fileById(catalog, F1)).toMatchObject({
      state: 'skipped',
      reason: 'access_denied',
      dueAt: null,
    });
    expect(await retryFile(catalog, F1, 'U9', T0 + 5)).toBe(true);
    expect(await fileById(catalog, F1)).toMatchObject({
      state: 'pending',
      reason: null,
      dueAt: T0 + 5,
      attempts: 0,
    });
    expect(await actions()).toEqual(['skipped', 'retried']);
  });

  test('what files.info says is filled in, and never replaces better knowledge', async () => {
    await recordShares(catalog, TEAM, [{ file: sampleStub('F1'), share: sampleShare('C1', T0) }], T0);
    await claim('a', T0);
    await fillIn(catalog, sampleFile('F1'), T0);
    await fillIn(catalog, sampleStub('F1', { mode: 'tombstone', name: 'gone' }), T0);
    expect(await fileById(catalog, F1)).toMatchObject({ name: 'F1.pdf', mode: 'hosted', state: 'storing' });
    await fillIn(catalog, sampleFile('F404'), T0);
    expect(await fileById(catalog, { teamId: TEAM, fileId: 'F404' })).toBeUndefined();
  });

  test('what is stored, on its way and not kept is listed in its place; of what may be deleted, what is stored', async () => {
    for (const [i, fileId] of ['F1', 'F2', 'F3', 'F4'].entries())
      await recordShares(catalog, TEAM, [found(fileId, 'C1', T0 + i)], T0);
    await storeFile(catalog, 'F2');
    await skipFile(catalog, {
      ref: { teamId: TEAM, fileId: 'F3' },
      owner: 'store',
      reason: 'too_large',
      now: T0,
    });
    const failed = { code: 'x', text: 'x', retryAt: T0 + 1, now: T0 };
    await failAttempt(catalog, { ref: { teamId: TEAM, fileId: 'F4' }, owner: 'store', ...failed });
    const list = async (only: FindOptions['only'] = {}) =>
      (await listChannel(catalog, { teamId: TEAM, channelId: 'C1', filter: {}, limit: 9, only })).files;
    expect((await list()).map(({ fileId, state }) => `${fileId} ${state}`)).toEqual([
      ...['F4 failed', 'F3 skipped', 'F2 stored', 'F1 storing'],
    ]);
    expect((await list({ stored: true })).map((file) => file.fileId)).toEqual(['F2']);
  });

  test('workers that claim at the same time never get the same file', async () => {
    const ids = Array.from({ length: 60 }, (_, i) => `F${100 + i}`);
    await recordShares(
      catalog,
      TEAM,
      ids.map((fileId) => found(fileId, 'C1', T0)),
      T0,
    );
    const workers = Array.from({ length: 6 }, async (_, worker) => {
      const mine: string[] = [];
      for (;;) {
        const files = await claim(`w${worker}`, T0, 4);
        if (files.length === 0) return mine;
        mine.push(...files.map((file) => file.fileId));
      }
    });
    const claimed = (await Promise.all(workers)).flat();
    expect(claimed.sort()).toEqual(ids);
  });
});
