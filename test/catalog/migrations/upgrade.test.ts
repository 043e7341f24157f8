// @slow: an old version’s whole catalog is brought up to date.
import { Kysely, sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { SCHEMA, type SchemaStep, schemaOf } from '../../../src/catalog/db/migrate.ts';
import { type Catalog, openCatalog, openCatalogToRead } from '../../../src/catalog/db/open.ts';
import { postgresPool } from '../../../src/catalog/db/postgres.ts';
import type { Schema } from '../../../src/catalog/db/schema.ts';
import { createSchemaGuard } from '../../../src/catalog/db/schema-guard.ts';
import { releaseOwned } from '../../../src/catalog/queue/due.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { contentOf } from '../../journal/compare.ts';
import { hasPostgres, newDatabase, temporaryFolder } from '../databases.ts';
import { makeOldCatalog, OLD } from './old-catalog.ts';

/** What no journal tells of, and people would miss all the same. */
const BESIDE = [
  ...['post', 'notice', 'sweep', 'backfill', 'home', 'trouble', 'export_job', 'file_change'],
  ...['unshared', 'workspace', 'journal_dirty', 'tally', 'breakdown'],
];

/** What columns that are new since say of rows from before. */
const SINCE: Record<string, object> = {
  files: { keptBy: null, keptAt: null, warnedDay: null },
  shares: { viaVault: 0 },
  channels: { imOtherId: null, removedAt: null, workspaces: null },
  holds: { fileIds: null },
  rules: { mayKeep: null, bookmark: null, bookmarkDone: null, external: null, text: null },
};

/** The same of what stands beside, where it is not empty. */
const COUNTED_SINCE: Record<string, object> = { backfill: { found: 0, skipped: 0, stored: 0 } };

/** A public channel that was swept once, and that the bot is not in: people removed it. */
const REMOVED = 'C1';

const withSince = (content: Record<string, unknown[]>) =>
  Object.fromEntries(
    Object.entries(content).map(([what, rows]) => [
      what,
      (rows as Array<{ channelId?: string; checkedAt?: number }>).map((row) => {
        const wasRemoved = what === 'channels' && row.channelId === REMOVED;
        return { ...row, ...SINCE[what], ...(wasRemoved ? { removedAt: row.checkedAt } : {}) };
      }),
    ]),
  );

/** The rows, as text: a column that is new since is not in it if it is empty, or says what it says of rows from before. */
async function rowsBeside({ db }: Catalog): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const table of BESIDE) {
    const { rows } = await sql<object>`select * from ${sql.table(table)}`.execute(db);
    const since = new Map<string, unknown>(Object.entries(COUNTED_SINCE[table] ?? {}));
    all[table] = rows
      .map((row) =>
        JSON.stringify(
          Object.entries(row)
            .filter(([column, value]) => value !== null && since.get(column) !== value)
            .sort(),
        ),
      )
      .sort();
  }
  return all;
}

const removals: Array<() => unknown> = [];
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove();
});

const places = [
  {
    name: 'SQLite',
    async make() {
      const folder = temporaryFolder();
      removals.push(folder.remove);
      return { dataDir: folder.path };
    },
  },
  ...(hasPostgres
    ? [
        {
          name: 'PostgreSQL',
          async make() {
            const { url, drop } = await newDatabase('none');
            removals.push(drop);
            return { dataDir: '', databaseUrl: url };
          },
        },
      ]
    : []),
];

describe.each(places)('a catalog of version 0.2.0 on $name', ({ make }) => {
  it('is brought up to date, and everything is there', async () => {
    const place = await make();
    await makeOldCatalog(place);
    const before = await openCatalogToRead({ ...place, anyVersion: true });
    expect(await schemaOf(before)).toBe(OLD);
    const [content, beside] = [await contentOf(before), await rowsBeside(before)];
    expect(content.files).toHaveLength(12);
    expect(new Set(content.files?.map((file) => (file as { state: string }).state)).size).toBeGreaterThan(4);
    await before.close();

    const steps: SchemaStep[] = [];
    const after = await openCatalog({ ...place, onStep: (step) => void steps.push(step) });
    expect(steps).toEqual([{ from: OLD, to: SCHEMA }]);
    expect(await contentOf(after)).toEqual(withSince(content));
    const { journal_dirty: untold, ...others } = await rowsBeside(after);
    const { journal_dirty: untoldBefore = [], ...othersBefore } = beside;
    expect(others).toEqual(othersBefore);
    // The journal is to tell when the bot was removed, too.
    const news = untold?.filter((row) => !untoldBefore.includes(row));
    expect(news).toEqual([expect.stringContaining(`["key","${REMOVED}"],["kind","channel"]`)]);
    expect(untold).toHaveLength(untoldBefore.length + 1);
    const viewer = { teamId: 'T1', channelIds: ['C1', 'C2'] };
    const { files } = await findFiles(after, { viewer, filter: { text: 'resume' }, limit: 5 });
    expect(files.map(({ fileId }) => fileId)).toEqual(['F2']);
    await after.close();

    // The second start finds nothing to do.
    const again = await openCatalog({ ...place, onStep: (step) => void steps.push(step) });
    expect(steps).toHaveLength(1);
    await again.close();
  });
});

describe.skipIf(!hasPostgres)('an old bot beside a new one on PostgreSQL', () => {
  it('keeps nothing that it writes from then on, still reads, and can hand back its work', async () => {
    const { url: databaseUrl, drop } = await newDatabase('none');
    removals.push(drop);
    await makeOldCatalog({ databaseUrl });
    // As a process of that version opens it.
    const guard = createSchemaGuard();
    guard.arm(OLD);
    const { dialect } = postgresPool(databaseUrl, { guard });
    const old = new Kysely<Schema>({ dialect });
    removals.unshift(() => old.destroy());
    const write = (name: string) =>
      old
        .transaction()
        .execute((trx) => sql`update file set name = ${name} where file_id = 'F1'`.execute(trx));
    await write('by the old one');
    await sql`update file set lease_owner = 'old', state = 'storing', due_at = 9e12 where file_id = 'F12'`.execute(
      old,
    );

    const fresh = await openCatalog({ databaseUrl, dataDir: '' });
    removals.unshift(() => fresh.close());
    await expect(write('too late')).rejects.toMatchObject({ code: 'catalog_newer' });
    const nameNow = await sql<{ name: string }>`select name from file where file_id = 'F1'`.execute(old);
    expect(nameNow.rows).toEqual([{ name: 'by the old one' }]);
    expect(await releaseOwned({ db: old, kind: 'postgres' }, 'old')).toEqual([]);
    const handed = await fresh.db
      .selectFrom('file')
      .select(['state', 'leaseOwner', 'dueAt'])
      .where('fileId', '=', 'F12')
      .execute();
    expect(handed).toEqual([{ state: 'pending', leaseOwner: null, dueAt: 0 }]);
  });
});
