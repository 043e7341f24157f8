import { type RawBuilder, sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import { idsUpTo, likelyMany } from '../db/dialect.ts';
import type { Scope } from '../db/schema.ts';
import type { Budget } from './budget.ts';

/** A set of files that includes every file within reach that meets the conditions, and maybe more. */
export interface Candidates {
  /** A table of their ids (`file.id`), or what reads them from an index of SQLite's in steps. */
  ids: { table: RawBuilder<{ id: number }> } | InSteps;
  /** They come from the search index: PostgreSQL's gives nothing before it has all of them. */
  wholly: boolean;
  /** A table of the ids that Slack gave them, where an index of PostgreSQL's gives them one after the other. */
  fileIds?: RawBuilder<{ fileId: string }>;
  /** What is known so far, kept to ask only once for a whole page: all ids, or the least number of them. */
  known?: number[];
  atLeast?: number;
  /** The part of all files that they are among, where an index knows whose files it looked at: from 0 to 1. */
  within?: number;
  /** How many PostgreSQL expects. */
  likely?: number;
  /** How far the search index was read, and what that gave. */
  soFar?: { found: Set<number>; last: number };
}

/** The rows of a search index, in the order of their numbers. */
export interface InSteps {
  /** All rows have larger numbers. */
  first: number;
  /** The next rows after this one, at most so many, each with the id of the file that it stands for, if it is of use. */
  after(row: number, most: number): RawBuilder<{ row: number; id: number | null }>;
  /**
   * The rows alone, and the files of some rows: to look them up takes far longer than to read the rows, which is in vain where there are
   * too many.
   */
  apart?: {
    rows(row: number, most: number): RawBuilder<{ row: number }>;
    files(rows: readonly number[]): RawBuilder<{ id: number }>;
  };
}

/** All of them as one table. */
export const tableOf = (ids: Candidates['ids']): RawBuilder<{ id: number }> =>
  // Below nought, SQLite knows no limit.
  'table' in ids ? ids.table : sql`(${ids.after(ids.first, -1)})`;

/**
 * The smallest group of candidates with its ids, if it is smaller than `many`. A search index that cannot stop is asked
 * only if it is not likely to give more than `times` as many as can be used. One that is read in steps is left after
 * `patienceMs`; the next call goes on there.
 */
export async function rarest(
  catalog: Scope,
  budget: Budget,
  candidates: Candidates[],
  { many, times, patienceMs }: { many: number; times: number; patienceMs: number },
): Promise<{ ids: number[]; from: Candidates } | undefined> {
  let found: { ids: number[]; from: Candidates } | undefined;
  for (const each of candidates) {
    if (!budget.hasTime()) break;
    const most = found?.ids.length ?? many;
    if (each.known === undefined && (each.atLeast ?? 0) < most) {
      const { ids } = each;
      if (each.wholly && 'table' in ids) {
        each.likely ??= await likelyMany(catalog, ids.table);
        if (each.likely > times * most) continue;
      }
      const looked =
        'table' in ids
          ? await idsUpTo(catalog, ids.table, most)
          : await read(catalog, budget, each, ids, { most, patienceMs });
      if (looked === 'later') continue;
      each.known = looked;
      each.atLeast = most;
    }
    if (each.known !== undefined && each.known.length < most) found = { ids: each.known, from: each };
    // PostgreSQL checks so few sooner than it looks for fewer.
    const enough = catalog.kind === 'postgres' ? ENOUGH : 0;
    if (found !== undefined && found.ids.length <= enough) break;
  }
  return found;
}

const ENOUGH = 50;

/** The ids of some files as a JSON array. */
export interface Among {
  json: string;
  count: number;
}

/** The ids that Slack gave the candidates of one group, as far as it has fewer than `most`. PostgreSQL alone. */
export async function amongFewer(
  { db }: Scope,
  candidates: Candidates[],
  most: number,
): Promise<Among | undefined> {
  const table = candidates.find(({ fileIds }) => fileIds !== undefined)?.fileIds;
  if (table === undefined) return undefined;
  const { rows } = await sql<{ count: number; json: string | null }>`
    select count(*) as count, case when count(*) < ${most} then json_agg(file_id)::text end as json
    from (select file_id from ${table} t limit ${most}) few`.execute(db);
  const [{ count, json } = { count: 0, json: null }] = rows;
  if (json !== null) return { count, json };
  return count === 0 ? { count, json: '[]' } : undefined;
}

/**
 * So many rows are read in the first step, and twice as many in the next one if it was quick, half as many if it was slow: others
 * wait for a step, never for the whole.
 */
const ROWS = 1_000;
const QUICK_MS = 12;
const SLOW_MS = 25;

/**
 * The ids, if there are fewer than `most`; otherwise undefined. `later`: the time was up before that was known.
 *
 * A step is so many rows, not so many numbers: FTS5 looks whether a row is within a limit only when it has found one, so a step
 * without any would read the index to its end, and the next step again.
 */
async function read(
  catalog: Scope,
  budget: Budget,
  candidates: Candidates,
  { first, after, apart }: InSteps,
  { most, patienceMs }: { most: number; patienceMs: number },
): Promise<number[] | undefined | 'later'> {
  const began = performance.now();
  candidates.soFar ??= { found: new Set(), last: first };
  const { soFar } = candidates;
  for (let size = ROWS; soFar.found.size < most; ) {
    const stepBegan = performance.now();
    if (!budget.hasTime() || stepBegan - began > patienceMs) return 'later';
    const rows = apart
      ? (await apart.rows(soFar.last, size).execute(catalog.db)).rows.map(({ row }) => ({ row, id: row }))
      : (await after(soFar.last, size).execute(catalog.db)).rows;
    const took = performance.now() - stepBegan;
    for (const { id } of rows) if (id !== null) soFar.found.add(id);
    soFar.last = rows.at(-1)?.row ?? soFar.last;
    if (rows.length < size && soFar.found.size < most)
      return apart ? filesOf(catalog, budget, [...soFar.found], apart) : [...soFar.found];
    if (took < QUICK_MS) size *= 2;
    else if (took > SLOW_MS && size > ROWS) size /= 2;
    await othersTurn();
  }
  return undefined;
}

/** The files of so many rows are looked up in a step. */
const LOOKED_UP = 500;

async function filesOf(
  catalog: Scope,
  budget: Budget,
  rows: readonly number[],
  { files }: NonNullable<InSteps['apart']>,
): Promise<number[] | 'later'> {
  const ids = new Set<number>();
  for (let at = 0; at < rows.length; at += LOOKED_UP) {
    if (!budget.hasTime()) return 'later';
    const found = await files(rows.slice(at, at + LOOKED_UP)).execute(catalog.db);
    for (const { id } of found.rows) ids.add(id);
    await othersTurn();
  }
  return [...ids];
}
