import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../../bench/answers/sizes.ts';
import { reportOf } from '../../bench/parts/search.ts';
import { type Searched, searchPostgres, searchSqlite } from '../../bench/search/measure.ts';
import { noPostgres, type PostgresServer } from '../helpers/postgres.ts';

const FILES = 200;

function expectWhole(searched: Searched): void {
  expect(searched.timings.filter(({ problems }) => problems.length > 0)).toEqual([]);
  expect(searched.textBytes).toBeGreaterThan(FILES * 10_000);
  const [searches, sizes] = reportOf([searched], []).tables;
  expect(searches?.rows).toHaveLength(searched.timings.length);
  expect(sizes?.rows).toHaveLength(1);
}

test('the benchmark of searches asks all of them, and nothing is refused', async () => {
  expectWhole(await searchSqlite(FILES, { runs: 1 }));
});

describe.skipIf(noPostgres())('on PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  test('it asks the same, and nothing is refused either', async () => {
    const searched = await searchPostgres(server, FILES, { runs: 1, every: 2 });
    expectWhole(searched);
    expect(searched.documents).toBe(FILES / 2);
  });
});
