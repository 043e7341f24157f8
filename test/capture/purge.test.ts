import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type PurgeOptions, purge } from '../../src/capture/purge.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { addFoundVersion } from '../../src/catalog/files/found-versions.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { claimPurges, nextPurgeDueAt, restoreFile, trashFile } from '../../src/catalog/files/trash.ts';
import { auditOf } from '../../src/catalog/governance/audit.ts';
import type { FileRow } from '../../src/catalog/model.ts';
import { createLog } from '../../src/log.ts';
import { StorageError } from '../../src/storage/errors.ts';
import type { FileObject } from '../../src/storage/remove-file.ts';
import { databases, empty } from '../catalog/databases.ts';
import { found, sampleObject, storeFile, T0, TEAM } from '../catalog/samples.ts';

const [sqlite] = databases;
const F1 = { teamId: TEAM, fileId: 'F1' };
const DUE = T0 + 1_000;

let catalog: Catalog;
let now: number;
let removed: string[];
let lines: string[];
const log = createLog('info', { write: (line) => void lines.push(line) });

beforeAll(async () => {
  catalog = await (sqlite as (typeof databases)[number]).fresh();
});
afterAll(() => catalog.close());
beforeEach(async () => {
  await empty(catalog);
  [now, removed, lines] = [DUE, [], []];
  await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
  await storeFile(catalog, 'F1');
});

const trash = () => trashFile(catalog, { ref: F1, actorId: 'U1', channelId: 'C1', purgeAt: DUE, now: T0 });
const claim = async (owner = 'w') => {
  const [file] = await claimPurges(catalog, { owner, limit: 1, leaseMs: 60_000, now });
  return file as FileRow;
};
const run = (file: FileRow, o: Partial<PurgeOptions> = {}) =>
  purge(
    {
      ...{ catalog, owner: 'w', log, now: () => now },
      remove: async ({ key }) => {
        removed.push(key);
        return 'removed';
      },
      mayHaveTexts: async () => false,
      removeTexts: async () => {},
      nextVersionKeys: () => [],
      ...o,
    },
    file,
  );
const stateOf = async () => (await fileById(catalog, F1))?.state;

test('the object goes first, then that is written down', async () => {
  await trash();
  const states: unknown[] = [];
  await run(await claim(), {
    async remove() {
      states.push(await stateOf());
      return 'removed';
    },
  });
  expect([...states, await stateOf()]).toEqual(['trashed', 'purged']);
  expect((await auditOf(catalog, F1, 1))[0]).toMatchObject({ action: 'purged', actorId: 'vault' });
  expect(lines.join()).toContain('purged a file from the trash');
});

test('all versions go, the newest last, and what an attempt that died may have left of a next one', async () => {
  for (const number of [2, 3]) {
    const object = { ...sampleObject('F1'), key: `vault/F1/v${number}`, sha256: String(number).repeat(64) };
    await addFoundVersion(catalog, { ref: F1, number, object, storedAt: T0, now: T0 });
  }
  await trash();
  const file = await claim();
  await run(file, { nextVersionKeys: (_, number) => [`vault/F1/v${number}`] });
  expect(removed[0]).toBe('vault/F1/v4');
  expect(removed.slice(1, 3).sort()).toEqual(['vault/F1', 'vault/F1/v2']);
  expect(removed.at(-1)).toBe('vault/F1/v3');
  expect(await stateOf()).toBe('purged');
});

test('what fails half-way stays in the trash, cannot come back any more, and is tried again', async () => {
  await trash();
  await run(await claim(), { remove: () => Promise.reject(new Error('no bucket')) });
  expect(await stateOf()).toBe('trashed');
  expect(await restoreFile(catalog, { ref: F1, actorId: 'U1', now })).toBe('purged');
  expect(lines.join()).toContain('cannot purge a file; it will be tried again');
  const next = (await nextPurgeDueAt(catalog)) as number;
  // About ten minutes, plus or minus a quarter.
  expect(next - now).toBeGreaterThan(3 * 60_000);
  expect(next - now).toBeLessThan(13 * 60_000);
  now = next;
  await run(await claim());
  expect([removed, await stateOf()]).toEqual([['vault/F1'], 'purged']);
});

test('a purge that another process took over is written down by that process', async () => {
  await trash();
  const mine = await claim();
  now += 60_000;
  const other = await claim('other');
  await run(mine);
  expect(await stateOf()).toBe('trashed');
  await run(other, { owner: 'other' });
  expect(await stateOf()).toBe('purged');
  expect((await auditOf(catalog, F1, 9)).filter(({ action }) => action === 'purged')).toHaveLength(1);
});

test('what is retained is asked for again when its time is over; other bytes under its key stay and are told', async () => {
  await trash();
  const until = 90 * 24 * 3_600_000;
  const retained = new StorageError('object_retained', 'It is retained until May.', { retryAfterMs: until });
  await run(await claim(), { remove: () => Promise.reject(retained) });
  expect(lines.join()).toContain('a file cannot go yet: It is retained until May.');
  expect(await nextPurgeDueAt(catalog)).toBe(DUE + until);
  // Nobody is told that it is overdue, and the trash shows when it goes.
  expect((await fileById(catalog, F1))?.purgeAt).toBe(DUE + until);
  now = DUE + until;
  await run(await claim(), { remove: async () => 'not_ours' });
  expect(lines.join()).toContain('"code":"not_ours"');
  expect(await stateOf()).toBe('purged');
});

test('the store is asked to remove exactly what was proven', async () => {
  await trash();
  const asked: FileObject[] = [];
  await run(await claim(), {
    async remove(object) {
      asked.push(object);
      return 'removed';
    },
  });
  const { key, etag, versionId } = sampleObject('F1');
  expect(asked).toEqual([{ key, etag, versionId, ...F1 }]);
});

test('texts are looked for where some may be, and once more after the file is gone: a reader may have been at it', async () => {
  await trash();
  const states: unknown[] = [];
  const removeTexts = async () => void states.push(await stateOf());
  await run(await claim(), { mayHaveTexts: async () => true, removeTexts });
  expect(states).toEqual(['trashed', 'purged']);
});

test('where no text was ever read, the bucket is not asked for one', async () => {
  await trash();
  await run(await claim(), { removeTexts: () => Promise.reject(new Error('asked')) });
  expect(await stateOf()).toBe('purged');
});
