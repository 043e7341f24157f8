import { type RawBuilder, sql } from 'kysely';
import type { DatabaseKind } from '../db/schema.ts';
import type { Candidates } from './candidates.ts';
import type { WordCondition } from './word-condition.ts';

/** What the index of contents says of some words. Older versions of files stand in it under their own ids, below nought. */
export interface InIndex {
  /** The ids of its rows with these words, as a query. */
  rows: RawBuilder<unknown>;
  /** The same within a range of ids, where that is quicker. */
  between?(low: number, high: number): RawBuilder<unknown>;
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
export function withOlderVersions(kind: DatabaseKind, index: InIndex): FoundFiles {
  const { between, isIn, isSo, isRare } = index;
  const files: Candidates = {
    table: kind === 'postgres' ? lookedUpOnce(index) : inTwoRanges(index, 1, MOST),
    ...(between && { between: (low: number, high: number) => inTwoRanges(index, low, high) }),
    wholly: true,
  };
  const isFound: WordCondition = {
    index: 'contents',
    isSo: (near) => sql`(${isSo(near)} or (f.older_versions > 0 and exists (select 1 from file_version v
      where v.team_id = f.team_id and v.file_id = f.file_id and v.lost_at is null and ${isIn(sql`-v.id`)})))`,
    ...(isRare && { isRare }),
    provenBy: { candidates: files, isSo: sql`1 = 1` },
  };
  return { files, isFound };
}

/** PostgreSQL's index gives all rows or none. */
function lookedUpOnce({ rows, isSo }: InIndex): RawBuilder<{ id: number }> {
  return sql`(with hit as materialized (${rows})
    select id from hit where id > 0 union all ${filesOf(sql`(select id from hit where id < 0)`, isSo(null))})`;
}

/** On SQLite the ids of older versions are the first of the index, so that there is nothing to look through. */
function inTwoRanges(
  { rows, between, isSo }: InIndex,
  low: number,
  high: number,
): RawBuilder<{ id: number }> {
  const older = filesOf(sql`(${between?.(-MOST, -1) ?? rows})`, isSo(null));
  return sql`(select id from (${between?.(low, high) ?? rows}) n
    union all select id from (${older}) o where id between ${low} and ${high})`;
}

/** The files of these older versions, without those whose newest version has the words, too. */
function filesOf(versions: RawBuilder<unknown>, isSo: RawBuilder<boolean>): RawBuilder<{ id: number }> {
  return sql`select distinct f.id from ${versions} h join file_version v on v.id = -h.id and v.lost_at is null
    join file f on f.team_id = v.team_id and f.file_id = v.file_id where not ${isSo}`;
}

/** No id is larger. */
const MOST = Number.MAX_SAFE_INTEGER;
