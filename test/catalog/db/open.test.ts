import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { CatalogError } from '../../../src/catalog/db/errors.ts';
import { migrate } from '../../../src/catalog/db/migrate.ts';
import { openCatalog } from '../../../src/catalog/db/open.ts';
import { claimDueFiles } from '../../../src/catalog/files/capture.ts';
import { fileById } from '../../../src/catalog/files/lookup.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { openedHome } from '../../../src/catalog/notices/homes.ts';
import { claimDuePosts } from '../../../src/catalog/notices/notices.ts';
import { totals } from '../../../src/catalog/totals/stats.ts';
import { databases, hasPostgres, newDatabase, temporaryFolder } from '../databases.ts';
import { found, T0, TEAM } from '../samples.ts';

const undo: Array<() => unknown> = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function folder(): string {
  const { path, remove } = temporaryFolder();
  undo.push(remove);
  return path;
}

async function failure(opening: Promise<{ close(): Promise<void> }>): Promise<CatalogError> {
  const error = await opening.then(
    async (catalog) => {
      await catalog.close();
      return undefined;
    },
    (reason: unknown) => reason,
  );
  if (error instanceof CatalogError) return error;
  throw error ?? new Error('the catalog opened');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** Starts worker-process.ts and waits until its catalog is open. */
async function worker(name: string, task: 'hold' | 'store', dataDir: string, databaseUrl = '') {
  const script = join(import.meta.dirname, 'worker-process.ts');
  const child: ChildProcess = spawn(process.execPath, [script, name, task, dataDir, databaseUrl]);
  undo.push(() => child.kill('SIGKILL'));
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints += chunk;
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done) throw new Error(`the worker ended: ${complaints}`);
    return line.value;
  };
  return { child, next, isOpen: next(), go: () => child.stdin?.write('go\n') };
}

describe('a SQLite catalog', () => {
  test('is kept between openings', async () => {
    const dataDir = join(folder(), 'made', 'when', 'missing');
    const first = await openCatalog({ dataDir });
    await recordShares(first, TEAM, [found('F1', 'C1', T0)], T0);
    await first.ping();
    await first.close();
    const second = await openCatalog({ dataDir });
    expect(await fileById(second, { teamId: TEAM, fileId: 'F1' })).toMatchObject({ name: 'F1.pdf' });
    await second.close();
  });

  // Commits wait for their own sync; see shared-commit.test.ts.
  test('has a log that SQLite syncs only at checkpoints', async () => {
    const catalog = await openCatalog({ dataDir: folder() });
    undo.push(() => catalog.close());
    const pragma = async (name: string) =>
      Object.values((await sql.raw<object>(`pragma ${name}`).execute(catalog.db)).rows[0] ?? {})[0];
    expect([await pragma('journal_mode'), await pragma('synchronous')]).toEqual(['wal', 1]);
  });

  test('belongs to one bot at a time', async () => {
    const dataDir = folder();
    const first = await openCatalog({ dataDir });
    const error = await failure(openCatalog({ dataDir }));
    expect(error.code).toBe('catalog_locked');
    expect(error.message).toContain('VAULT_DATA_DIR');
    await first.close();
    await (await openCatalog({ dataDir })).close();
  });

  test('is free again when its bot is killed, and what that bot had claimed goes on at once', async () => {
    const dataDir = folder();
    const seed = await openCatalog({ dataDir });
    await recordShares(seed, TEAM, [found('F1', 'C1', T0), found('F2', 'C1', T0)], T0);
    await openedHome(seed, { teamId: TEAM, userId: 'U1', now: T0 });
    await seed.close();
    const bot = await worker('killed', 'hold', dataDir);
    expect(await bot.isOpen).toBe('open');
    bot.go();
    expect(JSON.parse(await bot.next()).sort()).toEqual(['F1', 'F2']);
    expect((await failure(openCatalog({ dataDir }))).code).toBe('catalog_locked');
    bot.child.kill('SIGKILL');
    await once(bot.child, 'exit');
    const catalog = await openCatalog({ dataDir });
    undo.push(() => catalog.close());
    expect(await fileById(catalog, { teamId: TEAM, fileId: 'F1' })).toMatchObject({
      state: 'pending',
      attempts: 1,
    });

    const claimed = await claimDueFiles(catalog, { owner: 'next', limit: 9, leaseMs: 1_000, now: T0 });
    expect(claimed.map((file) => file.fileId).sort()).toEqual(['F1', 'F2']);
  });

  test('that is no database, or has been written over, is called damaged', async () => {
    const dataDir = folder();
    writeFileSync(
      join(dataDir, 'vault.db'),
      'this is not a database, but it is long enough to be looked at'.repeat(99),
    );
    const error = await failure(openCatalog({ dataDir }));
    expect(error.code).toBe('catalog_damaged');
    expect(error.message).toContain('VAULT_DATA_DIR');
  });

  test('in a place that is no folder cannot be written', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    expect((await failure(openCatalog({ dataDir: join(file, 'data') }))).code).toBe('catalog_read_only');
    expect((await failure(openCatalog({ dataDir: file }))).code).toBe('catalog_read_only');
  });

  test.skipIf(process.getuid?.() === 0)(
    'without the right to write (not as root) is called read-only',
    async () => {
      const dataDir = folder();
      chmodSync(dataDir, 0o500);
      undo.push(() => chmodSync(dataDir, 0o700));
      expect((await failure(openCatalog({ dataDir }))).code).toBe('catalog_read_only');
    },
  );

  test('made by a newer version is refused', async () => {
    const dataDir = folder();
    const catalog = await openCatalog({ dataDir });
    await sql`insert into kysely_migration (name, timestamp) values ('9999_future', '2099')`.execute(
      catalog.db,
    );
    await catalog.close();
    expect((await failure(openCatalog({ dataDir }))).code).toBe('catalog_newer');
  });
});

