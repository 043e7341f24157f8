/** A real PgBouncer in transaction mode between the vault and PostgreSQL, as at most hosting companies. */
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lockExclusive } from '../../../src/catalog/db/dialect.ts';
import type { SchemaStep } from '../../../src/catalog/db/migrate.ts';
import { type Catalog, openCatalog } from '../../../src/catalog/db/open.ts';
import { inTransaction } from '../../../src/catalog/db/transaction.ts';
import { claimDueFiles } from '../../../src/catalog/files/capture.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { Budget, within } from '../../../src/catalog/search/budget.ts';
import { noPgBouncer, type PgBouncer, startPgBouncer } from '../../helpers/pgbouncer.ts';
import { type PostgresServer, startPostgres } from '../../helpers/postgres.ts';
import { found, T0, TEAM } from '../samples.ts';

const MIGRATION_LOCK = 7_242_011_873;
const BOTS = 15;
const CONNECTIONS = 3;
const TEST_MS = 60_000;
/** What the vault sets, and what the server has by itself. */
const NAMES = [
  ...['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout'],
  ...['enable_seqscan', 'jit', 'max_parallel_workers_per_gather'],
];
const OURS = ['5s', '1min', '1min', 'off', 'off', '0'];
const SETTINGS = sql<{ values: string[] }>`select array[${sql.raw(
  NAMES.map((name) => `current_setting('${name}')`).join(', '),
)}] as values`;

describe.skipIf(noPgBouncer())('behind PgBouncer in transaction mode', () => {
  let server: PostgresServer;
  let pooler: PgBouncer;
  let direct: string;
  let databaseUrl: string;
  beforeAll(async () => {
    server = await startPostgres();
    pooler = await startPgBouncer(server, { connections: CONNECTIONS });
    direct = await server.createDatabase();
    databaseUrl = pooler.through(direct);
  }, TEST_MS);
  afterAll(async () => {
    await pooler?.close();
    await server?.close();
  });

  const locks = async () =>
    (await server.query(`select count(*)::int as n from pg_locks where locktype = 'advisory'`)).rows[0].n;

  async function startTogether(): Promise<{ catalogs: Catalog[]; steps: SchemaStep[] }> {
    const steps: SchemaStep[] = [];
    const open = () =>
      openCatalog({ databaseUrl, dataDir: '', onStep: (step) => steps.push(step), onBlocked: () => {} });
    return { catalogs: await Promise.all(Array.from({ length: BOTS }, open)), steps };
  }

  test(
    'fifteen starts at once on an empty database: one makes the tables, all go on, and no lock is left',
    async () => {
      const { catalogs, steps } = await startTogether();
      expect(steps).toEqual([{ from: null, to: expect.stringMatching(/^\d{4}_/) }]);
      expect(await locks()).toBe(0);
      await recordShares(
        catalogs[0] as Catalog,
        TEAM,
        Array.from({ length: 60 }, (_, i) => found(`F${100 + i}`, 'C1', T0)),
        T0,
      );
      const claims = await Promise.all(
        catalogs.map((catalog, i) =>
          claimDueFiles(catalog, { owner: `w${i}`, limit: 4, leaseMs: 60_000, now: T0 }),
        ),
      );
      const ids = claims.flat().map(({ fileId }) => fileId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(await locks()).toBe(0);
      await Promise.all(catalogs.map((catalog) => catalog.close()));
    },
    TEST_MS,
  );

  test(
    'later starts change nothing and wait for no lock, whoever holds it',
    async () => {
      const stranger = new pg.Client({ connectionString: direct });
      await stranger.connect();
      await stranger.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
      const { catalogs, steps } = await startTogether();
      expect(steps).toEqual([]);
      await Promise.all(catalogs.map((catalog) => catalog.close()));
      await stranger.end();
    },
    TEST_MS,
  );

  describe('with an open catalog', () => {
    let catalog: Catalog;
    beforeAll(async () => {
      catalog = await openCatalog({ databaseUrl, dataDir: '' });
    }, TEST_MS);
    afterAll(() => catalog?.close());

    const together = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 12 }, work));

    test('each statement and each transaction has the settings of the vault', async () => {
      const alone = await together(async () => (await SETTINGS.execute(catalog.db)).rows[0]?.values);
      const inside = await together(() =>
        inTransaction(catalog, async ({ db }) => {
          await sql`select pg_sleep(0.01)`.execute(db);
          return (await SETTINGS.execute(db)).rows[0]?.values;
        }),
      );
      for (const values of [...alone, ...inside]) expect(values).toEqual(OURS);
    });

    test('and leaves none of them to others who share the connections', async () => {
      await together(() => sql`select 1`.execute(catalog.db));
      await sql`select no_such_column`.execute(catalog.db).catch(() => {});
      await inTransaction(catalog, async ({ db }) => sql`select no_such_column`.execute(db)).catch(() => {});
      const others = Array.from(
        { length: CONNECTIONS },
        () => new pg.Client({ connectionString: databaseUrl }),
      );
      // All at once, so that each has another connection of the server.
      const seen = await Promise.all(
        others.map(async (client) => {
          await client.connect();
          await client.query('begin');
          await client.query('select pg_sleep(0.2)');
          const { rows } = await client.query(SETTINGS.compile(catalog.db).sql);
          await client.query('commit');
          await client.end();
          return rows[0].values;
        }),
      );
      for (const values of seen) expect(values).not.toEqual(expect.arrayContaining(['5s', '1min']));
      for (const values of seen) expect(values.slice(3, 5)).toEqual(['on', 'on']);
    });

    test('a statement that fails alone fails alone', async () => {
      const error = await sql`select no_such_column`.execute(catalog.db).catch((reason) => reason);
      expect(error).toMatchObject({ code: '42703' });
      expect((await sql<{ one: number }>`select 1 as one`.execute(catalog.db)).rows).toEqual([{ one: 1 }]);
    });

    test(
      'a lock is waited for some seconds, and who holds it is named',
      async () => {
        const stranger = new pg.Client({ connectionString: direct, application_name: 'stranger' });
        await stranger.connect();
        await stranger.query('begin');
        await stranger.query(`select pg_advisory_xact_lock(hashtextextended('held', 0))`);
        await stranger.query('lock table share in access exclusive mode');
        const waits = [
          inTransaction(catalog, (scope) => lockExclusive(scope, 'held')),
          sql`select 1 from share`.execute(catalog.db),
        ];
        const failed = await Promise.all(waits.map((wait) => wait.catch((reason) => reason)));
        for (const error of failed) {
          expect(error).toMatchObject({ code: 'catalog_blocked' });
          expect(error.message).toContain('"stranger"');
        }
        await stranger.end();
      },
      TEST_MS,
    );

    test('a question over its time is ended by the server', async () => {
      const budget = new Budget(100);
      await within(catalog, budget, async ({ db }) => void (await sql`select pg_sleep(20)`.execute(db)));
      expect(budget.isSpent).toBe(true);
    });
  });

  test('a pooler that lends single statements is named', async () => {
    const mean = await startPgBouncer(server, { mode: 'statement' });
    const url = mean.through(await server.createDatabase());
    const error = await openCatalog({ databaseUrl: url, dataDir: '' }).catch((reason) => reason);
    expect(error.message).toContain('pool_mode');
    await mean.close();
  });

  test('a database that the pooler does not find is named', async () => {
    const url = new URL(databaseUrl);
    url.pathname = '/no_such_database';
    const error = await openCatalog({ databaseUrl: url.href, dataDir: '' }).catch((reason) => reason);
    expect(error.message).toContain('no_such_database');
  });
});
