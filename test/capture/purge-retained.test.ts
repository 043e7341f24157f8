import { afterAll, beforeAll, expect, test } from 'vitest';
import { purge } from '../../src/capture/purge.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { claimPurges, nextPurgeDueAt, trashFile } from '../../src/catalog/files/trash.ts';
import { auditOf } from '../../src/catalog/governance/audit.ts';
import { trashedFile } from '../../src/catalog/governance/trash-list.ts';
import type { FileRow } from '../../src/catalog/model.ts';
import { RetryableError } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import { DAY_MS } from '../../src/time.ts';
import { databases, empty } from '../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../catalog/samples.ts';

const F1 = { teamId: TEAM, fileId: 'F1' };
const DUE = T0 + 1_000;
const log = createLog('error', { write: () => {} });

let catalog: Catalog;
beforeAll(async () => {
  catalog = await (databases[0] as (typeof databases)[number]).fresh();
});
afterAll(() => catalog.close());

async function purgeWith(error: Error, now: number): Promise<void> {
  const [file] = await claimPurges(catalog, { owner: 'w', limit: 1, leaseMs: 60_000, now });
  const remove = () => Promise.reject(error);
  await purge(
    {
      catalog,
      owner: 'w',
      log,
      now: () => now,
      remove,
      mayHaveTexts: async () => false,
      removeTexts: async () => {},
      nextVersionKeys: () => [],
    },
    file as FileRow,
  );
}

test('a file that the bucket retains says until when, and its removal comes back then', async () => {
  await empty(catalog);
  await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
  await storeFile(catalog, 'F1');
  await trashFile(catalog, { ref: F1, actorId: 'U1', channelId: 'C1', purgeAt: DUE, now: T0 });

  const retained = new RetryableError('object_retained', 'retained', { retryAfterMs: 40 * DAY_MS });
  await purgeWith(retained, DUE);
  const until = DUE + 40 * DAY_MS;
  expect(await nextPurgeDueAt(catalog)).toBe(until);
  expect(await trashedFile(catalog, F1)).toMatchObject({ isPurging: true, purgeAt: until });
  const [entry] = await auditOf(catalog, F1, 1);
  expect(entry).toMatchObject({ action: 'purge_retained', actorId: 'vault', detail: { until } });

  // Any other failure is tried again soon, and nothing is told.
  await purgeWith(new RetryableError('bucket_busy', 'busy'), until);
  expect(await nextPurgeDueAt(catalog)).toBeLessThan(until + DAY_MS);
  expect((await auditOf(catalog, F1, 1))[0]).toEqual(entry);
  // A legal hold in the bucket has no end that anybody knows.
  await purgeWith(new RetryableError('object_retained', 'held'), until + DAY_MS);
  expect((await auditOf(catalog, F1, 1))[0]).toEqual(entry);
});
