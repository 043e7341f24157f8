import { readdirSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import type { FileRow } from '../../src/catalog/model.ts';
import { borrowed } from '../../src/contents/borrowed.ts';
import type { Bucket } from '../../src/storage/bucket.ts';
import { temporaryFolder } from '../catalog/databases.ts';

const MB = 1024 ** 2;
const scratch = temporaryFolder();
afterAll(() => scratch.remove());

/** Borrows a document of so many MB where so many are free; the bucket says that it was asked. */
function borrow(documentMb: number, freeMb: number, besideCatalog: boolean) {
  const bucket = {
    client: { send: () => Promise.reject(Object.assign(new Error('asked'), { code: 'asked' })) },
    place: 'the bucket',
  } as unknown as Bucket;
  const file = { objectKey: 'a', versionId: null, storedBytes: documentMb * MB } as FileRow;
  const place = { folder: scratch.path, besideCatalog, signal: new AbortController().signal };
  return borrowed(bucket, file, place, async () => freeMb * MB);
}

it.each([
  [50, 60, true],
  [50, 113, true],
  [50, 40, false],
])(
  'a document of %i MB is not fetched onto a disk with %i MB free (beside the catalog: %s)',
  async (document, free, beside) => {
    await expect(borrow(document, free, beside)).rejects.toMatchObject({ code: 'disk_full' });
    expect(readdirSync(scratch.path)).toEqual([]);
  },
);

it.each([
  [50, 114, true],
  [50, 50, false],
])('one of %i MB is, with %i MB free (%s)', async (document, free, beside) => {
  await expect(borrow(document, free, beside)).rejects.not.toMatchObject({ code: 'disk_full' });
});
