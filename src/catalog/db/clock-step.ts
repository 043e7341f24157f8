import { sql } from 'kysely';
import { WORK } from '../queue/due.ts';
import type { Catalog, Scope } from './schema.ts';
import { inTransaction } from './transaction.ts';

/**
 * Other moments that work depends on, besides `due_at`. If they were ahead of the clock, they would delay it as well.
 */
const MOMENTS = [
  ['post', 'sent_at'],
  ['sweep', 'wanted_at'],
  ['sweep', 'met_at'],
  ['sweep', 'began_at'],
  ['file_change', 'first_at'],
  ['file_change', 'last_at'],
] as const;

/**
 * The machine's clock was set back by `by` ms, to `now`. Future times were written by the old clock, so all work is
 * moved back with it; otherwise it would rest until the clock reaches them again. Work planned before the clock went
 * wrong comes that much too early, which does no harm. Files in the trash keep their day.
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
