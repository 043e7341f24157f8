import { expect, it, onTestFinished } from 'vitest';
import { fileById } from '../../../src/catalog/files/lookup.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import type { FileRow } from '../../../src/catalog/model.ts';
import { claimReadings, readingDone } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { readingHealth, unreadOf } from '../../../src/vault/files/text-facts.ts';
import { databases } from '../../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../../catalog/samples.ts';

it('that pages are pictures is said of the file, and is nothing that the status counts', async () => {
  const catalog = await (databases[0] as (typeof databases)[number]).fresh();
  onTestFinished(() => catalog.close());
  while (await startReading(catalog));
  const reasons = { F1: 'pictures_not_read', F2: 'too_large', F3: 'not_readable' } as const;
  for (const fileId of Object.keys(reasons)) {
    await recordShares(catalog, TEAM, [found(fileId, 'C1', T0)], T0);
    await storeFile(catalog, fileId);
  }
  for (const row of await claimReadings(catalog, { owner: 'a', limit: 9, leaseMs: 60_000, now: T0 })) {
    const reason = reasons[row.fileId as keyof typeof reasons];
    await readingDone(catalog, row, 'a', { words: new Set(['offer']), state: 'read', reason });
  }
  await catalog.db.updateTable('reading').set({ sha256: '' }).execute();
  await catalog.db.updateTable('file').set({ sha256: null }).execute();
  const vault = { catalog, policy: { text: 'all' }, identity: { teamId: TEAM } } as never;
  const unread = async (fileId: string) =>
    unreadOf(vault, (await fileById(catalog, { teamId: TEAM, fileId })) as FileRow);
  expect(await unread('F1')).toEqual({ reason: 'pictures_not_read', part: true });
  expect(await unread('F2')).toEqual({ reason: 'too_large', part: true });
  expect(await unread('F3')).toBeNull();
  expect((await readingHealth(vault))?.unread).toEqual([{ reason: 'too_large', files: 1 }]);
});
