import { type RawBuilder, sql } from 'kysely';
import { numberTable } from '../db/dialect.ts';
import type { DatabaseKind, Scope } from '../db/schema.ts';
import { type IdSet, isInSet } from '../postings/document-set.ts';
import type { Candidates } from './candidates.ts';

/** Ids from the first to the second, both included. */
export type IdRange = readonly [low: number, high: number];

/** Where the rows of one step stand: their own ids, and those of what was said with them. Null where that is all over the place. */
export interface Near {
  files: readonly IdRange[] | null;
  said: readonly IdRange[] | null;
  /**
   * Each word is looked up by itself, and only these rows count: FTS5 reads two frequent words that meet nowhere to the end of its
   * index, whatever the range is.
   */
  apart?: { files: readonly number[]; said: readonly number[] };
}

/** A condition on the file `f` that an index of words answers. */
export interface WordCondition {
  index: 'said' | 'contents';
  /**
   * Without `near` the index is asked about each file, which on SQLite takes some 25 to 100 µs a word. With it, they are looked up once
   * for all files of a step.
   */
  isSo(near: Near | null): RawBuilder<boolean>;
  /** Whether the index has so few such rows that reading them all takes no time. Asked once. Missing on PostgreSQL. */
  isRare?(scope: Scope): Promise<boolean>;
  /** It is about the files of a set that is known already. */
  of?: KnownSet;
  /** All files that meet it are among these. */
  among?: Candidates;
  /** All files that do not meet it are among these. */
  unlessAmong?: Candidates;
}

/** The files of a set, or all others. */
interface KnownSet {
  set: IdSet;
  /** What is asked of the files of the set besides; they are not of it otherwise. */
  also: RawBuilder<unknown> | null;
  isNot: boolean;
}

/** The condition that the file `f` is in a set, and meets `also`, which may be empty. */
export function withSet(kind: DatabaseKind, set: IdSet, also: RawBuilder<unknown> | null): WordCondition {
  return {
    index: 'contents',
    isSo: () => sql`(${isInSet(kind, set, sql`f.id`)}${also ?? sql``})`,
    of: { set, also, isNot: false },
  };
}

export const not = ({ index, isSo, isRare, among, of }: WordCondition): WordCondition => ({
  index,
  isSo: (near) => sql`not ${isSo(near)}`,
  ...(isRare && { isRare }),
  ...(of && { of: { ...of, isNot: !of.isNot } }),
  ...(among && { unlessAmong: among }),
});

/** Whether a file may meet these conditions, as far as sets say. */
export function mayMeet(words: readonly WordCondition[]): (id: number) => boolean {
  const all = words.flatMap(({ of }) => (of ? [of] : []));
  return (id) => all.every(({ set, also, isNot }) => (isNot ? also !== null || !set.has(id) : set.has(id)));
}

/** The condition of a set, asked of these files alone. */
function ofSet({ kind }: Scope, { set, also, isNot }: KnownSet, ids: readonly number[]): RawBuilder<boolean> {
  const among = ids.filter((id) => set.has(id));
  const isSo = sql<boolean>`(f.id in (select m.id from ${numberTable(kind, among)} m)${also ?? sql``})`;
  return isNot ? sql`not ${isSo}` : isSo;
}

/** The conditions on the files `f` of one step, with these ids; without any, they are not known. */
export async function conditionsOn(
  scope: Scope,
  words: readonly WordCondition[],
  ids: readonly number[],
): Promise<RawBuilder<boolean>[]> {
  const isMet = ({ unlessAmong }: WordCondition) => unlessAmong?.known?.length === 0;
  const asked = words.filter((one) => !isMet(one));
  const near = await nearOf(
    scope,
    asked.filter(({ of }) => of === undefined),
    ids,
  );
  const conditions: RawBuilder<boolean>[] = [];
  for (const one of asked) {
    if (one.of && ids.length > 0) conditions.push(ofSet(scope, one.of, ids));
    else conditions.push(whereDoubtful(scope, one, one.isSo(near && (await widened(scope, one, near)))));
  }
  return scope.kind === 'postgres' ? inTurn(conditions) : conditions;
}

/** With more, it takes as long to look a file up among them as to ask the index. */
const MOST_DOUBTFUL = 1_000;

/**
 * The condition, asked only of the files that may not meet it, where these are known. On PostgreSQL, where looking whether something
 * was said with a file is half of what the file takes.
 */
function whereDoubtful(
  { kind }: Scope,
  { unlessAmong }: WordCondition,
  isSo: RawBuilder<boolean>,
): RawBuilder<boolean> {
  const known = unlessAmong?.known;
  if (kind === 'sqlite' || known === undefined || known.length > MOST_DOUBTFUL) return isSo;
  return sql`case when f.id = any(${known}::bigint[]) then ${isSo} else true end`;
}

/**
 * One condition that asks these in their order, until one is not met. Left to itself, PostgreSQL asks first what it takes for the
 * cheapest, so it looked up what was said with every file, before it looked whether the file had a text at all.
 */
function inTurn(conditions: readonly RawBuilder<boolean>[]): RawBuilder<boolean>[] {
  if (conditions.length < 2) return [...conditions];
  return [
    conditions.reduceRight((others, first) => sql<boolean>`case when ${first} then ${others} else false end`),
  ];
}

interface Places extends Near {
  /** From the first to the last of each. */
  whole: { files: IdRange[]; said: IdRange[] };
}

