import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../../bench/answers/sizes.ts';
import { loadedCatalog } from '../../bench/catalog-file.ts';
import { loadPostgres } from '../../bench/load-postgres.ts';
import { stepOf } from '../../bench/sample.ts';
import { fillPostgres } from '../../bench/search/fill-postgres.ts';
import { fillSqlite } from '../../bench/search/fill-sqlite.ts';
import { documentOf } from '../../bench/search/rows.ts';
import { drawDocument, seedOf, wordAt } from '../../bench/search/words.ts';
import { type Catalog, openCatalog } from '../../src/catalog/db/open.ts';
import { idsIn } from '../../src/catalog/postings/ids.ts';
import { PartReader } from '../../src/catalog/postings/part.ts';
import { indexWords } from '../../src/catalog/reading/index-words.ts';
import { indexedText } from '../../src/contents/words-of.ts';
import { noPostgres, type PostgresServer } from '../helpers/postgres.ts';

const FILES = 40;
const STEP_MS = stepOf(FILES);
const say = () => {};

/** The keys that the index of contents has, with the documents of each. */
async function indexed({ db }: Catalog) {
  const segments = await sql<{ id: number; documents: number; ids: Uint8Array }>`
    select id, documents, ids from content_segment where level >= 0`.execute(db);
  const { rows } = await sql<{
    id: number;
    segmentId: number;
    slot: number;
  }>`select * from content_document`.execute(db);
  const isThere = new Set(rows.map(({ id, segmentId, slot }) => `${id} ${segmentId} ${slot}`));
  const documents = new Map<number, number[]>();
  for (const { id, documents: many, ids } of segments.rows) {
    const parts = await sql<{ bits: Uint8Array }>`
      select bits from content_part where segment_id = ${id} order by first_key`.execute(db);
    const own = idsIn(ids, many);
    for (const { bits } of parts.rows) {
      const reader = new PartReader(bits, many);
      while (reader.next())
        reader.slots((slot) => {
          const document = own[slot] as number;
          if (!isThere.has(`${document} ${id} ${slot}`)) return;
          documents.set(document, [...(documents.get(document) ?? []), reader.key]);
        });
    }
  }
  return { rows: [...documents].sort(([a], [b]) => a - b) };
}

/** What the benchmark wrote against what the bot writes of the same documents. */
async function expectTheSame(catalog: Catalog): Promise<void> {
  const before = await indexed(catalog);
  expect(before.rows.length).toBeGreaterThanOrEqual(FILES);
  const files = await catalog.db.selectFrom('file').select(['id', 'audienceId', 'name', 'title']).execute();
  for (const file of files)
    await indexWords(catalog, file, await indexedText([{ page: 1, text: documentOf(file.id - 1) }]));
  expect(await indexed(catalog)).toEqual(before);
}

test('a document has about as many different words and pairs as those of people, and the frequent ones are frequent', () => {
  const many = 200;
  const documents = Array.from({ length: many }, (_, i) => [...drawDocument(seedOf(i), 3_000)]);
  const sum = (of: (words: number[]) => number) => documents.reduce((all, one) => all + of(one), 0) / many;
  const words = sum((one) => new Set(one).size);
  expect(words).toBeGreaterThan(900);
  expect(words).toBeLessThan(970);
  const pairs = sum((one) => new Set(one.slice(1).map((word, i) => `${one[i]} ${word}`)).size);
  expect(pairs).toBeGreaterThan(2_350);
  expect(pairs).toBeLessThan(2_550);
  const having = (from: number, to: number) =>
    sum((one) => new Set(one.filter((rank) => rank >= from && rank < to)).size) / (to - from);
  expect(having(5, 10)).toBe(1);
  expect(having(490, 530)).toBeCloseTo(0.2, 1);
  expect(having(17_000, 19_000)).toBeGreaterThan(0.004);
  expect(having(17_000, 19_000)).toBeLessThan(0.007);
  expect(documentOf(3).split(' ')).toEqual(documents[3]?.map(wordAt));
});

test('the benchmark fills the index of contents as the bot does', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-bench-rows-'));
  cpSync(await loadedCatalog(FILES, STEP_MS, say), dataDir, { recursive: true });
  fillSqlite(dataDir, FILES, STEP_MS, say);
  const catalog = await openCatalog({ dataDir });
  try {
    await expectTheSame(catalog);
  } finally {
    await catalog.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

describe.skipIf(noPostgres())('on PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  test('it does, too', async () => {
    const databaseUrl = await server.createDatabase();
    await loadPostgres(databaseUrl, FILES, STEP_MS, say);
    await fillPostgres(databaseUrl, FILES, STEP_MS, say);
    const catalog = await openCatalog({ databaseUrl, dataDir: '' });
    try {
      await expectTheSame(catalog);
    } finally {
      await catalog.close();
    }
  });
});
