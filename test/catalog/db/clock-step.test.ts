import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moveWorkBack } from '../../../src/catalog/db/clock-step.ts';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { databases } from '../databases.ts';
import { found } from '../samples.ts';

const HOUR_MS = 3_600_000;

describe.each(databases)('a clock that was set back, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await fresh();
  });
  afterEach(() => catalog.close());

  it('takes what is due with it, and leaves the trash its day', async () => {
    const now = Date.now();
    const ahead = now + HOUR_MS;
    await recordShares(catalog, 'T1', [found('F1', 'C1', now), found('F2', 'C1', now)], ahead);
    await sql`update file set due_at = ${ahead + 1_000}, state = 'failed' where file_id = 'F1'`.execute(
      catalog.db,
    );
    await sql`update file set due_at = ${ahead + 9_000}, state = 'trashed' where file_id = 'F2'`.execute(
      catalog.db,
    );
    await moveWorkBack(catalog, { by: HOUR_MS + 0.25, now });
    const rows = await catalog.db.selectFrom('file').select(['fileId', 'dueAt']).orderBy('fileId').execute();
    expect(rows).toEqual([
      { fileId: 'F1', dueAt: now + 1_000 },
      { fileId: 'F2', dueAt: ahead + 9_000 },
    ]);
  });
});
