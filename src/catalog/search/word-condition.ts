import { type RawBuilder, sql } from 'kysely';
import { numberTable } from '../db/dialect.ts';
import type { Scope } from '../db/schema.ts';

/** Ids from the first to the second, both included. */
export type IdRange = readonly [low: number, high: number];

/** Where the rows of one step stand: their own ids, and those of what was said with them. Null where that is all over the place. */
export interface Near {
  files: readonly IdRange[] | null;
  said: readonly IdRange[] | null;
}

/** A condition on the file `f` that an index of words answers. */
export interface WordCondition {
  index: 'said' | 'contents';
  /**
   * Without `near` the index is asked about each file, which on SQLite takes some 25 µs: the words are looked up anew each time.
   * With it, they are looked up once for all files of a step.
   */
  isSo(near: Near | null): RawBuilder<boolean>;
}

export const not = ({ index, isSo }: WordCondition): WordCondition => ({
  index,
  isSo: (near) => sql`not ${isSo(near)}`,
});

/** For fewer files, the look at where they stand is not worth it. */
const FEWEST = 3;
/** Rows with at most so many others between them are read together: reading one takes a fiftieth of looking one up. */
const GAP = 50;
const MOST_RANGES = 40;

/** Where these files stand in the indexes that the conditions ask; null when each is to be looked up. PostgreSQL looks up quickly. */
export async function nearOf(
  { db, kind }: Scope,
  words: readonly WordCondition[],
  ids: readonly number[],
): Promise<Near | null> {
  if (kind === 'postgres' || words.length === 0 || ids.length < FEWEST) return null;
  if (!words.some(({ index }) => index === 'said')) return { files: rangesOf(ids), said: null };
  const { rows } = await sql<{ id: number }>`
    select s.id from ${numberTable(kind, ids)} m cross join file f on f.id = m.id
    cross join said s on s.team_id = f.team_id and s.file_id = f.file_id`.execute(db);
  return { files: rangesOf(ids), said: rangesOf(rows.map(({ id }) => id)) };
}

/** The ranges in which these ids lie; null when they lie too far from one another. */
export function rangesOf(ids: readonly number[]): IdRange[] | null {
  const ranges: Array<[number, number]> = [];
  for (const id of ids.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && id - last[1] <= GAP) last[1] = id;
    else ranges.push([id, id]);
    if (ranges.length > MOST_RANGES) return null;
  }
  return ranges;
}

/** On SQLite: the ids of the rows of an index (`said_words`, `file_contents`) in these ranges that match. */
export function matchingIn(index: string, terms: string, ranges: readonly IdRange[]): RawBuilder<unknown> {
  const table = sql.table(index);
  if (ranges.length === 0) return sql`select null where 1 = 0`;
  const each = ranges.map(
    ([low, high]) =>
      sql`select rowid from ${table} where ${table} match ${terms} and rowid between ${low} and ${high}`,
  );
  return sql.join(each, sql` union all `);
}

/** The same ranges below nought. */
export const below = (ranges: readonly IdRange[]): IdRange[] => ranges.map(([low, high]) => [-high, -low]);
