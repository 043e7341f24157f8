/** While bots are exchanged, a newer version changes the tables under an older one. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { botSchemas, reportBot } from '../../../src/catalog/alerts/bots.ts';
import { SCHEMA } from '../../../src/catalog/db/migrate.ts';
import { type Catalog, openCatalog } from '../../../src/catalog/db/open.ts';
import { claimDueFiles } from '../../../src/catalog/files/capture.ts';
import { fileById } from '../../../src/catalog/files/lookup.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { releaseOwned } from '../../../src/catalog/queue/due.ts';
import { totals } from '../../../src/catalog/totals/stats.ts';
import { noPgBouncer, startPgBouncer } from '../../helpers/pgbouncer.ts';
import { noPostgres, type PostgresServer, startPostgres } from '../../helpers/postgres.ts';
import { databases } from '../databases.ts';
import { found, T0, TEAM } from '../samples.ts';

const TEST_MS = 60_000;
const NEWER = sql`insert into kysely_migration (name, timestamp) values ('9999_newer', 'now')`;

describe.skipIf(noPostgres())('a bot whose tables were changed by a newer version', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, TEST_MS);
  afterAll(() => server.close());

  async function outdated(route: 'directly' | 'through a pooler') {
    const direct = await server.createDatabase();
    const pooler = route === 'directly' ? undefined : await startPgBouncer(server);
    const catalog = await openCatalog({ databaseUrl: pooler?.through(direct) ?? direct, dataDir: '' });
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0), found('F2', 'C1', T0)], T0);
    const close = async () => {
      await catalog.close();
      await pooler?.close();
    };
    return { catalog, close };
  }

  test.each(['directly', ...(noPgBouncer() ? [] : ['through a pooler' as const])] as const)(
    'can keep no transaction any more, %s',
    async (route) => {
      const { catalog, close } = await outdated(route);
      const before = await totals(catalog, { teamId: TEAM, channelIds: ['C1'] });
      await NEWER.execute(catalog.db);
      const late = await Promise.allSettled([
        recordShares(catalog, TEAM, [found('F3', 'C1', T0)], T0),
        claimDueFiles(catalog, { owner: 'old', limit: 5, leaseMs: 1, now: T0 }),
      ]);
      for (const one of late) expect(one).toMatchObject({ reason: { code: 'catalog_newer' } });
      expect(await fileById(catalog, { teamId: TEAM, fileId: 'F3' })).toBeUndefined();
      expect(await totals(catalog, { teamId: TEAM, channelIds: ['C1'] })).toEqual(before);
      // The connection that was refused is whole.
      await Promise.all(Array.from({ length: 9 }, () => sql`select 1`.execute(catalog.db)));
      await close();
    },
    TEST_MS,
  );

  test(
    'keeps nothing of a transaction that was under way, however late it writes',
    async () => {
      const { catalog, close } = await outdated('directly');
      const written = catalog.db.transaction().execute(async (db) => {
        await sql`select 1 from file`.execute(db);
        await NEWER.execute(catalog.db);
        await sql`update file set name = 'late'`.execute(db);
      });
      expect(await written.catch((error) => error)).toMatchObject({ code: 'catalog_newer' });
      const { rows } = await sql`select 1 from file where name = 'late'`.execute(catalog.db);
      expect(rows).toEqual([]);
      await close();
    },
    TEST_MS,
  );

  test(
    'can still hand back what it works on',
    async () => {
      const { catalog, close } = await outdated('directly');
      await claimDueFiles(catalog, { owner: 'old', limit: 1, leaseMs: 60_000, now: T0 });
      await claimDueFiles(catalog, { owner: 'other', limit: 1, leaseMs: 60_000, now: T0 });
      await NEWER.execute(catalog.db);
      await sql`alter table export_job rename to export_task`.execute(catalog.db);
      expect(await releaseOwned(catalog, 'old')).toEqual(['exportJob']);
      const { rows } =
        await sql`select state, lease_owner, due_at <= ${T0} as is_due from file order by lease_owner`.execute(
          catalog.db,
        );
      expect(rows).toEqual([
        { state: 'storing', leaseOwner: 'other', isDue: false },
        { state: 'pending', leaseOwner: null, isDue: true },
      ]);
      await close();
    },
    TEST_MS,
  );
});

describe.each(databases)('on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog.close());

  test('bots say which schema they know; one that does not is told apart', async () => {
    await reportBot(catalog, 'new');
    expect(await botSchemas(catalog)).toEqual([SCHEMA]);
    if (catalog.kind === 'sqlite') return;
    await sql`insert into bot (owner, seen_at) select 'old', seen_at from bot`.execute(catalog.db);
    expect(await botSchemas(catalog)).toEqual([null, SCHEMA]);
  });

  test('the report of a bot fails once the schema is another one', async () => {
    await NEWER.execute(catalog.db);
    expect(await reportBot(catalog, 'new').catch((error) => error)).toMatchObject({ code: 'catalog_newer' });
    await sql`delete from kysely_migration where name = '9999_newer'`.execute(catalog.db);
    expect(await reportBot(catalog, 'new')).toBeGreaterThan(0);
  });
});
