import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { prepared } from '../../../src/catalog/db/prepared.ts';
import type { Scope } from '../../../src/catalog/db/schema.ts';
import { inTransaction } from '../../../src/catalog/db/transaction.ts';
import { openNewCatalog } from '../databases.ts';

let dataDir: string;
let catalog: Catalog;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-prepared-'));
  catalog = await openNewCatalog(dataDir);
});
afterAll(async () => {
  await catalog.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a prepared statement', () => {
  let built = 0;
  const newGone = prepared((scope: Scope, row: { teamId: string; fileId: string; deletedAt: number }) => {
    built++;
    return scope.db.insertInto('gone').values(row).returningAll();
  });

  test('is built once, and takes other values each time', async () => {
    for (const [index, fileId] of ['F1', 'F2', "F3'; drop table gone; --"].entries()) {
      const row = { teamId: 'T1', fileId, deletedAt: index };
      expect(await newGone(catalog, row)).toEqual([row]);
    }
    expect(built).toBe(1);
    expect(await catalog.db.selectFrom('gone').selectAll().execute()).toHaveLength(3);
  });

  test('gives and undoes in a transaction what it does outside of one', async () => {
    const row = { teamId: 'T2', fileId: 'F1', deletedAt: 5 };
    const failed = inTransaction(catalog, async (scope) => {
      expect(await newGone(scope, row)).toEqual([row]);
      throw new Error('undo it');
    });
    await expect(failed).rejects.toThrow('undo it');
    expect(await inTransaction(catalog, (scope) => newGone(scope, row))).toEqual([row]);
    await expect(inTransaction(catalog, (scope) => newGone(scope, row))).rejects.toThrow(/UNIQUE/);
  });

  test('is built again for other columns', async () => {
    const change = prepared(
      (scope: Scope, { id, ...columns }: { id: string; name?: string; mode?: string }) =>
        scope.db.updateTable('file').set(columns).where('fileId', '=', id).returning(['name', 'mode']),
    );
    const file = { teamId: 'T1', fileId: 'F1', channelId: 'C1', sharedAt: 1, state: 'pending' as const };
    const rest = { knownAs: '', folded: '', quiet: 0, name: 'a', mode: 'hosted' };
    await catalog.db
      .insertInto('file')
      .values({ ...file, ...rest } as never)
      .execute();
    expect(await change(catalog, { id: 'F1', name: 'b' })).toEqual([{ name: 'b', mode: 'hosted' }]);
    expect(await change(catalog, { id: 'F1', mode: 'space' })).toEqual([{ name: 'b', mode: 'space' }]);
    expect(await change(catalog, { id: 'F1', name: 'c', mode: 'email' })).toEqual([
      { name: 'c', mode: 'email' },
    ]);
    const half = { id: 'F1', name: 'd', mode: undefined } as { id: string; name: string };
    expect(await change(catalog, half)).toEqual([{ name: 'd', mode: 'email' }]);
  });

  test('keeps what it was built with, in its place among the values', async () => {
    const between = prepared(
      (_: Scope, { from, to }: { from: number; to: number }) => sql<{ fileId: string }>`
        select file_id from gone where team_id = ${'T1'} and deleted_at between ${from} and ${to} order by 1`,
    );
    expect(await between(catalog, { to: 1, from: 1 })).toEqual([{ fileId: 'F2' }]);
    expect(await between(catalog, { from: 0, to: 1 })).toEqual([{ fileId: 'F1' }, { fileId: 'F2' }]);
  });

  test('belongs to the transaction that it is run in', async () => {
    const failing = catalog.db.transaction().execute(async (db) => {
      await newGone({ db, kind: catalog.kind }, { teamId: 'T1', fileId: 'F9', deletedAt: 9 });
      throw new Error('undo');
    });
    await expect(failing).rejects.toThrow('undo');
    expect(await catalog.db.selectFrom('gone').where('fileId', '=', 'F9').selectAll().execute()).toEqual([]);
  });
});
