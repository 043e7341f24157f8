import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import { recount } from '../../../src/catalog/totals/recount.ts';
import { databases } from '../databases.ts';
import { found, sampleShare, sampleStub, storeFile, T0, TEAM } from '../samples.ts';

const DAY = 24 * 60 * 60_000;

describe.each(databases)('a recount on $name', ({ fresh }) => {
  let catalog: Catalog;
  let right: unknown;
  beforeAll(async () => {
    catalog = await fresh();
    for (let i = 0; i < 12; i++) {
      const uploaderId = `U${i % 3}`;
      await recordShares(catalog, TEAM, [found(`F${i}`, `C${i % 2}`, T0 - i * 20 * DAY, { uploaderId })], T0);
      if (i < 9) await storeFile(catalog, `F${i}`, { bytes: 10 ** (i % 4) });
    }
    await recordShares(catalog, TEAM, [found('F1', 'C9', T0)], T0);
    const skipped = sampleStub('F20', { name: 'x.mov', uploaderId: 'U7' });
    await recordShares(
      catalog,
      TEAM,
      [{ file: skipped, share: sampleShare('C1', T0), skip: 'too_large' }],
      T0,
    );
    const ref = { teamId: TEAM, fileId: 'F2' };
    await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C0', purgeAt: T0 + DAY, now: T0 });
    const version = (number: number, bytes: number, lostAt: number | null) => sql`insert into file_version
      (team_id, file_id, number, object_key, stored_bytes, sha256, crc32, proof, stored_at, lost_at)
      values (${TEAM}, 'F3', ${number}, 'k', ${bytes}, 's', 'c', 'size', 0, ${lostAt})`;
    await version(1, 40, null).execute(catalog.db);
    await version(2, 2, null).execute(catalog.db);
    await version(3, 999, T0).execute(catalog.db);
    await sql`update file set version = 4, older_versions = 2, older_bytes = 42 where file_id = 'F3'`.execute(
      catalog.db,
    );
    // From here on the sums are as the changes themselves would keep them.
    await recount(catalog);
    right = await sums();
  });
  afterAll(() => catalog.close());

  async function sums() {
    const all = (table: string, order: string) =>
      sql`select * from ${sql.table(table)} where files <> 0 or bytes <> 0 order by ${sql.raw(order)}`.execute(
        catalog.db,
      );
    const found = await Promise.all([
      all('audience', 'id'),
      all('tally', 'team_id, uploader_id, audience_id'),
      all('breakdown', 'team_id, part, audience_id, name'),
      sql`select file_id, older_versions, older_bytes from file order by file_id`.execute(catalog.db),
    ]);
    return found.map(({ rows }) => rows);
  }

  test('finds nothing wrong with what every change keeps', async () => {
    expect(await recount(catalog)).toMatchObject({ files: 13, wrong: 0 });
    await recordShares(catalog, TEAM, [found('F30', 'C1', T0)], T0);
    await storeFile(catalog, 'F30', { bytes: 5 });
    expect(await recount(catalog)).toMatchObject({ files: 14, wrong: 0 });
    right = await sums();
  });

  test.each<[string, string]>([
    ['a channel set', 'update audience set files = files + 3, bytes = -1'],
    ['the uploaders', 'update tally set files = 0, bytes = bytes * 2'],
    ['the months', `update breakdown set bytes = bytes + 1 where part = 'month'`],
    ['the types', `update breakdown set files = files - 1 where part = 'type'`],
    ['the trash', `update breakdown set files = 9 where part = 'trash'`],
    ['what waits', `update breakdown set files = 9 where part = 'waiting'`],
    ['what is not kept', `update breakdown set files = 0 where part = 'not_kept'`],
    ['parts that are gone', `delete from breakdown where part in ('month', 'waiting')`],
    ['uploaders that are gone', 'delete from tally'],
    [
      'parts that should not be there',
      `insert into breakdown (team_id, part, audience_id, name, files, bytes) select 'T1', 'month', id, '1999-01', 4, 4 from audience`,
    ],
    [
      'older versions of a file',
      `update file set older_versions = 9, older_bytes = 1 where file_id in ('F1', 'F3')`,
    ],
  ])('mends %s', async (_, spoil) => {
    await sql.raw(spoil).execute(catalog.db);
    expect(await sums()).not.toEqual(right);
    expect((await recount(catalog)).wrong).toBeGreaterThan(0);
    expect(await sums()).toEqual(right);
    expect((await recount(catalog)).wrong).toBe(0);
  });
});
