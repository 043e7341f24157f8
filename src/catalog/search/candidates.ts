import { type RawBuilder, sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import { idsUpTo, isLikelyMore } from '../db/dialect.ts';
import type { Scope } from '../db/schema.ts';
import type { Budget } from './budget.ts';

/** A set of files that includes every file within reach that meets the conditions, and maybe more. */
export interface Candidates {
  /** A table of their ids (`file.id`). */
  table: RawBuilder<{ id: number }>;
  /** The same between two ids, both included, for an index that may read much before it finds anything. */
  between?: (low: number, high: number) => RawBuilder<{ id: number }>;
  /** A query for the highest such id; if missing, that of the files. An id may then come more than once. */
  last?: RawBuilder<unknown>;
  /** They come from the search index: PostgreSQL's gives nothing before it has all of them. */
  wholly: boolean;
  /** What is known so far, kept to ask only once for a whole page: all ids, or the least number of them. */
  ids?: number[];
  atLeast?: number;
  /** How far the search index was read: what it gave, and the highest id that was not reached. */
  soFar?: { found: Set<number>; high: number };
}

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
    if (each.ids === undefined && (each.atLeast ?? 0) < most) {
      if (each.wholly && (await isLikelyMore(catalog, each.table, times * most))) continue;
      const looked = await upTo(catalog, budget, each, { most, patienceMs });
      if (looked === 'later') continue;
      each.ids = looked;
      each.atLeast = most;
    }
    if (each.ids !== undefined && each.ids.length < most) found = { ids: each.ids, from: each };
    if (found?.ids.length === 0) break;
  }
  return found;
}

/**
 * The search index reads this many files' ids in the first step. Opening the words costs the same however many ids are
 * read, so a step that was quick is followed by one of twice as many, and a slow one by one of half as many: others wait
 * for a step, never for the whole.
 */
const IDS_AT_FIRST = 10_000;
const QUICK_MS = 12;
const SLOW_MS = 25;

/** The ids, if there are fewer than `most`; otherwise undefined. `later`: the time was up before that was known. */
async function upTo(
  catalog: Scope,
  budget: Budget,
  candidates: Candidates,
  { most, patienceMs }: { most: number; patienceMs: number },
): Promise<number[] | undefined | 'later'> {
  const { table, between, last = sql`select max(id) from file` } = candidates;
  if (between === undefined) return idsUpTo(catalog, table, most);
  const began = performance.now();
  candidates.soFar ??= { found: new Set(), high: await highest(catalog, last) };
  const { soFar } = candidates;
  let size = IDS_AT_FIRST;
  while (soFar.high > 0) {
    const stepBegan = performance.now();
    if (!budget.hasTime() || stepBegan - began > patienceMs) return 'later';
    const { found, high } = soFar;
    if (found.size >= most) return undefined;
    const step = await idsUpTo(catalog, between(high - size + 1, high), most - found.size);
    const took = performance.now() - stepBegan;
    if (step === undefined) return undefined;
    for (const id of step) found.add(id);
    soFar.high -= size;
    if (took < QUICK_MS) size *= 2;
    else if (took > SLOW_MS && size > IDS_AT_FIRST) size /= 2;
    await othersTurn();
  }
  return [...soFar.found];
}

async function highest({ db }: Scope, last: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ last: number | null }>`select (${last}) as last`.execute(db);
  return rows[0]?.last ?? 0;
}
