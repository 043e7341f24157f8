import { sql } from 'kysely';
import { idTable } from '../db/dialect.ts';
import type { Scope } from '../db/schema.ts';
import { type Direction, entriesOf, isAmongThem, type Search } from './spans.ts';

/** A step of a walk: a span, about how many entries it has, and which way the walk goes. */
interface Step {
  span: [number, number];
  entries: number;
  direction: Direction;
}

export interface LastStep {
  /** Where its files stand, if they lie close together: nearly all from `low` to `high`. */
  ids?: { low: number; high: number; files: number } | undefined;
  /** Whether the ids rise along the walk, once two steps have told. */
  isRising?: boolean;
}

/**
 * The ids of the files of a step, without those that a long walk passes over. `last` is learnt on the walk.
 *
 * Files have ids in the order in which they came, and entries of a walk are in the order of shares. So on PostgreSQL the files of the next
 * step are those that lie beside the last ones, but for a few: to read these in a row takes a third of looking each up by what Slack calls
 * it. On which side, the walk shows: what a backfill brought has higher ids the older it is.
 */
export async function filesOf(catalog: Scope, search: Search, step: Step, last: LastStep): Promise<number[]> {
  const range = catalog.kind === 'postgres' && !search.among ? rangeOf(step, last) : undefined;
  const read = range && (await readInARow(catalog, search, step, range));
  const ids = read ?? (await lookedUp(catalog, search, step));
  const are = closeTogether(ids, FEWEST * search.pace.step);
  const wasRising = isRising(step, last);
  if (are && last.ids) last.isRising = are.low > last.ids.low;
  // After one in vain, the next is looked up, unless it was only the wrong side.
  const isInVain = range !== undefined && read === undefined && isRising(step, last) === wasRising;
  last.ids = isInVain ? undefined : are;
  return ids;
}

/** As long as nothing else is known: what was shared later came later. */
const isRising = ({ direction }: Step, last: LastStep): boolean => last.isRising ?? direction === 'newer';

async function lookedUp(catalog: Scope, search: Search, { span }: Step): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select f.id from (${entriesOf(catalog, search, span)}) e cross join file f
    where ${isAmongThem(catalog.kind, search)} and f.team_id = ${search.reach.teamId} and f.file_id = e.file_id`.execute(
    catalog.db,
  );
  return [...new Set(rows.map(({ id }) => id))];
}

/** With fewer files than this part of a usual step, nothing can be told. */
const FEWEST = 1 / 10;
/** With more ids between them than so many for each file, looking them up is sooner. */
const SPARSE = 2;
/** The part of files on either side that came at another time than the others. */
const ODD = 1 / 50;

function closeTogether(ids: readonly number[], fewest: number): LastStep['ids'] {
  if (ids.length < Math.max(1, fewest)) return undefined;
  const sorted = ids.toSorted((a, b) => a - b);
  const odd = Math.floor(ODD * sorted.length);
  const [low, high] = [sorted[odd] as number, sorted[sorted.length - 1 - odd] as number];
  return high - low > SPARSE * ids.length ? undefined : { low, high, files: ids.length };
}

/** More than are likely, as some come in another order. */
const MORE = 1.2;

/** Where the files of this step are likely to stand. */
function rangeOf(step: Step, last: LastStep): [low: number, high: number] | undefined {
  const { ids } = last;
  if (ids === undefined) return undefined;
  const before = ids.high - ids.low;
  const width = Math.ceil((MORE * before * step.entries) / ids.files);
  const overlap = Math.ceil(ODD * 2 * before);
  return isRising(step, last)
    ? [ids.high - overlap, ids.high + width]
    : [Math.max(0, ids.low - width), ids.low + overlap];
}

/** If more of the entries than this part are not of files that were read, it was in vain. */
const IN_VAIN = 1 / 4;

/** Undefined where too many of them stand elsewhere. */
async function readInARow(
  catalog: Scope,
  search: Search,
  { span }: Step,
  [low, high]: [number, number],
): Promise<number[] | undefined> {
  const { db, kind } = catalog;
  const { teamId } = search.reach;
  // Where PostgreSQL has not counted the table yet, it would take the index of all files of the team besides.
  const isTheirs = sql`team_id || '' = ${teamId}`;
  // As one text: thousands of rows take longer on their way than to be read.
  const listed = await sql<{ fileIds: string | null }>`
    select string_agg(e.file_id, ' ') as file_ids from (${entriesOf(catalog, search, span)}) e`.execute(db);
  const read = await sql<{ ids: string | null; fileIds: string | null }>`
    select string_agg(id::text, ' ') as ids, string_agg(file_id, ' ') as file_ids
    from file where id between ${low} and ${high} and ${isTheirs}`.execute(db);
  const entries = new Set(wordsOf(listed.rows[0]?.fileIds));
  const ids = wordsOf(read.rows[0]?.ids);
  const here = new Map(wordsOf(read.rows[0]?.fileIds).map((fileId, at) => [fileId, Number(ids[at])]));
  const elsewhere = [...entries].filter((fileId) => !here.has(fileId));
  if (elsewhere.length > IN_VAIN * entries.size) return undefined;
  const found = [...entries].flatMap((fileId) => here.get(fileId) ?? []);
  if (elsewhere.length === 0) return found;
  const others = await sql<{ id: number }>`
    select f.id from ${idTable(kind, elsewhere)} ids
    cross join file f where f.team_id = ${teamId} and f.file_id = ids.id`.execute(db);
  return [...found, ...others.rows.map(({ id }) => id)];
}

const wordsOf = (text: string | null | undefined): string[] => (text ? text.split(' ') : []);
