import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { recordAudit } from '../../src/catalog/governance/audit.ts';
import { setHold } from '../../src/catalog/governance/holds.ts';
import { filesNamed } from '../../src/catalog/search/named.ts';
import { auditFilterFor, auditLog } from '../../src/vault/audit.ts';
import { orderAuditExport } from '../../src/vault/exports.ts';
import { empty } from '../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../catalog/samples.ts';
import { ADMIN, ANN, AUDITOR, EVE, freshCatalog, TIME_ZONE_OFFSET, type World, worldOf } from './governed.ts';

describe('the audit log, for people', () => {
  let catalog: Catalog;
  let world: World;
  beforeAll(async () => {
    catalog = await freshCatalog();
  });
  beforeEach(async () => {
    world = await worldOf(catalog);
    const shares = [found('F1AAAAA', 'C1', T0), found('F2AAAAA', 'C0ELSEWHERE', T0)];
    await recordShares(catalog, TEAM, shares, T0);
    for (const { file } of shares) await storeFile(catalog, file.fileId);
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const read = (userId: string, query = '') => auditLog(world.vault, { userId, query, limit: 15 });

  it.each([ANN, EVE])(
    '%s, who is neither admin nor auditor, is refused, whatever was typed',
    async (userId) => {
      for (const query of ['', 'action:stored', 'nonsense:', '\0']) {
        await expect(read(userId, query)).rejects.toMatchObject({ code: 'admins_only' });
        await expect(auditFilterFor(world.vault, { userId, query })).rejects.toMatchObject({
          code: 'admins_only',
        });
      }
      // Nobody looked.
      expect((await read(ADMIN, 'action:looked')).page.entries).toEqual([]);
    },
  );

  it('those who oversee the vault read every name; an admin reads the names that Slack would show', async () => {
    const named = async (userId: string) =>
      Object.fromEntries(
        (await read(userId, 'action:stored')).page.entries.map(({ fileId, fileName, channelNamed }) => [
          fileId,
          [fileName, channelNamed],
        ]),
      );
    expect(await named(AUDITOR)).toEqual({
      F1AAAAA: ['F1AAAAA.pdf', true],
      F2AAAAA: ['F2AAAAA.pdf', true],
    });
    expect(await named(ADMIN)).toEqual({ F1AAAAA: ['F1AAAAA.pdf', true], F2AAAAA: [null, false] });
  });

  it('a file’s Details are only for those who oversee the vault, and the log says that they looked', async () => {
    expect(await read(ADMIN, 'file:F2AAAAA')).toMatchObject({ details: null });
    const { details, filter, page } = await read(AUDITOR, 'file:F2AAAAA action:looked');
    expect({ details, filter }).toEqual({
      details: 'F2AAAAA',
      filter: { fileId: 'F2AAAAA', action: 'looked' },
    });
    expect(page.entries).toMatchObject([
      { actorId: ADMIN, detail: { what: 'audit', filter: { fileId: 'F2AAAAA' } } },
    ]);
  });

  it('a name that somebody typed is written down nowhere: neither with their look nor with their export', async () => {
    await read(AUDITOR, 'f2aaaaa.pdf action:stored');
    await read(ADMIN, 'f2aaaaa.pdf');
    const asked = { userId: AUDITOR, channelId: 'C1', query: 'f2aaaaa.pdf' };
    await orderAuditExport(world.vault, asked, async () => {});
    const written = await catalog.db
      .selectFrom('audit')
      .select(['actorId', 'action', 'detail'])
      .where('action', 'in', ['looked', 'exported'])
      .orderBy('id', 'desc')
      .limit(3)
      .execute();
    const orders = await catalog.db.selectFrom('exportJob').select('filter').execute();
    expect(JSON.stringify([written, orders])).not.toMatch(/f2aaaaa\.pdf/i);
    expect(written.reverse().map(({ actorId, detail }) => [actorId, JSON.parse(detail).filter])).toEqual([
      [AUDITOR, { action: 'stored', files: 1, fileIds: ['F2AAAAA'] }],
      [ADMIN, { files: 0, fileIds: [] }],
      [AUDITOR, { files: 1, fileIds: ['F2AAAAA'] }],
    ]);
    expect(orders.map(({ filter }) => JSON.parse(filter))).toEqual([{ fileIds: ['F2AAAAA'] }]);
  });

  it('a name finds the files whose names the reader may know, and says whether one is on hold', async () => {
    const asked = async (userId: string, query: string) => {
      const { filter, holds } = await read(userId, query);
      return { ids: filter.fileIds, holds: holds?.map(({ reason }) => reason) };
    };
    expect(await asked(AUDITOR, 'f2aaaaa.pdf')).toEqual({ ids: ['F2AAAAA'], holds: [] });
    expect(await asked(ADMIN, 'f2aaaaa.pdf')).toEqual({ ids: [], holds: undefined });
    expect((await read(ADMIN, 'f2aaaaa.pdf')).page.entries).toEqual([]);
    expect((await asked(AUDITOR, 'aaaaa')).ids?.sort()).toEqual(['F1AAAAA', 'F2AAAAA']);
    expect((await asked(AUDITOR, '%')).ids).toEqual([]);
    const scope = { personId: null, channelId: null, fileId: 'F2AAAAA', sharedFrom: null, sharedUntil: null };
    await setHold(catalog, { teamId: TEAM, scope, reason: 'lawsuit', actorId: AUDITOR, now: T0 });
    expect(await asked(AUDITOR, 'F2AAAAA.pdf')).toEqual({ ids: ['F2AAAAA'], holds: ['lawsuit'] });
    expect(await asked(AUDITOR, 'file:F2AAAAA')).toMatchObject({ holds: ['lawsuit'] });
    expect((await read(AUDITOR, 'in:<#C1>')).page.entries.map(({ fileId }) => fileId)).toEqual(['F1AAAAA']);
  });

  it('tells previews and downloads apart, also those from before they were two actions', async () => {
    const entry = { teamId: TEAM, actorId: ANN, fileId: 'F1AAAAA', channelId: null };
    await recordAudit(catalog, { ...entry, at: T0 + 1, action: 'link', detail: { minutes: 5 } });
    await recordAudit(catalog, {
      ...entry,
      at: T0 + 2,
      action: 'link',
      detail: { minutes: 1, preview: true },
    });
    await recordAudit(catalog, { ...entry, at: T0 + 3, action: 'preview', detail: { minutes: 1 } });
    const seen = async (query: string) =>
      (await read(AUDITOR, query)).page.entries.map(({ action, at }) => `${action} ${at - T0}`);
    expect(await seen('action:downloaded')).toEqual(['link 1']);
    expect(await seen('action:previewed')).toEqual(['preview 3', 'preview 2']);
  });

  it('turns pages', async () => {
    const asked = { userId: ADMIN, query: 'action:stored', limit: 1 };
    const first = await auditLog(world.vault, asked);
    const from = first.page.older;
    expect(from).not.toBeNull();
    const second = await auditLog(world.vault, { ...asked, ...(from && { from }) });
    expect(second.page).toMatchObject({ older: null, entries: [{ action: 'stored' }] });
    expect(second.page.entries[0]?.id).not.toBe(first.page.entries[0]?.id);
    const back = {
      ...asked,
      direction: 'newer' as const,
      ...(second.page.newer && { from: second.page.newer }),
    };
    expect((await auditLog(world.vault, back)).page.entries).toEqual(first.page.entries);
  });

  it('reads days in the time zone of the asker', async () => {
    const filter = await auditFilterFor(world.vault, { userId: AUDITOR, query: 'after:2026-11-01' });
    expect(filter).toEqual({ after: Date.UTC(2026, 10, 1) - TIME_ZONE_OFFSET });
    await expect(read(AUDITOR, 'nonsense:')).rejects.toMatchObject({ code: 'bad_audit_filter' });
  });

  it('counts only files that the reader may know', async () => {
    const many = Array.from({ length: 5 }, (_, at) =>
      found(`F4AAA${at}`, at < 2 ? 'C1' : 'C0ELSEWHERE', T0, { name: 'minutes.txt' }),
    );
    await recordShares(catalog, TEAM, many, T0);
    const asked = (userId: string, most: number) =>
      auditFilterFor(world.vault, { userId, query: 'minutes', most });
    expect(await asked(AUDITOR, 2)).toMatchObject({ cut: 2 });
    const admins = await asked(ADMIN, 2);
    expect(admins.cut).toBeUndefined();
    // The ones that they know are older than those that they do not know.
    expect(admins.fileIds?.sort()).toEqual(['F4AAA0', 'F4AAA1']);
    const all = { teamId: TEAM, text: 'minutes', most: 9, knows: async () => true };
    expect(await filesNamed(catalog, { ...all, mostJudged: 3 })).toMatchObject({ stopped: true });
    expect((await filesNamed(catalog, all)).fileIds).toHaveLength(5);
  });

  it('says when a name is of more files than are looked at', async () => {
    expect((await read(AUDITOR, 'minutes')).filter.cut).toBeUndefined();
    const many = Array.from({ length: 201 }, (_, at) =>
      found(`F3AAA${at}`, 'C1', T0, { name: 'minutes.txt' }),
    );
    await recordShares(catalog, TEAM, many, T0);
    expect((await read(AUDITOR, 'minutes')).filter.cut).toBe(200);
    // The CSV has all of them.
    const asked = { userId: AUDITOR, channelId: 'C1', query: 'minutes' };
    await orderAuditExport(world.vault, asked, async () => {});
    const { filter } = await catalog.db.selectFrom('exportJob').select('filter').executeTakeFirstOrThrow();
    expect(JSON.parse(filter).fileIds.length).toBe(201);
  });
});
