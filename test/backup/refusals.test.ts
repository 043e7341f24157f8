/** What keeps a backup from being made or put back is one sentence, never a program's stack. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BackupError } from '../../src/backup/errors.ts';
import { putBackSqlite } from '../../src/backup/put-back-sqlite.ts';
import { backupSqlite } from '../../src/backup/sqlite.ts';
import { CatalogError } from '../../src/catalog/db/errors.ts';
import { openNewCatalog, temporaryFolder } from '../catalog/databases.ts';

let folder: ReturnType<typeof temporaryFolder>;
let dataDir: string;
beforeEach(async () => {
  folder = temporaryFolder();
  dataDir = join(folder.path, 'data');
  await (await openNewCatalog(dataDir)).close();
});
afterEach(() => folder.remove());

const failure = (doing: Promise<unknown>) => doing.then(() => undefined).catch((error: unknown) => error);

it('a place that takes no file is named, with what to do', async () => {
  const file = join(dataDir, 'vault.db/backup.db');
  const error = await failure(backupSqlite(dataDir, file, () => {}));
  expect(error).toBeInstanceOf(BackupError);
  expect((error as Error).message).toMatch(
    /^The backup cannot be written to .*(ENOTDIR|EEXIST).*give another name\.$/,
  );
});

it('a catalog that is no database is said to be damaged, and nothing is left of the copy', async () => {
  writeFileSync(join(dataDir, 'vault.db'), 'not a database'.repeat(1_000));
  const kept = join(folder.path, 'kept');
  const error = await failure(backupSqlite(dataDir, join(kept, 'backup.db'), () => {}));
  expect(error).toBeInstanceOf(CatalogError);
  expect(error).toMatchObject({ code: 'catalog_damaged' });
  expect(existsSync(kept) ? readdirSync(kept) : []).toEqual([]);
});

it('a folder that cannot be made takes no backup back', async () => {
  const file = join(folder.path, 'backup.db');
  await backupSqlite(dataDir, file, () => {});
  const nowhere = join(file, 'data');
  const error = await failure(putBackSqlite({ dataDir: nowhere, file, replace: false, now: 1 }));
  expect(error).toBeInstanceOf(CatalogError);
  expect(error).toMatchObject({ code: 'catalog_read_only' });
});
