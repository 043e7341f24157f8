import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVERYDAY } from '../../bench/answers/asks.ts';
import { marks, tables } from '../../bench/answers/report.ts';
import { type Measured, measurePostgres, measureSqlite, startServer } from '../../bench/answers/sizes.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { noPostgres, type PostgresServer } from '../helpers/postgres.ts';

const FILES = 600;

function expectWhole(measured: Measured): void {
  expect(measured.timings.filter(({ problems }) => problems.length > 0)).toEqual([]);
  const names = measured.timings.map(({ name }) => name);
  expect(COMMANDS.filter(({ name }) => !names.some((one) => one.split(' ')[0] === name))).toEqual([]);
  expect(EVERYDAY.filter((name) => !names.includes(name))).toEqual([]);
  const [everyday, all] = tables([measured, measured]);
  expect(everyday?.rows.length).toBe(EVERYDAY.length);
  expect(all?.rows.map(([name]) => name)).toEqual(names);
  expect(marks(measured, measured).at(-1)?.value).toBe(1);
}

test('the benchmark asks every command, and nothing that it asks is refused', async () => {
  expectWhole(await measureSqlite(FILES, { runs: 1 }));
});

describe.skipIf(noPostgres())('on PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  test('it asks the same, and nothing is refused either', async () => {
    expectWhole(await measurePostgres(server, FILES, { runs: 1 }));
  });
});
