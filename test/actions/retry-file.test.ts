import { afterAll, beforeAll, expect, test } from 'vitest';
import { retry } from '../../src/actions/retry-file.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import type { SkipReason } from '../../src/catalog/model.ts';
import { databases } from '../catalog/databases.ts';
import { found, T0, TEAM } from '../catalog/samples.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await (databases[0] as (typeof databases)[number]).fresh();
});
afterAll(() => catalog.close());

/** Clicks Retry. A forged payload may do this for any file. */
async function retrySkipped(reason: SkipReason) {
  const fileId = `F_${reason}`;
  await recordShares(catalog, TEAM, [{ ...found(fileId, 'C1', T0), skip: reason }], T0);
  const vault = {
    ...{ catalog, identity: { teamId: TEAM }, now: () => T0, wake: () => {} },
    rights: { maySeeFile: async () => true },
  };
  await retry.run(vault as never, { userId: 'U1', value: fileId } as never);
  return (await fileById(catalog, { teamId: TEAM, fileId }))?.state;
}

test.each(['access_denied', 'hidden_by_limit', 'not_found', 'not_in_channel'] as const)(
  'Retry asks again for what may be had now: %s',
  async (reason) => {
    expect(await retrySkipped(reason)).toBe('pending');
  },
);

test.each([
  ...(['external', 'tombstone', 'deleted_in_slack', 'capture_off'] as const),
  ...(['excluded_type', 'too_large', 'no_content'] as const),
])('Retry changes nothing about %s', async (reason) => {
  await expect(retrySkipped(reason)).rejects.toMatchObject({ code: 'not_to_be_kept' });
  expect((await fileById(catalog, { teamId: TEAM, fileId: `F_${reason}` }))?.state).toBe('skipped');
});
