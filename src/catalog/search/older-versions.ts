import { type RawBuilder, sql } from 'kysely';
import type { Candidates, InSteps } from './candidates.ts';
import type { MayHavePairs } from './pair-condition.ts';
import type { WordCondition } from './word-condition.ts';

/** What the index of contents says of some words. Older versions of files stand in it under their own ids, below nought. */
export interface InIndex {
  /** The ids of its rows with these words, as a query. On SQLite as "row", the next after one, at most so many. */
  rows: RawBuilder<unknown> | ((after: number, most: number) => RawBuilder<unknown>);
  /** What is asked of the rows of a step besides: within the step, it would be without end. */
  mayHave?: MayHavePairs;
  /** Whether the row with this id has them. */
  isIn(id: RawBuilder<unknown>): RawBuilder<boolean>;
  /** Whether the newest version of the file `f` has them. */
  isSo: WordCondition['isSo'];
  isRare?: NonNullable<WordCondition['isRare']>;
}

export interface FoundFiles {
  files: Candidates;
  /** The condition that the file `f` is one of them. */
  isFound: WordCondition;
}

/** Files whose newest version has the words, and those of which only an older one has all of them. */
export function withOlderVersions(index: InIndex): FoundFiles {
  const { rows, mayHave, isIn, isSo, isRare } = index;
  const ids =
    typeof rows === 'function' ? inSteps(rows, isSo(null), mayHave) : lookedUpOnce(rows, isSo(null));
  const files: Candidates = { ids, wholly: true };
  const isFound: WordCondition = {
    index: 'contents',
    isSo: (near) => sql`(${isSo(near)} or (f.older_versions > 0 and exists (select 1 from file_version v
      where v.team_id = f.team_id and v.file_id = f.file_id and v.lost_at is null and ${isIn(sql`-v.id`)})))`,
    ...(isRare && { isRare }),
    provenBy: { candidates: files, isSo: sql`1 = 1` },
    among: files,
  };
  return { files, isFound };
}

/** PostgreSQL's index gives all rows or none. */
function lookedUpOnce(rows: RawBuilder<unknown>, isSo: RawBuilder<boolean>): Candidates['ids'] {
  return {
    table: sql`(with hit as materialized (${rows})
      select id from hit where id > 0 union all select distinct f.id from hit h
        ${fileOf(sql`h.id`)} where h.id < 0 and not ${isSo})`,
  };
}

function inSteps(
  rows: (after: number, most: number) => RawBuilder<unknown>,
  isSo: RawBuilder<boolean>,
  mayHave?: MayHavePairs,
): InSteps {
  const isOfUse = mayHave?.(sql`n."row"`) ?? sql`1 = 1`;
  return {
    first: -Number.MAX_SAFE_INTEGER,
    isPicky: mayHave !== undefined,
    after: (
      row,
      most,
    ) => sql`select n."row", case when not ${isOfUse} then null when n."row" > 0 then n."row" else (
      select f.id from (select n."row" as id) h ${fileOf(sql`h.id`)} where not ${isSo}) end as id
      from (${rows(row, most)}) n`,
  };
}

/** The file of an older version. Where its newest one has the words, too, it is found by that. */
const fileOf = (row: RawBuilder<unknown>) => sql`join file_version v on v.id = -${row} and v.lost_at is null
  join file f on f.team_id = v.team_id and f.file_id = v.file_id`;
