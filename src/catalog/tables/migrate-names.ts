import { type Kysely, sql } from 'kysely';
import { recognised } from '../../file-names.ts';
import { foldFile } from '../search/fold.ts';

interface NamedRow {
  id: number | string;
  name: string | null;
  title: string | null;
  mode: string | null;
  filetype: string | null;
}

const ROWS_AT_ONCE = 1_000;

/**
 * Earlier versions wrote down what Slack calls a canvas, a post, an e-mail or a list (`-`, `Untitled`, `weekly_sync`),
 * and its title as Slack escapes it. They get the names by which people know them.
 */
export async function recogniseNames(db: Kysely<unknown>): Promise<void> {
  for (let after = 0; ; ) {
    const { rows } = await sql<NamedRow>`
      select id, name, title, mode, filetype from file where id > ${after}
        and mode in ('quip', 'canvas', 'docs', 'space', 'post', 'email', 'list', 'snippet', 'huddle_transcript')
      order by id limit ${ROWS_AT_ONCE}`.execute(db);
    for (const { id, mode, filetype, ...said } of rows) {
      const { name, title } = recognised(said, { mode, filetype });
      if (name === said.name && title === said.title) continue;
      const folded = foldFile({ name, title });
      await sql`update file set name = ${name}, title = ${title}, folded = ${folded} where id = ${id}`.execute(
        db,
      );
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return;
    after = Number(last.id);
  }
}
