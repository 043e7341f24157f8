import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DialectName } from '../../sandbox/s3/dialects/index.ts';
import { segmentStore } from '../../src/journal/store.ts';
import { removeIfAllowed } from '../../src/storage/remove.ts';
import { openStores, type Stores } from './stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

it.each<[DialectName[], number]>([
  [[], 0],
  [['no-delete'], 1],
  [['default-retention'], 1],
])(
  'the vault’s own objects in a bucket that speaks %j: %i stays, and that is no failure',
  async (dialects, left) => {
    const bucket = await stores.open(await stores.speaking(...dialects));
    const segments = segmentStore(bucket, 'T1');
    await segments.put('h', 1, Buffer.from('segment'));
    await segments.remove('h', 1);
    const numbers = [];
    for await (const { number } of segments.list('h')) numbers.push(number);
    expect(numbers).toHaveLength(left);
    expect(await removeIfAllowed(bucket, `${bucket.prefix}/.ria-vault/journal/T1/h/x`)).toBe(
      dialects[0] !== 'no-delete',
    );
  },
);

it('any other failure is thrown', async () => {
  const bucket = await stores.open({ ...(await stores.speaking()), maxAttempts: 1 });
  stores.server.faults.add({ operation: 'DeleteObject', do: { status: 503, code: 'SlowDown' } });
  await expect(removeIfAllowed(bucket, `${bucket.prefix}/x`)).rejects.toMatchObject({ code: 'bucket_busy' });
  stores.server.faults.clear();
});
