import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { NO_HISTORY } from '../helpers/shared-sqlite.ts';
import { databases } from './databases.ts';

it.each(databases)('each new catalog on $name has a journal with a history of its own', async ({ fresh }) => {
  const catalogs = await Promise.all([fresh(), fresh()]);
  const found = await Promise.all(
    catalogs.map(({ db }) => sql<{ history: string }>`select history from journal`.execute(db)),
  );
  await Promise.all(catalogs.map((catalog) => catalog.close()));
  const [one, two] = found.map(({ rows }) => rows[0]?.history);
  expect([one, two]).not.toContain(NO_HISTORY);
  expect(one).not.toBe(two);
});
