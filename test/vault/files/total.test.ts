import { expect, test } from 'vitest';
import type { FoundFile } from '../../../src/catalog/model.ts';
import type { LeanFile } from '../../../src/catalog/search/gather.ts';
import { totalOf } from '../../../src/vault/files/total.ts';

test('files that were gathered to be put in order are not looked for once more to count them', async () => {
  // Whatever is asked fails.
  const vault = {} as Parameters<typeof totalOf>[0];
  const gathered = [
    { state: 'stored', storedBytes: 5 },
    { state: 'pending', storedBytes: null },
    { state: 'stored', storedBytes: 7 },
  ] as LeanFile[];
  const cursor = { direction: 'older', sharedAt: 1, fileId: 'F1' } as const;
  const page = { files: [{ fileId: 'F1' } as FoundFile], newer: null, older: cursor };
  const o = {
    viewer: { teamId: 'T1', channelIds: ['C1'] },
    filter: { text: 'budget', sort: 'largest' as const },
  };
  const total = (more: object) => totalOf(vault, { ...o, isFirst: true, page: { ...page, ...more } });
  expect(await total({ gathered })).toEqual({ files: 3, more: false, bytes: 12 });
  expect(await total({ gathered, sortedOf: 3 })).toEqual({ files: 3, more: true, bytes: null });
  await expect(total({})).rejects.toThrow();
});
