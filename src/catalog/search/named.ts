import { sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import type { Catalog } from '../db/schema.ts';
import { fold } from '../derived/fold.ts';

/** Ids of `file` looked at in one step: others get their turn in between. */
const STEP = 5_000;
/** So many files with the words are judged in one step. */
const JUDGED = 500;
/** And so many in all: the words are too common to tell much. */
const MOST_JUDGED = 100_000;
/** After so many of them, others get their turn. */
const TURN = 50;

/**
 * The ids of files in any state and any channel whose name or title has all these words and that the reader `knows`, newest first,
 * at most `most`; `stopped`: they are too many to judge. It walks through the whole catalog, a few thousand files at a time: for
 * the audit log, whose readers ask seldom.
 */
export async function filesNamed(
  { db }: Catalog,
  o: {
    teamId: string;
    text: string;
    most: number;
    knows: (fileId: string) => Promise<boolean>;
    mostJudged?: number;
  },
): Promise<{ fileIds: string[]; stopped: boolean }> {
  const { most, mostJudged = MOST_JUDGED } = o;
  const fileIds: string[] = [];
  const words = fold(o.text)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return { fileIds, stopped: false };
  const has = sql.join(
    words.map((word) => sql`folded like ${`%${word.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`),
    sql` and `,
  );
  const { rows } = await sql<{ last: number | null }>`select max(id) as last from file`.execute(db);
  let judged = 0;
  for (let high = rows[0]?.last ?? 0; high > 0; ) {
    const step = await sql<{ id: number; fileId: string }>`select id, file_id from file
      where id > ${high - STEP} and id <= ${high} and team_id = ${o.teamId} and ${has}
      order by id desc limit ${JUDGED}`.execute(db);
    for (const { fileId } of step.rows) {
      if (judged === mostJudged) return { fileIds, stopped: true };
      if (judged % TURN === 0) await othersTurn();
      judged += 1;
      if (await o.knows(fileId)) fileIds.push(fileId);
      if (fileIds.length === most) return { fileIds, stopped: false };
    }
    const last = step.rows.length === JUDGED ? step.rows.at(-1) : undefined;
    high = last === undefined ? high - STEP : last.id - 1;
    await othersTurn();
  }
  return { fileIds, stopped: false };
}
