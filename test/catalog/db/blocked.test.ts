/** Other roles of the same PostgreSQL hold what the vault waits for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { lockExclusive, lockShared } from '../../../src/catalog/db/dialect.ts';
import type { CatalogError } from '../../../src/catalog/db/errors.ts';
import { openCatalog, openCatalogToRead } from '../../../src/catalog/db/open.ts';
import { inTransaction } from '../../../src/catalog/db/transaction.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { Budget, within } from '../../../src/catalog/search/budget.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { noPostgres, type PostgresServer, startPostgres } from '../../helpers/postgres.ts';
import { sampleFile, sampleShare, T0, TEAM } from '../samples.ts';

const MIGRATION_LOCK = 7_242_011_873;
/** Kysely's own, for migrations: node_modules/kysely/dist/dialect/postgres/postgres-adapter.js. */
const KYSELYS_LOCK = '3853314791062309107';
const TEST_MS = 60_000;

// They mostly wait for a lock, so they wait together: each has a database of its own.
describe.skipIf(noPostgres()).concurrent('another role of the same PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    await server.query('create role stranger login');
  }, TEST_MS);
  afterAll(() => server.close());

  /** A catalog with one file; it is closed after the test. */
  async function running({ onTestFinished }: TestContext) {
    const databaseUrl = await server.createDatabase();
    const catalog = await openCatalog({ databaseUrl, dataDir: '' });
    onTestFinished(() => catalog.close());
    await recordShares(
      catalog,
      TEAM,
      [{ file: sampleFile('F1', { name: 'plan', title: null }), share: sampleShare('C1', T0) }],
      T0,
    );
    return { databaseUrl, catalog };
  }

  /** A session, in the middle of its work, of somebody who may only connect. */
  async function session(databaseUrl: string, statement: string, role = 'stranger') {
    const url = new URL(databaseUrl);
    url.username = role;
    const client = new pg.Client({ connectionString: url.href, application_name: "psql'; --\n" });
    client.on('error', () => {});
    await client.connect();
    await client.query('begin');
    await client.query(statement);
    const { rows } = await client.query('select pg_backend_pid() as pid');
    return { pid: rows[0].pid as number, end: () => client.end() };
  }

  async function failure(work: Promise<unknown>): Promise<CatalogError> {
    return work.then(
      () => Promise.reject(new Error('nothing failed')),
      (error) => error,
    );
  }

  test.each([
    ['the lock of migrations', MIGRATION_LOCK],
    ['the lock of migrations, shared', -MIGRATION_LOCK],
  ])(
    'who holds %s is named at the start, which goes on when it is free',
    async (_, lock) => {
      const databaseUrl = await server.createDatabase();
      const take = lock > 0 ? `pg_advisory_lock(${lock})` : `pg_advisory_lock_shared(${-lock})`;
      const stranger = await session(databaseUrl, `select ${take}`);
      const said: CatalogError[] = [];
      const opening = openCatalog({ databaseUrl, dataDir: '', onBlocked: (error) => said.push(error) });
      while (said.length < 2) await sleep(50);
      expect(said[0]?.code).toBe('catalog_blocked');
      expect(said[0]?.message).toContain('"stranger"');
      expect(said[0]?.message).toContain(`pg_terminate_backend(${stranger.pid})`);
      expect(said[0]?.message).not.toContain('\n');
      await stranger.end();
      await (await opening).close();
    },
    TEST_MS,
  );

  test(
    'a start that cannot say so ends with the sentence instead',
    async () => {
      const databaseUrl = await server.createDatabase();
      const stranger = await session(databaseUrl, `select pg_advisory_lock(${MIGRATION_LOCK})`);
      const error = await failure(openCatalog({ databaseUrl, dataDir: '' }));
      expect(error).toMatchObject({ code: 'catalog_blocked' });
      await stranger.end();
    },
    TEST_MS,
  );

  test(
    'a catalog that is up to date opens whatever locks others hold',
    async () => {
      const databaseUrl = await server.createDatabase();
      await (await openCatalog({ databaseUrl, dataDir: '' })).close();
      const stranger = await session(databaseUrl, `select pg_advisory_lock(${MIGRATION_LOCK})`);
      await (await openCatalog({ databaseUrl, dataDir: '' })).close();
      await stranger.end();
    },
    TEST_MS,
  );

  test(
    'no migration statement is ended because it is long; others are, also after a migration',
    async () => {
      const databaseUrl = await server.createDatabase();
      const owner = new pg.Client({ connectionString: databaseUrl });
      await owner.connect();
      await owner.query(`create table public.seen (ms text);
      create function public.see() returns event_trigger language plpgsql as
        $$ begin insert into public.seen values (current_setting('statement_timeout')); end $$;
      create event trigger see on ddl_command_end execute function public.see()`);
      const catalog = await openCatalog({ databaseUrl, dataDir: '' });
      const { rows } = await owner.query('select distinct ms from public.seen');
      expect(rows).toEqual([{ ms: '0' }]);
      const after = await sql`select current_setting('statement_timeout') as ms`.execute(catalog.db);
      expect(after.rows).toEqual([{ ms: '1min' }]);
      await catalog.close();
      await owner.end();
    },
    TEST_MS,
  );

  test(
    'the lock that the query builder would take for migrations blocks nothing',
    async () => {
      const databaseUrl = await server.createDatabase();
      const stranger = await session(databaseUrl, `select pg_advisory_lock(${KYSELYS_LOCK})`);
      await (await openCatalog({ databaseUrl, dataDir: '' })).close();
      await stranger.end();
    },
    TEST_MS,
  );

  describe('while the bot runs', () => {
    test.for([
      ['alone', lockExclusive],
      ['together', lockShared],
    ] as const)(
      'a lock that is taken %s is waited for some seconds, and who holds it is named',
      { timeout: TEST_MS },
      async ([, take], context) => {
        const { databaseUrl, catalog } = await running(context);
        const key = "hashtextextended('what is held', 0)";
        const stranger = await session(databaseUrl, `select pg_advisory_xact_lock(${key})`);
        const lock = () => inTransaction(catalog, (scope) => take(scope, 'what is held'));
        const many = await Promise.all(Array.from({ length: 12 }, () => failure(lock())));
        for (const error of many) {
          expect(error).toMatchObject({ code: 'catalog_blocked' });
          expect(error.message).toContain('the vault\'s lock "what is held"');
          expect(error.message).toContain(`the role "stranger" (process ${stranger.pid}`);
        }
        await stranger.end();
        await lock();
      },
    );

    test.for([
      ['access exclusive', sql`select 1 from share`],
      ['exclusive', sql`update share set position = position`],
    ] as const)(
      'a table that somebody locks in %s mode is named with who does',
      { timeout: TEST_MS },
      async ([mode, statement], context) => {
        const { databaseUrl, catalog } = await running(context);
        const owner = await session(databaseUrl, `lock table share in ${mode} mode`, 'postgres');
        const error = await failure(statement.execute(catalog.db));
        expect(error).toMatchObject({ code: 'catalog_blocked' });
        expect(error.message).toContain('the table "share"');
        expect(error.message).toContain(`process ${owner.pid}`);
        await owner.end();
      },
    );

    test(
      'a catalog that is opened only to be read says that its list of migrations is locked',
      async (context) => {
        const { databaseUrl } = await running(context);
        const lock = 'lock table kysely_migration in access exclusive mode';
        const owner = await session(databaseUrl, lock, 'postgres');
        const error = await failure(openCatalogToRead({ databaseUrl, dataDir: '' }));
        expect(error).toMatchObject({ code: 'catalog_blocked' });
        expect(error.message).toContain('the table "kysely_migration"');
        await owner.end();
      },
      TEST_MS,
    );

    test(
      'when all connections are busy, nobody is sent to look for a server that does not answer',
      async (context) => {
        const { catalog } = await running(context);
        const busy = Array.from({ length: 8 }, () => sql`select pg_sleep(14)`.execute(catalog.db));
        await sleep(500);
        const error = await failure(sql`select 1`.execute(catalog.db));
        expect(error).toMatchObject({ name: 'CatalogError', code: 'catalog_failed' });
        expect(error.message).toContain('connections to PostgreSQL');
        expect(error.message).not.toContain('host and port');
        await Promise.all(busy);
      },
      TEST_MS,
    );

    test(
      'no stranger is blamed for a row that a bot of the vault holds',
      async (context) => {
        const { databaseUrl, catalog } = await running(context);
        const other = await openCatalog({ databaseUrl, dataDir: '' });
        const held = Promise.withResolvers<void>();
        const waiting = inTransaction(other, async ({ db }) => {
          await sql`update file set name = name`.execute(db);
          await held.promise;
        });
        await sleep(200);
        const error = await failure(sql`update file set name = name`.execute(catalog.db));
        expect(error.message).toContain('another process of the vault');
        expect(error.message).not.toContain('pg_terminate_backend');
        held.resolve();
        await waiting;
        await other.close();
      },
      TEST_MS,
    );

    test.for(['audience_channel', 'tally', 'file'])(
      'a search that comes to no end at the table %s ends in time with what it has, and says so',
      { timeout: TEST_MS },
      async (table, context) => {
        const { databaseUrl, catalog } = await running(context);
        const owner = await session(databaseUrl, `lock table ${table} in access exclusive mode`, 'postgres');
        const before = performance.now();
        const viewer = { teamId: TEAM, channelIds: ['C1'], ownUserId: 'U1' };
        const find = () => findFiles(catalog, { viewer, filter: { text: 'plan' }, limit: 10 });
        expect(await find()).toMatchObject({ files: [], stopped: true, newer: null, older: null });
        expect(performance.now() - before).toBeLessThan(4_000);
        await owner.end();
        expect((await find()).files).toHaveLength(1);
      },
    );

    test('a statement over the time of its question is ended by the server', async (context) => {
      const { catalog } = await running(context);
      const budget = new Budget(100);
      await within(catalog, budget, async ({ db }) => void (await sql`select pg_sleep(20)`.execute(db)));
      expect(budget.isSpent).toBe(true);
    });

    test('any other statement has a time limit too, and a sentence says so', async (context) => {
      const { catalog } = await running(context);
      const { rows } = await sql<{ ms: string }>`select current_setting('statement_timeout') as ms`.execute(
        catalog.db,
      );
      expect(rows).toEqual([{ ms: '1min' }]);
      const slow = inTransaction(catalog, async ({ db }) => {
        await sql`set local statement_timeout = 50`.execute(db);
        await sql`select pg_sleep(20)`.execute(db);
      });
      expect(await failure(slow)).toMatchObject({ name: 'CatalogError', code: 'catalog_slow' });
    });

    test('what may take hours has no limit', async (context) => {
      const { databaseUrl } = await running(context);
      const rebuild = await openCatalog({ databaseUrl, dataDir: '', unhurried: true });
      const { rows } = await sql`select current_setting('statement_timeout') as ms`.execute(rebuild.db);
      expect(rows).toEqual([{ ms: '0' }]);
      await rebuild.close();
    });
  });
});
