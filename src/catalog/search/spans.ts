import { type RawBuilder, sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import { idTable, jsonTable, lookUp } from '../db/dialect.ts';
import type { DatabaseKind, Scope } from '../db/schema.ts';
import { EVERY_FILE, personTag } from '../derived/update.ts';
import type { Budget } from './budget.ts';
import type { Among, Candidates } from './candidates.ts';
import type { Known } from './known.ts';
import type { Entries, Reach } from './reach.ts';
import type { WordCondition } from './word-condition.ts';

export type Direction = 'newer' | 'older';

/** A place in a list, newest first. */
export interface Place {
  sharedAt: number;
  fileId: string;
}

/** A file where it stands in the list. */
export interface Placed extends Place {
  id: number;
}

/** How much is looked at in one go: fast, and other work gets its turn in between. */
export interface Pace {
  /** Up to this many candidates are always checked one by one. */
  few: number;
  /** Entries to walk through in one step, where the files themselves must be looked at. */
  step: number;
  /** Up to this many channel sets narrow the search index; if missing, as many as help. */
  channelSets?: number;
  /** The same for the index of contents. */
  setsOfTexts?: number;
  /**
   * A walk that is likely to be so many `entries` longer, as less than this `part` of them is of use, passes over files that an index
   * of names does not know.
   */
  far?: { entries: number; part: number };
}

export const PACE: Pace = { few: 1_000, step: 1_000 };

/** What is searched for within reach. */
export interface Search extends Entries {
  reach: Reach;
  pace: Pace;
  budget: Budget;
  /** Only what the vault holds; otherwise also files on their way or not kept. */
  storedOnly: boolean;
  /** Conditions on the file `f`, besides that. */
  conditions: Array<RawBuilder<unknown>>;
  /** Those that an index of words answers. */
  words: readonly WordCondition[];
  candidates: Candidates[];
  known?: Known | undefined;
  /** If known: only these files can meet the conditions, so a walk passes over all others. */
  among?: Among;
  /** Where some candidates stand, once it was looked up. */
  placed?: { of: readonly number[]; places: readonly Placed[] };
  /** Only the columns of `LeanFile` (gather.ts) are read of each file. */
  lean?: boolean;
}

/**
 * Every channel within reach with every tag to walk along, as `places(channel_id, tag)`. In hidden channels, viewers
 * can see only what they shared or uploaded.
 */
function sources(catalog: Scope, { reach, tags }: Search): RawBuilder<unknown> {
  const each = (channelIds: string[], along: string[]) => sql`
    select ids.id as channel_id, tags.id as tag
    from ${idTable(catalog.kind, channelIds)} ids cross join ${idTable(catalog.kind, along)} tags`;
  const seen = each(reach.channelIds, alongOf(reach, tags));
  if (reach.hidden.length === 0) return sql`(${seen}) places`;
  return sql`(${seen} union all ${each(reach.hidden, [personTag(reach.ownUserId)])}) places`;
}

/** At most this many places are looked up in one step. */
const MOST_PLACES = 4_000;

/** The tags to walk along: one group of those asked for, or all files where that would be too many places. */
const alongOf = (reach: Reach, tags: string[][]): string[] => fewOf(reach, tags) ?? [EVERY_FILE];

const fewOf = ({ channelIds }: Reach, tags: string[][]): string[] | undefined =>
  tags.find((group) => group.length === 1 || group.length * channelIds.length <= MOST_PLACES);

/** The groups of tags that an entry of the walk is still to be asked for. In hidden channels it goes along none of them. */
export function tagsLeft({ reach, tags }: Search): string[][] {
  const along = reach.hidden.length === 0 ? fewOf(reach, tags) : undefined;
  return tags.filter((group) => group !== along);
}

/**
 * Spans of time, both ends included, each with about the number of entries that is good for one step, and how many
 * entries they hold. Times when nothing was shared are left out.
 */
export async function* spans(
  catalog: Scope,
  search: Search,
  direction: Direction,
  from: Place | null,
  limit: number,
): AsyncGenerator<{ span: [number, number]; entries: number }> {
  const older = direction === 'older';
  const { conditions, words, tags, pace } = search;
  const step = withConditions(pace.step, search);
  const isNarrow = conditions.length + words.length > 0 || tags.length > 1;
  const most = isNarrow ? Math.min(pace.step, step) : 2 * limit;
  // PostgreSQL holds nobody up, and each of its steps takes some ms before it looks at the first entry.
  const isLong = catalog.kind === 'postgres' && isNarrow;
  // What stands in texts is often found at once, and looking into their index is dear.
  let good = words.length > 0 ? Math.min(most, 8 * limit) : most;
  let width = 3_600_000;
  let next: number | null = await edge(catalog, search, direction, from?.sharedAt ?? null);
  let isThere = true;
  let passed = 0;
  while (next !== null && isAsked(search, direction, next) && search.budget.hasTime()) {
    const span = (): [number, number] =>
      older ? [(next as number) - width, next as number] : [next as number, (next as number) + width];
    const { among } = search;
    // Entries that are passed over are not worth counting.
    let entries = among ? good : await count(catalog, search, span(), 8 * good);
    if (!among && SPARSE * entries < good) {
      width *= Math.min(64, Math.ceil(good / Math.max(1, entries)));
      entries = await count(catalog, search, span(), 8 * good);
    }
    while (!among && entries >= 8 * good && width > 1 && search.budget.hasTime()) {
      await othersTurn();
      width = Math.floor(width / 8);
      entries = await count(catalog, search, span(), 8 * good);
    }
    const [low, high] = span();
    if (entries > 0 || isThere) yield { span: [low, high], entries };
    // Where there were many, the next ones begin right behind them.
    isThere = among !== undefined || 8 * entries < good;
    next = older ? low - 1 : high + 1;
    if (isThere) next = await edge(catalog, search, direction, next);
    if (search.among) good = among ? 2 * good : PASSED * 2 * most;
    width = Math.max(1, Math.floor(width * Math.min(64, good / Math.max(1, entries))));
    passed += entries;
    if (!search.among) good = Math.min(isLong && passed > 2 * most ? LONG * most : most, 2 * good);
  }
}

/** So many are looked at in one step: the more conditions each must meet, the fewer. */
export const withConditions = (many: number, { conditions }: Search): number =>
  Math.max(100, Math.ceil(many / Math.max(1, conditions.length / 4)));

/** Whether anything at this moment or further on is asked for. */
function isAsked({ before, after }: Search, direction: Direction, at: number): boolean {
  return direction === 'older' ? after === undefined || at >= after : before === undefined || at < before;
}

/** Where steps are dear and time is not, they grow to so many times as many entries. */
const LONG = 4;

/** With fewer than this part of what is good, a span is made longer before it is looked at. */
const SPARSE = 16;

/** An entry that is passed over because its file is not among those known takes this part of the time of one that is looked at. */
export const PASSED = 8;

/** The moment of the first entry at or after `from` in this direction, or null when there is none. */
async function edge(
  catalog: Scope,
  search: Search,
  direction: Direction,
  from: number | null,
): Promise<number | null> {
  const older = direction === 'older';
  const { before, after, reach } = search;
  const conditions = [sql`1 = 1`];
  if (from !== null) conditions.push(older ? sql`l.shared_at <= ${from}` : sql`l.shared_at >= ${from}`);
  if (before !== undefined) conditions.push(sql`l.shared_at < ${before}`);
  if (after !== undefined) conditions.push(sql`l.shared_at >= ${after}`);
  const { rows } = await sql<{ at: number | null }>`
    select ${older ? sql`max(at)` : sql`min(at)`} as at from (
      select (select l.shared_at from listing l
        where l.team_id = ${reach.teamId} and l.channel_id = places.channel_id and l.tag = places.tag
          and ${sql.join(conditions, sql` and `)}
        order by l.shared_at ${older ? sql`desc` : sql`asc`} limit 1) as at
      from ${sources(catalog, search)}) edges`.execute(catalog.db);
  return rows[0]?.at ?? null;
}

/** The entries (`channel_id`, `shared_at`, `file_id`) of a span, along the first group of tags. */
export function entriesOf(
  catalog: Scope,
  search: Search,
  [low, high]: [number, number],
): RawBuilder<unknown> {
  const { teamId } = search.reach;
  const listed = lookUp(
    catalog.kind,
    'listing',
    'l',
    sql`l.team_id = ${teamId} and l.channel_id = places.channel_id and l.tag = places.tag
      and l.shared_at between ${low} and ${high}`,
  );
  const several = alongOf(search.reach, search.tags).length > 1;
  return sql`select ${several ? sql`distinct` : sql``} l.channel_id, l.shared_at, l.file_id
    from ${sources(catalog, search)} ${listed}`;
}

async function count(catalog: Scope, search: Search, span: [number, number], most: number): Promise<number> {
  const { rows } = await sql<{ entries: number }>`
    select count(*) as entries from (${entriesOf(catalog, search, span)} limit ${most}) counted`.execute(
    catalog.db,
  );
  return rows[0]?.entries ?? 0;
}

/** Each entry is looked for in a table in memory: the condition is not to become a join. */
export function isAmongThem(kind: DatabaseKind, { among }: Search): RawBuilder<unknown> {
  if (among === undefined) return sql`1 = 1`;
  return sql`case when e.file_id in (select id from ${jsonTable(kind, among.json)} a) then 1 else 0 end = 1`;
}
