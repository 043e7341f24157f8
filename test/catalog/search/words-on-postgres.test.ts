import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import type { Candidates } from '../../../src/catalog/search/candidates.ts';
import { reachOf } from '../../../src/catalog/search/reach.ts';
import { type Search, spans } from '../../../src/catalog/search/spans.ts';
import { conditionsOn, not, type WordCondition } from '../../../src/catalog/search/word-condition.ts';
import { databases, type TestDatabase } from '../databases.ts';
import { found, T0, TEAM } from '../samples.ts';

const postgres = databases.find(({ name }) => name === 'PostgreSQL');

const MINUTE = 60_000;
const FILES = 3_000;

/** How PostgreSQL is asked for words, where the same answer could take far longer. */
describe.skipIf(!postgres)('words on PostgreSQL', () => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await (postgres as TestDatabase).fresh();
    const files = Array.from({ length: FILES }, (_, i) => found(`F${i}`, 'C1', T0 + i * MINUTE));
    await recordShares(catalog, TEAM, files, T0);
    await sql`vacuum analyze`.execute(catalog.db);
  });
  afterAll(() => catalog?.close());

  const reach = () => reachOf(catalog, { teamId: TEAM, channelIds: ['C1'] });
  const meeting = async (conditions: RawBuilder<boolean>[]) => {
    const { rows } = await sql<{ files: number }>`select count(*) as files from (
      select 1 from file f where ${sql.join([sql`f.id > 0`, ...conditions], sql` and `)} offset 0) counted`.execute(
      catalog.db,
    );
    return rows[0]?.files;
  };
  /** An error for each file that is asked. */
  const never: WordCondition = { index: 'said', isSo: () => sql`1 / (f.id - f.id) = 1` };
  const isHeld = (id: RawBuilder<unknown>): WordCondition => ({
    index: 'said',
    isSo: () => sql`exists (select 1 from file h where h.id = ${id} and h.folded <> '')`,
  });

  test('a dear condition that comes first is asked first', async () => {
    const none = isHeld(sql`-f.id`);
    expect(await meeting(await conditionsOn(catalog, [none, never], []))).toBe(0);
    const all = await conditionsOn(catalog, [isHeld(sql`f.id`), never], []);
    await expect(meeting(all)).rejects.toThrow('division by zero');
    expect(await meeting(await conditionsOn(catalog, [isHeld(sql`f.id`), isHeld(sql`f.id`)], []))).toBe(
      FILES,
    );
  });

  test('what an index knows of no file, or of few, is not asked of the others', async () => {
    const among = (known?: number[]): Candidates => ({
      ids: { table: sql`(select 1 as id)` },
      wholly: true,
      ...(known && { known }),
    });
    const asked = async (known?: number[]) =>
      meeting(await conditionsOn(catalog, [not({ ...never, among: among(known) })], []));
    await expect(asked()).rejects.toThrow('division by zero');
    expect(await asked([])).toBe(FILES);
    expect(await asked([-1])).toBe(FILES);
    const { rows } = await sql<{ id: number }>`select min(id) as id from file`.execute(catalog.db);
    await expect(asked([rows[0]?.id as number])).rejects.toThrow('division by zero');
    const isSo = () => sql<boolean>`f.file_id in ('F1', 'F2')`;
    const two = await sql<{ id: number }>`select id from file where file_id in ('F1', 'F2', 'F3')`.execute(
      catalog.db,
    );
    const known = two.rows.map(({ id }) => id);
    const conditions = await conditionsOn(catalog, [not({ ...never, isSo, among: among(known) })], []);
    expect(await meeting(conditions)).toBe(FILES - 2);
  });

  test('a walk to a thousand files takes steps as long as one to a page', async () => {
    const longest = async (limit: number) => {
      const search = {
        ...{ reach: await reach(), tags: [], storedOnly: false, candidates: [] },
        ...{ conditions: [sql`1 = 1`], words: [], pace: { few: 10, step: 20 }, budget: new Budget() },
      } as Search;
      const steps: number[] = [];
      for await (const { entries } of spans(catalog, search, 'older', null, limit)) steps.push(entries);
      expect(steps.reduce((sum, entries) => sum + entries)).toBe(FILES);
      return Math.max(...steps);
    };
    expect(await longest(1_000)).toBe(await longest(5));
  });
});
