import fs, { copyFileSync, fstatSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogSync } from '../../../src/catalog/db/log-sync.ts';
import { openCatalog } from '../../../src/catalog/db/open.ts';
import { sharedCommitDialect } from '../../../src/catalog/db/shared-commit.ts';
import { temporaryFolder } from '../databases.ts';

interface Tables {
  note: { id: number; text: string };
}

describe('what comes at the same time', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let database: DatabaseSync;
  let other: DatabaseSync;
  let db: Kysely<Tables>;

  beforeEach(() => {
    folder = temporaryFolder();
    const path = join(folder.path, 'test.db');
    database = new DatabaseSync(path);
    database.exec(
      'pragma journal_mode = wal; pragma synchronous = normal; create table note (id integer primary key, text text not null)',
    );
    other = new DatabaseSync(path);
    db = new Kysely<Tables>({ dialect: sharedCommitDialect(database, { fullAfterMs: 5_000 }) });
  });

  afterEach(async () => {
    await db.destroy();
    other.close();
    folder.remove();
  });

  const add = (id: number) =>
    db
      .insertInto('note')
      .values({ id, text: `note ${id}` })
      .execute();
  const addTwo = (id: number, fail?: Error) =>
    db.transaction().execute(async (trx) => {
      await trx.insertInto('note').values({ id, text: 'first' }).execute();
      if (fail) throw fail;
      await trx
        .insertInto('note')
        .values({ id: id + 1, text: 'second' })
        .execute();
    });
  /** What another process sees: only what is committed. */
  const committed = () =>
    other
      .prepare('select id from note order by id')
      .all()
      .map(({ id }) => id);
  /** How often the database was written to, as another process sees it. */
  const version = () => other.prepare('pragma data_version').get()?.data_version;

  test('is committed once, and known to nobody before', async () => {
    version();
    const seen: unknown[] = [];
    const before = version();
    await Promise.all([
      addTwo(1).then(() => seen.push(committed())),
      add(3).then(() => seen.push(committed())),
      db
        .selectFrom('note')
        .select('id')
        .execute()
        .then(() => seen.push(committed())),
      addTwo(4).then(() => seen.push(committed())),
    ]);
    expect(seen).toEqual(Array(4).fill([1, 2, 3, 4, 5]));
    expect(version()).toBe(Number(before) + 1);
  });

  test('is committed, however large the numbers of the search index are', async () => {
    database.exec("create virtual table words using fts5 (text, content='', contentless_delete=1)");
    const ids = Array.from({ length: 300 }, (_, place) => place + 1);
    await Promise.all(
      ids.map((id) => sql`insert into words (rowid, text) values (${id}, 'a note')`.execute(db)),
    );
    await Promise.all(ids.map((id) => sql`delete from words where rowid = ${id}`.execute(db)));
    const last = database.prepare('select last_insert_rowid() as id');
    last.setReadBigInts(true);
    expect(last.get()?.id).toBeGreaterThan(2n ** 53n);
    await add(1);
    expect(committed()).toEqual([1]);
  });

  test('is committed after a defect that left a transaction open', async () => {
    database.exec('begin');
    await add(1);
    expect(committed()).toEqual([1]);
  });

  test('is undone alone when it fails', async () => {
    const results = await Promise.allSettled([
      addTwo(1),
      addTwo(3, new Error('changed my mind')),
      add(1),
      addTwo(5),
      sql`insert into nowhere values (1)`.execute(db),
      add(7),
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'rejected', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
    ]);
    expect(committed()).toEqual([1, 2, 5, 6, 7]);
  });

  test('fails together when nothing can be committed, and what comes later does not', async () => {
    database.exec(
      'pragma foreign_keys = on; create table child (id integer primary key, parent integer not null references note (id) deferrable initially deferred)',
    );
    const orphan = sql`insert into child (id, parent) values (1, 99)`.execute(db);
    const results = await Promise.allSettled([addTwo(1), orphan, add(3)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(committed()).toEqual([]);
    await add(4);
    expect(committed()).toEqual([4]);
  });

  test('fails together when SQLite has undone all of it by itself', async () => {
    database.exec(
      "create trigger full before insert on note when new.id = 66 begin select raise(rollback, 'disk full'); end",
    );
    const results = await Promise.allSettled([add(1), addTwo(65), addTwo(3), add(5)]);
    // Work that came later is not affected.
    expect(results.map(({ status }) => status)).toEqual([
      ...['rejected', 'rejected', 'fulfilled', 'fulfilled'],
    ]);
    expect(committed()).toEqual([3, 4, 5]);
    await addTwo(7);
    expect(committed()).toEqual([3, 4, 5, 7, 8]);
  });

  test('fails together when one of them cannot be undone alone', async () => {
    const before = addTwo(3);
    const half = db.transaction().execute(async (trx) => {
      await trx.insertInto('note').values({ id: 1, text: 'half' }).execute();
      await sql`release work`.execute(trx);
      throw new Error('changed my mind');
    });
    const results = await Promise.allSettled([before, half, add(5)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(committed()).toEqual([5]);
  });

  test('goes one after the other, also where one waits for something else meanwhile', async () => {
    const order: string[] = [];
    const slow = db.transaction().execute(async (trx) => {
      await trx.insertInto('note').values({ id: 1, text: 'slow' }).execute();
      order.push('slow begins');
      await new Promise((resolve) => setTimeout(resolve, 30));
      order.push('slow ends');
    });
    const quick = add(2).then(() => order.push('quick'));
    await Promise.all([slow, quick]);
    expect(order).toEqual(['slow begins', 'slow ends', 'quick']);
    expect(committed()).toEqual([1, 2]);
  });

  test('lets timers have their turn, however much there is to do', async () => {
    db = new Kysely<Tables>({ dialect: sharedCommitDialect(database) });
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    let isOver = false;
    const end = setTimeout(() => {
      isOver = true;
    }, 300);
    const busy = async (first: number) => {
      for (let id = first; !isOver; id += 1_000) await addTwo(id);
    };
    await Promise.all(Array.from({ length: 100 }, (_, i) => busy(i * 2)));
    clearInterval(timer);
    clearTimeout(end);
    expect(ticks).toBeGreaterThan(5);
  });

  describe('with a disk that takes its time', () => {
    let asked: Array<{ resolve(): void; reject(error: Error): void }>;
    let lost: unknown[];
    let slow: Kysely<Tables>;

    beforeEach(() => {
      asked = [];
      const flush = () => new Promise<void>((resolve, reject) => asked.push({ resolve, reject }));
      lost = [];
      const options = { log: { flush, close() {} }, onLost: (error: unknown) => lost.push(error) };
      slow = new Kysely<Tables>({ dialect: sharedCommitDialect(database, options) });
    });

    const turns = () => new Promise((resolve) => setTimeout(resolve, 20));

    test('nothing is reported before it is on disk, not even to those who only read', async () => {
      const told: string[] = [];
      const write = slow.insertInto('note').values({ id: 1, text: 'one' }).execute();
      write.then(() => told.push('write'));
      await turns();
      const read = slow.selectFrom('note').select('text').execute();
      read.then(() => told.push('read'));
      await turns();
      expect([committed(), told, asked.length]).toEqual([[1], [], 1]);
      asked[0]?.resolve();
      expect(await read).toEqual([{ text: 'one' }]);
      expect(told).toEqual(['write', 'read']);
    });

    test('the others go on meanwhile, and reading alone asks for no sync', async () => {
      expect(await slow.selectFrom('note').selectAll().execute()).toEqual([]);
      expect(asked.length).toBe(0);
      const first = slow.insertInto('note').values({ id: 1, text: 'one' }).execute();
      await turns();
      const second = slow.insertInto('note').values({ id: 2, text: 'two' }).execute();
      await turns();
      expect([committed(), asked.length]).toEqual([[1, 2], 2]);
      for (const { resolve } of asked) resolve();
      await Promise.all([first, second]);
    });

    test('a failing disk ends everything: what it holds is no longer known', async () => {
      const write = slow.insertInto('note').values({ id: 1, text: 'one' }).execute();
      await turns();
      asked[0]?.reject(new Error('EIO'));
      await expect(write).rejects.toThrow('EIO');
      await expect(slow.selectFrom('note').selectAll().execute()).rejects.toThrow('EIO');
      await expect(slow.insertInto('note').values({ id: 2, text: 'two' }).execute()).rejects.toThrow('EIO');
      expect(lost).toEqual([new Error('EIO')]);
    });

    test('and work that was under way then is not committed', async () => {
      const write = slow.insertInto('note').values({ id: 1, text: 'one' }).execute();
      await turns();
      const later = slow.transaction().execute(async (trx) => {
        await trx.insertInto('note').values({ id: 2, text: 'two' }).execute();
        asked[0]?.reject(new Error('EIO'));
        await turns();
      });
      await expect(write).rejects.toThrow('EIO');
      await expect(later).rejects.toThrow('EIO');
      expect([committed(), asked.length]).toEqual([[1], 1]);
    });
  });

  test('is on disk when the database is closed', async () => {
    const last = add(1);
    await db.destroy();
    await last;
    expect(committed()).toEqual([1]);
  });
});

test('a log is synced for all who ask, however many do at once', async () => {
  const folder = temporaryFolder();
  const path = join(folder.path, 'test.db');
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode = wal; create table note (id integer primary key)');
  const log = createLogSync(path);
  const syncs = Array.from({ length: 100 }, () => log.flush());
  // All except the first one share the second sync.
  expect(new Set(syncs).size).toBe(2);
  await Promise.all(syncs);
  await log.flush();
  log.close();
  database.close();
  folder.remove();
});

test('after a sync that failed none succeeds, whatever the disk says', async () => {
  const folder = temporaryFolder();
  const path = join(folder.path, 'test.db');
  const log = createLogSync(path);
  const [first, second] = [log.flush(), log.flush()];
  await expect(first).rejects.toThrow('ENOENT');
  await expect(second).rejects.toThrow('ENOENT');
  writeFileSync(`${path}-wal`, '');
  await expect(log.flush()).rejects.toThrow('ENOENT');
  folder.remove();
});

test('what a dead process left in the log is synced before anybody can find it', async () => {
  const [before, after] = [temporaryFolder(), temporaryFolder()];
  const dead = await openCatalog({ dataDir: before.path });
  for (const file of ['vault.db', 'vault.db-wal'])
    copyFileSync(join(before.path, file), join(after.path, file));
  await dead.close();
  const left = statSync(join(after.path, 'vault.db-wal')).ino;
  const { fdatasyncSync } = fs;
  const synced: number[] = [];
  fs.fdatasyncSync = (file) => {
    synced.push(fstatSync(file).ino);
    fdatasyncSync(file);
  };
  syncBuiltinESMExports();
  try {
    await (await openCatalog({ dataDir: after.path })).close();
  } finally {
    fs.fdatasyncSync = fdatasyncSync;
    syncBuiltinESMExports();
  }
  expect(synced).toEqual([left]);
  before.remove();
  after.remove();
});
