import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { searchIndex } from '../../../src/catalog/dialect.ts';
import { openCatalog } from '../../../src/catalog/open.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { recordShares } from '../../../src/catalog/shares.ts';
import { placeIndexes } from '../../../src/catalog/tables/migrate-places.ts';
import { temporaryFolder } from '../databases.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

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

  it('find what was stored before the search index knew of channels', async () => {
    const first = await openCatalog({ dataDir: folder.path });
    await recordShares(first, TEAM, [found('F1', 'C1', T0), found('F2', 'C2', T0)], T0);
    await storeFile(first, 'F1');
    await storeFile(first, 'F2');
    await first.close();
    // Back to how it was, and through the migration once more.
    database.exec(`drop trigger file_text_insert; drop trigger file_text_add; drop trigger file_text_update;
      drop table file_text; drop index file_trash_audience`);
    for (const statement of searchIndex('sqlite')) database.exec(statement);
    database.exec('insert into file_text (rowid, folded) select id, folded from file');
    for (const statement of placeIndexes('sqlite')) database.exec(statement);

    const catalog = await openCatalog({ dataDir: folder.path });
    const viewer = { teamId: TEAM, channelIds: ['C1'] };
    const { files } = await findFiles(catalog, { viewer, filter: { text: 'title' }, limit: 5 });
    expect(files.map(({ fileId }) => fileId)).toEqual(['F1']);
    await catalog.close();
  });
});
