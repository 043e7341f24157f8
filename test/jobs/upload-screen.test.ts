import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import type { Post } from '../../src/catalog/notices/model.ts';
import { uploadScreen } from '../../src/jobs/upload-screen.ts';
import { databases } from '../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../catalog/samples.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await (databases[0] as (typeof databases)[number]).fresh();
});
afterAll(() => catalog.close());
beforeEach(async () => {
  await recordShares(catalog, TEAM, [found('F1', 'C1', T0), found('F2', 'C1', T0)], T0);
});

const policy = { maxFileBytes: 1_000 } as never;
const post = (at: number) =>
  ({
    ...{ id: 1, teamId: TEAM, channelId: 'D1', kind: 'upload' },
    notices: [
      {
        ...{ id: 1, at, kind: 'upload', actorId: null },
        upload: {
          channelId: null,
          files: ['F1', 'F2', 'F9'].map((fileId) => ({ fileId, name: `${fileId}.pdf` })),
        },
      },
    ],
  }) as unknown as Post;
const draw = (now: number) => uploadScreen({ catalog, policy, now }, post(T0));

it('an upload is looked at again until each of its files came to an end', async () => {
  const first = await draw(T0 + 2_000);
  expect(first.text).toContain('Saving 3 files');
  expect(first.againAt).toBe(T0 + 4_000);
  await storeFile(catalog, 'F1');
  await storeFile(catalog, 'F2');
  expect((await draw(T0 + 10_000)).text).toContain('Saved 2 files');
  expect((await draw(T0 + 10_000)).againAt).toBe(T0 + 20_000);
  // A kill took the third before it was written down.
  const last = await draw(T0 + 70_000);
  expect(JSON.stringify(last.blocks)).toContain('F9.pdf (it did not reach me, please upload it again)');
  expect(last.againAt).toBeUndefined();
});

it('after a day nobody looks again', async () => {
  expect((await draw(T0 + 25 * 3_600_000)).againAt).toBeUndefined();
});
