import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeBot, reportBot } from '../../../src/catalog/alerts/bots.ts';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { databases } from '../databases.ts';

describe.each(databases)('bots on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog.close());

  test('each counts all that share the catalog, until they go or fall silent', async () => {
    const alone = catalog.kind === 'sqlite';
    expect(await reportBot(catalog, 'a')).toBe(1);
    expect(await reportBot(catalog, 'b')).toBe(alone ? 1 : 2);
    expect(await reportBot(catalog, 'c')).toBe(alone ? 1 : 3);
    expect(await reportBot(catalog, 'a')).toBe(alone ? 1 : 3);
    await removeBot(catalog, 'b');
    expect(await reportBot(catalog, 'a')).toBe(alone ? 1 : 2);
    await sql`update bot set seen_at = seen_at - 11000 where owner = 'c'`.execute(catalog.db);
    expect(await reportBot(catalog, 'a')).toBe(1);
    expect(await reportBot(catalog, 'c')).toBe(alone ? 1 : 2);
  });
});
