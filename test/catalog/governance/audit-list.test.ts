import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import { recordAudit } from '../../../src/catalog/governance/audit.ts';
import {
  type AuditCursor,
  type AuditFilter,
  auditEntries,
  auditPage,
} from '../../../src/catalog/governance/audit-list.ts';
import {
  claimDueExports,
  exportById,
  exportStands,
  requestExport,
} from '../../../src/catalog/governance/exports.ts';
import { manifestFiles } from '../../../src/catalog/governance/manifest.ts';
import { trashedFile, trashOf } from '../../../src/catalog/governance/trash-list.ts';
import type { AuditEntry } from '../../../src/catalog/model.ts';
import { databases, empty } from '../databases.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

describe.each(databases)('what is read of audit log, trash and channels on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const write = (given: Partial<AuditEntry>) =>
    recordAudit(catalog, {
      ...{ at: T0, teamId: TEAM, actorId: 'U1', action: 'link', fileId: 'F1', channelId: 'C1', detail: {} },
      ...given,
    });
  const page = (
    filter: AuditFilter,
    from: AuditCursor | null = null,
    direction: 'older' | 'newer' = 'older',
  ) => auditPage(catalog, { teamId: TEAM, filter, from, direction, limit: 3 });
  const times = (entries: AuditEntry[]) => entries.map(({ at }) => at - T0);

  test('pages of the audit log go back and forth without a gap, also where moments are the same', async () => {
    for (const at of [0, 1, 1, 1, 2, 3, 4]) await write({ at: T0 + at });
    const first = await page({});
    expect(times(first.entries)).toEqual([4, 3, 2]);
    expect(first.newer).toBeNull();
    const second = await page({}, first.older);
    expect(times(second.entries)).toEqual([1, 1, 1]);
    const third = await page({}, second.older);
    expect(times(third.entries)).toEqual([0]);
    expect(third.older).toBeNull();
    expect((await page({}, third.newer, 'newer')).entries).toEqual(second.entries);
    expect((await page({}, second.newer, 'newer')).entries).toEqual(first.entries);
    const all: AuditEntry[] = [];
    for await (const entry of auditEntries(catalog, { teamId: TEAM, filter: {}, pageSize: 2 }))
      all.push(entry);
    expect(times(all)).toEqual([4, 3, 2, 1, 1, 1, 0]);
  });

  test.each([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, -1, -0, 2 ** 31, 2 ** 32])(
    'a place of %d, which nobody was ever shown, has a page as any other',
    async (far) => {
      await write({});
      for (const from of [
        { at: far, id: far },
        { at: T0, id: far },
        { at: far, id: 1 },
      ])
        for (const direction of ['older', 'newer'] as const)
          expect((await page({}, from, direction)).entries.length).toBeLessThanOrEqual(1);
      const asked = { teamId: TEAM, channelIds: ['C1'], limit: 3 };
      expect(await trashOf(catalog, { ...asked, after: { trashedAt: far, fileId: 'F1' } })).toMatchObject({
        files: [],
        hasMore: false,
      });
    },
  );

  test.each<[string, AuditFilter, number[]]>([
    ['a person', { actorId: 'U2' }, [3]],
    ['an action', { action: 'trashed' }, [2]],
    ['a file', { fileId: 'F2' }, [1]],
    ['a time', { after: T0 + 1, before: T0 + 3 }, [2, 1]],
    ['all of it', { actorId: 'U1', action: 'link', fileId: 'F2', after: T0 }, [1]],
  ])('narrowed down to %s', async (_, filter, expected) => {
    await write({});
    await write({ at: T0 + 1, fileId: 'F2' });
    await write({ at: T0 + 2, action: 'trashed' });
    await write({ at: T0 + 3, actorId: 'U2' });
    expect(times((await page(filter)).entries)).toEqual(expected);
  });

  test('the trash of a channel is its own, last deleted first, page by page', async () => {
    const ids = ['F1', 'F2', 'F3', 'F4'];
    for (const id of ids) await recordShares(catalog, TEAM, [found(id, id === 'F4' ? 'C2' : 'C1', T0)], T0);
    for (const [index, fileId] of ids.entries()) {
      await storeFile(catalog, fileId);
      const ref = { teamId: TEAM, fileId };
      await trashFile(catalog, {
        ref,
        actorId: 'U1',
        channelId: 'C1',
        purgeAt: T0 + 9,
        now: T0 + (index > 1 ? 1 : 0),
      });
    }
    const where = { teamId: TEAM, channelIds: ['C1'], limit: 2 };
    const first = await trashOf(catalog, { ...where, after: null });
    expect([first.files.map(({ fileId }) => fileId), first.hasMore]).toEqual([['F3', 'F2'], true]);
    const last = await trashOf(catalog, { ...where, after: { trashedAt: T0, fileId: 'F2' } });
    expect([last.files.map(({ fileId }) => fileId), last.hasMore]).toEqual([['F1'], false]);
    expect(await trashedFile(catalog, { teamId: TEAM, fileId: 'F1' })).toMatchObject({
      isHeld: false,
      isPurging: false,
      isRetained: false,
    });
    expect(await trashedFile(catalog, { teamId: TEAM, fileId: 'F9' })).toBeUndefined();
  });

  test('a manifest has every file of the channel once; files that are not kept have their reason', async () => {
    for (const id of ['F1', 'F2', 'F3', 'F4', 'F5']) {
      await recordShares(catalog, TEAM, [found(id, id === 'F5' ? 'C2' : 'C1', T0)], T0);
      if (id !== 'F4') await storeFile(catalog, id);
    }
    const link = found('F6', 'C1', T0, { externalUrl: 'https://drive.google.com/x' });
    await recordShares(catalog, TEAM, [{ ...link, skip: 'external' }], T0);
    const ids: string[] = [];
    const unkept = [
      ['F4', 'pending', null, null],
      ['F6', 'skipped', 'external', 'https://drive.google.com/x'],
    ];
    for await (const file of manifestFiles(catalog, { teamId: TEAM, channelId: 'C1', pageSize: 2 })) {
      ids.push(file.fileId);
      const { fileId, state, reason, externalUrl } = file;
      const isStored = state === 'stored';
      const [storedBytes, objectKey] = isStored ? [1_000, `vault/${fileId}`] : [null, null];
      expect(file).toMatchObject({ storedBytes, sharedBy: 'U1', objectKey });
      if (!isStored) expect([fileId, state, reason, externalUrl]).toEqual(unkept.shift());
    }
    expect(ids).toEqual(['F1', 'F2', 'F3', 'F4', 'F6']);
    expect(unkept).toEqual([]);
  });

  test('an export is work that one process at a time does', async () => {
    const job = { teamId: TEAM, kind: 'audit', format: 'csv', channelId: 'C1', requestedBy: 'U1' } as const;
    const exportId = await requestExport(catalog, { ...job, filter: { action: 'link' }, now: T0 });
    const claim = (owner: string) => claimDueExports(catalog, { owner, limit: 9, leaseMs: 9, now: T0 });
    const [mine] = await claim('a');
    expect(mine).toMatchObject({ exportId, filter: { action: 'link' }, state: 'waiting', attempts: 1 });
    expect(await claim('b')).toEqual([]);
    expect(await exportStands(catalog, mine as never, 'b', { state: 'gone', dueAt: null })).toBe(false);
    expect(await exportStands(catalog, mine as never, 'a', { state: 'gone', dueAt: null })).toBe(true);
    expect(await exportById(catalog, TEAM, exportId)).toMatchObject({ state: 'gone' });
    expect(await exportById(catalog, 'T2', exportId)).toBeUndefined();
  });

  test('a person gets one export of the same thing at a time, and a limited number in a day', async () => {
    const job = { teamId: TEAM, kind: 'manifest', format: 'csv', requestedBy: 'U1', filter: {} } as const;
    const want = (channelId: string, by = 'U1', now = T0) =>
      requestExport(catalog, { ...job, channelId, requestedBy: by, now, mostADay: 3 }).then(
        () => 'made',
        (error) => error.code,
      );
    const burst = await Promise.all(Array.from({ length: 10 }, () => want('C1')));
    expect(burst.filter((answer) => answer === 'made')).toHaveLength(1);
    expect(burst.filter((answer) => answer === 'export_under_way')).toHaveLength(9);
    // Other channels and other people do not count.
    expect([await want('C2'), await want('C1', 'U2')]).toEqual(['made', 'made']);
    const claimed = await claimDueExports(catalog, { owner: 'a', limit: 9, leaseMs: 9, now: T0 });
    for (const one of claimed) await exportStands(catalog, one, 'a', { state: 'gone', dueAt: null });
    expect([await want('C1'), await want('C3')]).toEqual(['made', 'too_many_exports']);
    expect(await want('C3', 'U1', T0 + 24 * 60 * 60_000)).toBe('made');
  });
});
