import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { auditFilterFor, auditLog } from '../../src/vault/audit.ts';
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
      { actorId: ADMIN, detail: { what: 'audit', query: 'file:F2AAAAA' } },
    ]);
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
});
