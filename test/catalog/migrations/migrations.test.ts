// @slow: thousands of rows, and random texts.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Catalog, openCatalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { searchIndex } from '../../../src/catalog/migrations/0001_catalog.ts';
import { statements as placeIndexes } from '../../../src/catalog/migrations/0010_places.ts';
import { up as listEverything } from '../../../src/catalog/migrations/0014_listed.ts';
import { up as foldAnew } from '../../../src/catalog/migrations/0015_folded.ts';
import type { SharedFile, SkipReason } from '../../../src/catalog/model.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { databases, temporaryFolder } from '../databases.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

/** What lists and sums are read from. */
async function derived({ db }: Catalog) {
  const read = async (table: string, order: string, which = '1 = 1') =>
    (
      await sql`select * from ${sql.table(table)} where ${sql.raw(which)} order by ${sql.raw(order)}`.execute(
        db,
      )
    ).rows;
  return {
    listing: await read('listing', 'channel_id, tag, shared_at, file_id'),
    places: await read('channel_file', 'file_id, channel_id'),
    sums: await read('breakdown', 'part, audience_id, name', 'files > 0'),
    tally: await read('tally', 'uploader_id, audience_id'),
  };
}

describe.each(databases)('what was not kept before it was listed, on $name', ({ fresh }) => {
  it('gets its places in the lists, and is counted, as if it came today', async () => {
    const catalog = await fresh();
    const { db } = catalog;
    const skipped = (fileId: string, skip: SkipReason, file: Partial<SharedFile>) =>
      recordShares(catalog, TEAM, [{ ...found(fileId, 'C1', T0, file), skip }], T0);
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0), found('F2', 'C2', T0)], T0);
    await storeFile(catalog, 'F1');
    const plan = { name: 'Über plan.GDOC', filetype: 'gdoc', mimetype: 'application/x' };
    await skipped('F3', 'external', plan);
    await recordShares(catalog, TEAM, [{ ...found('F3', 'C2', T0 + 5, plan), skip: 'external' }], T0);
    await skipped('F4', 'tombstone', { name: null, title: ' ' });
    await skipped('F5', 'deleted_in_slack', { name: '', title: 'a "b" \\ c', filetype: 'two words' });
    await skipped('F6', 'hidden_by_limit', { name: null, title: null, uploaderId: null, mimetype: null });
    // More than the migration takes in one step.
    const films = Array.from({ length: 2_100 }, (_, i) => ({
      ...found(`G${i}`, 'C1', T0 + i, { name: `film ${i}.mov` }),
      skip: 'too_large' as const,
    }));
    await recordShares(catalog, TEAM, films, T0);
    const expected = await derived(catalog);
    // Back to how it was before, then through the migration again.
    for (const statement of [
      `delete from listing where file_id not in (select file_id from file where state = 'stored')`,
      `update channel_file set listed_as = null where file_id not in (select file_id from file where state = 'stored')`,
      `delete from breakdown where part in ('not_kept', 'waiting')`,
      'delete from tally where files = 0',
    ])
      await sql.raw(statement).execute(db);
    await listEverything(db as unknown as Kysely<unknown>, catalog.kind);
    expect(await derived(catalog)).toEqual(expected);
    const viewer = { teamId: TEAM, channelIds: ['C2'] };
    const { files } = await findFiles(catalog, { viewer, filter: { text: 'über' }, limit: 5 });
    expect(files.map(({ fileId }) => fileId)).toEqual(['F3']);
    await catalog.close();
  }, 120_000);
});

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

  it('that break off half-way leave nothing behind, and succeed the next time', async () => {
    // It blocks a later migration, so that the ones before it have already done their work.
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
    // Back to how it was, then through the migration again.
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

describe.each(databases)('names that were folded by older rules, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await fresh();
  });
  afterEach(() => catalog.close());

  const NAMES = [
    'Straße – „Q4“.pdf',
    ':tada: party.png',
    'R&D --v2.txt',
    'plain.pdf',
    'Anna’s\u200b\u00a0ﬁle',
  ];

  it('are folded as new ones are, and nothing else changes', async () => {
    const names = [...NAMES, ...fc.sample(fc.string({ unit: 'binary' }), { numRuns: 300, seed: 9 })];
    const files = names.map((name, i) => found(`F${i}`, 'C1', T0, { name: name.replaceAll('\0', '') }));
    await recordShares(catalog, TEAM, files, T0);
    await storeFile(catalog, 'F0');
    const { db } = catalog;
    const rows = async () => (await sql<FoldedRow>`select id, folded from file order by id`.execute(db)).rows;
    const asNew = await rows();
    await sql`update file set folded = 'old' || id || 'xyz' where id % 3 = 1`.execute(db);
    await sql`delete from journal_dirty`.execute(db);

    await foldAnew(db as unknown as Kysely<unknown>);
    expect(await rows()).toEqual(asNew);
    expect((await sql`select 1 from journal_dirty`.execute(db)).rows).toEqual([]);
    const viewer = { teamId: TEAM, channelIds: ['C1'] };
    const search = async (text: string) =>
      (await findFiles(catalog, { viewer, filter: { text }, limit: 5 })).files.map(({ fileId }) => fileId);
    expect(await search('strasse - ')).toEqual(['F0']);
    expect(await search('old1xyz')).toEqual([]);
  });
});

interface FoldedRow {
  id: number;
  folded: string;
}
