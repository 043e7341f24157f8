import { sql } from 'kysely';
import { WORK } from '../queue/due.ts';
import type { Catalog, Scope } from './schema.ts';
import { inTransaction } from './transaction.ts';

/** Moments that work is measured by besides `due_at`. Ahead of the clock, they would hold it up as well. */
const MOMENTS = [
  ['post', 'sent_at'],
  ['sweep', 'wanted_at'],
  ['sweep', 'met_at'],
  ['sweep', 'began_at'],
  ['file_change', 'first_at'],
  ['file_change', 'last_at'],
] as const;

/**
 * The machine's clock was set back by `by` ms, to `now`. Times to come were written by the clock as it was, so all
 * work is moved back with it; otherwise it would rest until the clock is there again. Work that was planned before
 * the clock went wrong comes so much too early, which does no harm. What waits in the trash keeps its day.
 */
export async function moveWorkBack(
  catalog: Catalog,
  { by, now }: { by: number; now: number },
): Promise<void> {
  const step = Math.round(by);
  await inTransaction(catalog, async ({ db }: Scope) => {
    for (const [work, { table, condition }] of Object.entries(WORK)) {
      if (work === 'purge') continue;
      await sql`update ${sql.table(table)} set due_at = due_at - ${step}
        where due_at > ${now} and ${condition}`.execute(db);
    }
    for (const [table, column] of MOMENTS) {
      await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sql.ref(column)} - ${step}
        where ${sql.ref(column)} > ${now}`.execute(db);
    }
  });
}