describe('DATABASE_URL', () => {
  test.each(['mysql://u:hunter2@db/x', 'not a url hunter2', '/var/lib/hunter2'])(
    '%j is no PostgreSQL address',
    async (databaseUrl) => {
      const error = await failure(openCatalog({ databaseUrl, dataDir: '' }));
      expect(error.code).toBe('catalog_bad_url');
      expect(error.message).toContain('DATABASE_URL');
      expect(error.message).not.toContain('hunter2');
    },
  );

  test('where nothing listens is unreachable, told without the password', async () => {
    const port = await freePort();
    const databaseUrl = `postgres://vault:hunter2@127.0.0.1:${port}/vault`;
    const error = await failure(openCatalog({ databaseUrl, dataDir: '' }));
    expect(error.code).toBe('catalog_unreachable');
    expect(error.message).toContain(`127.0.0.1:${port}/vault`);
    expect(`${error.message} ${String(error.cause)}`).not.toContain('hunter2');
  });

  test.skipIf(!hasPostgres)('that names no database says so', async () => {
    const { url: known, drop } = await newDatabase('none');
    await drop();
    const url = new URL(known);
    const error = await failure(openCatalog({ databaseUrl: url.href, dataDir: '' }));
    expect([error.code, error.message.includes('does not exist')]).toEqual(['catalog_unreachable', true]);
  });
});

describe.each(databases)('migrations on $name', ({ fresh }) => {
  test('do nothing the second time', async () => {
    const catalog = await fresh();
    undo.push(() => catalog.close());
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
    await migrate(catalog.db, catalog.kind);
    await migrate(catalog.db, catalog.kind);
    expect(await fileById(catalog, { teamId: TEAM, fileId: 'F1' })).toBeDefined();
  });
});

test.skipIf(!hasPostgres)(
  'several processes open an empty PostgreSQL at once and share the work, each file once',
  async () => {
    const database = await newDatabase('none');
    undo.push(database.drop);
    const names = ['one', 'two', 'three'];
    const workers = await Promise.all(names.map((name) => worker(name, 'store', '', database.url)));
    for (const { isOpen } of workers) expect(await isOpen).toBe('open');
    const catalog = await openCatalog({ databaseUrl: database.url, dataDir: '' });
    undo.push(() => catalog.close());
    await openedHome(catalog, { teamId: TEAM, userId: 'U1', now: T0 });
    const ids = Array.from({ length: 150 }, (_, i) => `F${1_000 + i}`);
    await recordShares(
      catalog,
      TEAM,
      ids.map((fileId) => found(fileId, 'C1', T0)),
      T0,
    );
    for (const { go } of workers) go();
    const stored = await Promise.all(workers.map(async ({ next }) => JSON.parse(await next()) as string[]));
    expect(stored.flat().sort()).toEqual(ids);
    expect(await totals(catalog, { teamId: TEAM, channelIds: ['C1'] })).toEqual({
      files: 150,
      bytes: 150_000,
    });
    const posts = await claimDuePosts(catalog, { owner: 'p', limit: 99, leaseMs: 1, now: T0 + 60_000 });
    expect(posts.map((post) => post.notices.length)).toEqual([150]);
  },
  60_000,
);

describe('the catalog’s files are for their owner alone', () => {
  const rights = (path: string) => statSync(path).mode & 0o777;

  test('in any folder, and whatever an older version left', async () => {
    const dataDir = folder();
    chmodSync(dataDir, 0o777);
    for (const name of ['vault.db', 'vault.lock']) {
      writeFileSync(join(dataDir, name), '');
      chmodSync(join(dataDir, name), 0o666);
    }
    const catalog = await openCatalog({ dataDir });
    for (const name of readdirSync(dataDir))
      expect([name, rights(join(dataDir, name))]).toEqual([name, 0o600]);
    expect(readdirSync(dataDir)).toContain('vault.db-wal');
    await catalog.close();
  });

  test('in a folder that is made', async () => {
    const dataDir = join(folder(), 'a', 'b');
    const catalog = await openCatalog({ dataDir });
    expect(rights(dataDir)).toBe(0o700);
    for (const name of readdirSync(dataDir)) expect(rights(join(dataDir, name))).toBe(0o600);
    await catalog.close();
  });
});
