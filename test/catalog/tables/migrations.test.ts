import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCatalog } from '../../../src/catalog/open.ts';
import { temporaryFolder } from '../databases.ts';

describe('migrations on SQLite', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let database: DatabaseSync;
  beforeEach(() => {
    folder = temporaryFolder();
    database = new DatabaseSync(join(folder.path, 'vault.db'));
  });
  afterEach(() => {
    database.close();
    folder.remove();
  });

  const tables = () =>
    database
      .prepare(`select name from sqlite_master where type = 'table' order by name`)
      .all()
      .map(({ name }) => name);

  it('that break off half-way leave nothing, and go through the next time', async () => {
    // In the way of a later migration, so that those before it have done their work already.
    database.exec('create table trouble (id integer)');
    await expect(openCatalog({ dataDir: folder.path })).rejects.toMatchObject({ code: 'catalog_failed' });
    expect(tables().filter((name) => !String(name).startsWith('kysely'))).toEqual(['trouble']);

    database.exec('drop table trouble');
    const catalog = await openCatalog({ dataDir: folder.path });
    expect(tables()).toContain('trouble');
    await catalog.close();
  });
});
