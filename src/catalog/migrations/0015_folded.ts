import { sql } from 'kysely';
import type { Db } from './frozen/database.ts';
import { foldFile } from './frozen/fold.ts';

const BATCH = 1_000;

/**
 * Folds the names and titles of all files by the rules of this version: plain quotes and dashes, nothing that cannot be
 * seen, `ss` for `ß`, signs for the short names of emoji. Only rows that change are written; triggers keep the
 * search indexes in step, and the journal takes no note of `folded`.
 */
export async function up(db: Db): Promise<void> {
  for (let after = 0; ; ) {
    const { rows } = await sql<Row>`select id, name, title, folded from file
      where id > ${after} order by id limit ${BATCH}`.execute(db);
    for (const { id, name, title, folded } of rows) {
      const anew = foldFile({ name, title });
      if (anew !== folded) await sql`update file set folded = ${anew} where id = ${id}`.execute(db);
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = Number(last.id);
  }
}

interface Row {
  id: number | string;
  name: string | null;
  title: string | null;
  folded: string;
}