/** For fewer files, the look at where they stand is not worth it. */
const FEWEST = 3;
/** Rows with at most so many others between them are read together: reading one takes a fiftieth of looking one up. */
const GAP = 50;
const MOST_RANGES = 40;

/** Where these files stand in the indexes that the conditions ask; null when each is to be looked up. PostgreSQL looks up quickly. */
async function nearOf(
  scope: Scope,
  words: readonly WordCondition[],
  ids: readonly number[],
): Promise<Places | null> {
  if (scope.kind === 'postgres' || words.length === 0 || ids.length < FEWEST) return null;
  const files = [rangesOf(ids), wholeOf(ids)] as const;
  if (!words.some(({ index }) => index === 'said'))
    return { files: files[0], said: null, whole: { files: files[1], said: [] } };
  const said = await saidWith(scope, ids);
  return { files: files[0], said: rangesOf(said), whole: { files: files[1], said: wholeOf(said) } };
}

/** The rows of what was said with these files. */
async function saidWith({ db, kind }: Scope, ids: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select s.id from ${numberTable(kind, ids)} m cross join file f on f.id = m.id
    cross join said s on s.team_id = f.team_id and s.file_id = f.file_id`.execute(db);
  return rows.map(({ id }) => id);
}

/** To pass over a row of a word takes less than a five hundredth of looking it up. */
const SPARSE = 200;

/** Where files stand of which there are others between: each word is read over all of them, unless these are too many. SQLite alone. */
export async function nearAmong(
  scope: Scope,
  words: readonly WordCondition[],
  ids: readonly number[],
): Promise<Near | null> {
  if (scope.kind === 'postgres' || words.length === 0 || ids.length < FEWEST) return null;
  const said = words.some(({ index }) => index === 'said') ? await saidWith(scope, ids) : [];
  const spanOf = (some: readonly number[]) => {
    const whole = wholeOf(some);
    return whole.every(([low, high]) => high - low <= SPARSE * some.length) ? whole : null;
  };
  return { files: spanOf(ids), said: spanOf(said), apart: { files: ids, said } };
}

/** Rare words are read from the first row of a step to the last, wherever the rows stand between them. */
async function widened(scope: Scope, { index, isRare }: WordCondition, near: Places): Promise<Near> {
  const isScattered = near.files === null || (index === 'said' && near.said === null);
  if (!isScattered || !(await isRare?.(scope))) return near;
  return { files: near.files ?? near.whole.files, said: near.said ?? near.whole.said };
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

function wholeOf(ids: readonly number[]): IdRange[] {
  if (ids.length === 0) return [];
  return [
    ids.reduce<[number, number]>(([low, high], id) => [Math.min(low, id), Math.max(high, id)], [Infinity, 0]),
  ];
}

/** A row of an index of SQLite's (`said_words`, `file_contents`), and what it must have: terms of FTS5's. */
interface Matching {
  index: string;
  id: RawBuilder<unknown>;
  terms: readonly string[];
}

const allOf = (terms: readonly string[]) => terms.join(' AND ');

/** On SQLite: the condition that the row has all terms. Each is looked up by itself: together, FTS5 would look first where they meet. */
export function hasTerms({ index, id, terms }: Matching): RawBuilder<boolean> {
  const table = sql.table(index);
  const each = terms.map(
    (term) => sql`exists (select 1 from ${table} where ${table}.rowid = ${id} and ${table} match ${term})`,
  );
  return sql<boolean>`(${sql.join(each, sql` and `)})`;
}

/** The same, read in ranges where the row is in one of them. `only`: each term is read by itself, and only these rows count. */
export function hasTermsIn(
  { index, id, terms }: Matching,
  ranges: readonly IdRange[],
  only?: readonly number[],
): RawBuilder<boolean> {
  const table = sql.table(index);
  // The signs keep SQLite from going through the index of words by the ids that it is given.
  const counts =
    only === undefined ? sql`` : sql` and +rowid in (select value from json_each(${JSON.stringify(only)}))`;
  const matching = (term: string) => {
    const each = ranges.map(
      ([low, high]) =>
        sql`select rowid from ${table} where ${table} match ${term} and rowid between ${low} and ${high}${counts}`,
    );
    return each.length === 0 ? sql`select null where 1 = 0` : sql.join(each, sql` union all `);
  };
  const each = (only === undefined ? [allOf(terms)] : terms).map(
    (term) => sql`+${id} in (${matching(term)})`,
  );
  return sql<boolean>`(${sql.join(each, sql` and `)})`;
}

/** The same ranges below nought. */
export const below = (ranges: readonly IdRange[]): IdRange[] => ranges.map(([low, high]) => [-high, -low]);

/** So many rows are read in a few ms. */
const FEW_ROWS = 5_000;

/** On SQLite: whether an index has few rows that match, looked up once. */
export function rareIn(index: string, terms: string): (scope: Scope) => Promise<boolean> {
  let known: Promise<boolean> | undefined;
  const table = sql.table(index);
  return ({ db }) => {
    known ??= sql<{ rows: number }>`
      select count(*) as rows from (select 1 from ${table} where ${table} match ${terms} limit ${FEW_ROWS + 1})`
      .execute(db)
      .then(({ rows }) => (rows[0]?.rows ?? 0) <= FEW_ROWS);
    return known;
  };
}
