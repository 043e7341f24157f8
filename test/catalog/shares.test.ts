import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { auditOf } from '../../src/catalog/audit.ts';
import { claimDueFiles, commitStored, fileById, sharesOf } from '../../src/catalog/capture.ts';
import { totals } from '../../src/catalog/home.ts';
import { listChannel } from '../../src/catalog/list.ts';
import type { Catalog } from '../../src/catalog/open.ts';
import { recordShares } from '../../src/catalog/shares.ts';
import { databases, empty } from './databases.ts';
import { found, sampleObject, T0, TEAM } from './samples.ts';

describe.each(databases)('shares on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  test('a new complete file is pending and due now', async () => {
    const ref = { teamId: TEAM, fileId: 'F1' };
    const recorded = await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
    expect(recorded).toEqual([{ fileId: 'F1', isNew: true, state: 'pending' }]);
    expect(await fileById(catalog, ref)).toMatchObject({ state: 'pending', dueAt: T0, channelId: 'C1' });
    expect(await sharesOf(catalog, ref)).toHaveLength(1);
    const claimed = await claimDueFiles(catalog, { owner: 'w', limit: 5, leaseMs: 1000, now: T0 });
    expect(claimed).toMatchObject([{ fileId: 'F1', state: 'storing', attempts: 1, dueAt: T0 + 1000 }]);
    expect(
      await commitStored(catalog, {
        ref,
        owner: 'w',
        object: sampleObject('F1'),
        confirm: 'thread',
        now: T0,
      }),
    ).toBe(true);
    const page = await listChannel(catalog, {
      teamId: TEAM,
      channelId: 'C1',
      filter: { text: 'f1.p' },
      limit: 10,
    });
    expect(page.files).toMatchObject([{ fileId: 'F1', listedBy: 'U1', listedAt: T0 }]);
    expect(await totals(catalog, { teamId: TEAM, channelIds: ['C1'] })).toEqual({ files: 1, bytes: 1000 });
    expect(await auditOf(catalog, ref, 5)).toHaveLength(1);
  });
});
