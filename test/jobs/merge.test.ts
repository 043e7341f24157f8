import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { dropDocument, putDocument } from '../../src/catalog/postings/documents.ts';
import { partsOf } from '../../src/catalog/postings/segment.ts';
import { mergeJob } from '../../src/jobs/merge.ts';
import { openNewCatalog, temporaryFolder } from '../catalog/databases.ts';
import { T0 } from '../catalog/samples.ts';

const MINUTE = 60_000;

const folder = temporaryFolder();
let catalog: Catalog;
beforeAll(async () => {
  catalog = await openNewCatalog(folder.path);
});
afterAll(async () => {
  await catalog.close();
  folder.remove();
});

test('merges segments when there are enough; makes those anew of which much is gone, and an hour later all others', async () => {
  let now = T0;
  const warn = vi.fn();
  const job = mergeJob({ vault: { catalog, now: () => now, log: { warn } } } as never);
  const abort = new AbortController();
  const run = async () => {
    let runs = 0;
    for (; (await job.claim(1)).length > 0 && runs < 20; runs++) await job.work('next', abort.signal);
    return runs;
  };
  const segments = async () =>
    (
      await sql<{ documents: number }>`select documents from content_segment where level >= 0`.execute(
        catalog.db,
      )
    ).rows
      .map(({ documents }) => documents)
      .sort((a, b) => a - b);
  const put = (id: number) => putDocument(catalog, id, [...partsOf([[1, id]])]);
  for (let id = 1; id <= 15; id++) await put(id);
  expect(await run()).toBe(0);
  expect(await job.nextDueAt()).toBe(T0 + 10 * MINUTE);
  await put(16);
  expect(await job.nextDueAt()).toBe(T0);
  expect(await run()).toBeGreaterThan(0);
  expect(await segments()).toEqual([16]);
  for (let id = 1; id <= 8; id++) await dropDocument(catalog, id);
  now += 11 * MINUTE;
  expect(await run()).toBeGreaterThan(0);
  expect(await segments()).toEqual([8]);
  await dropDocument(catalog, 9);
  now += 11 * MINUTE;
  await run();
  expect(await segments()).toEqual([8]);
  now += 60 * MINUTE;
  await run();
  expect(await segments()).toEqual([7]);
  expect((await sql`select 1 from content_gone`.execute(catalog.db)).rows).toEqual([]);
  expect(warn).not.toHaveBeenCalled();

  // It cannot be done: it is said, and tried again in a minute.
  await sql`update content_segment set ids = x'', documents = 9`.execute(catalog.db);
  await sql`alter table content_part rename to elsewhere`.execute(catalog.db);
  for (let id = 20; id <= 35; id++)
    await sql`insert into content_segment (level, documents, ids, at) values (0, 1, x'02', 0)`.execute(
      catalog.db,
    );
  now += 10_000;
  expect(await run()).toBe(1);
  expect(warn).toHaveBeenCalledOnce();
  expect(await job.nextDueAt()).toBe(now + MINUTE);
});
