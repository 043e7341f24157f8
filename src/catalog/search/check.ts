import { sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import { isAmong, lookUp, numberTable } from '../db/dialect.ts';
import type { Scope } from '../db/schema.ts';
import type { ListedFile } from '../model.ts';
import { beyond, columns, type ListedRecord, meets, ordered, toListed } from './listed-rows.ts';
import { compareKeys } from './order.ts';
import { asked, shownHere } from './reach.ts';
import { type Direction, type Place, type Placed, type Search, withConditions } from './spans.ts';
import { conditionsOn, mayMeet } from './word-condition.ts';

/** The files of which entries: those on this side of a place, or from the end; at most so many. */
export interface Wanted {
  direction: Direction;
  from: Place | null;
  limit: number;
  /** Only entries of this span; of any time if missing. */
  span?: readonly [low: number, high: number];
}

/** This many candidates are looked up, or checked, in one step. */
const CHECKED = 1_000;

/** A fifth of those that count as few are checked at once, in whatever order. */
const AT_ONCE = 1 / 5;

/** The part of a step of a walk that is checked first, where they are checked in order of time, and how much larger each further one is. */
const FIRST = 1 / 10;
const LARGER = 4;

/**
 * The first of the candidates that are asked for and within reach, in order. Where there are many, it is looked up first where they stand,
 * which is cheap, and then they are checked in that order, until enough are found: what was said with a file, and where else it was
 * shared, is dear.
 */
export async function checked(
  catalog: Scope,
  search: Search,
  candidates: readonly number[],
  wanted: Wanted,
): Promise<ListedFile[]> {
  const ids = candidates.filter(mayMeet(search.words));
  // Without any, whole sets would be asked for.
  if (ids.length === 0) return [];
  const { direction, from, limit } = wanted;
  if (ids.length <= Math.max(AT_ONCE * search.pace.few, limit))
    return checkedSome(catalog, search, ids, wanted);
  const found: ListedFile[] = [];
  const order = inOrderOf(direction);
  const placed = await placesOf(catalog, search, candidates, ids);
  const left = placed.filter((place) => from === null || order(from, place) < 0).sort(order);
  const most = withConditions(CHECKED, search);
  const looked = new Set<number>();
  let size = Math.min(most, Math.max(Math.ceil(FIRST * search.pace.step), limit));
  for (let at = 0; at < left.length; size = Math.min(most, LARGER * size)) {
    const next = left[at] as Placed;
    const last = found.length < limit ? undefined : found.at(-1);
    // All the others come behind it.
    if (last && order(placeOf(last), next) < 0) break;
    // Before one that is shown further on than it stands, there may be others that were not looked at.
    if (!search.budget.hasTime()) return found.filter((file) => order(placeOf(file), next) <= 0);
    const some: number[] = [];
    for (; at < left.length && some.length < size; at++) {
      const { id } = left[at] as Placed;
      if (!looked.has(id)) some.push(id);
      looked.add(id);
    }
    found.push(...(await checkedSome(catalog, search, some, wanted)));
    found.sort((a, b) => order(placeOf(a), placeOf(b))).splice(limit);
    await othersTurn();
  }
  return found;
}

const placeOf = ({ listedAt, fileId }: ListedFile): Place => ({ sharedAt: listedAt, fileId });

/** In order of time, then of the ids' bytes, like in the databases. */
function inOrderOf(direction: Direction): (a: Place, b: Place) => number {
  const sign = direction === 'older' ? -1 : 1;
  return (a, b) => sign * (a.sharedAt - b.sharedAt || compareKeys(a.fileId, b.fileId));
}

/**
 * Where in reach these candidates stand, as far as they meet what is cheap to ask. Looked up once for all pages of a question. `of` is what
 * they were taken from.
 */
async function placesOf(
  catalog: Scope,
  search: Search,
  of: readonly number[],
  ids: readonly number[],
): Promise<readonly Placed[]> {
  if (search.placed?.of === of) return search.placed.places;
  const { reach, budget } = search;
  const step = withConditions(CHECKED, search);
  const places: Placed[] = [];
  for (let at = 0; at < ids.length; at += step) {
    if (!budget.hasTime()) return places;
    const { rows } = await sql<Placed>`
      select m.id, e.file_id, e.shared_at from ${numberTable(catalog.kind, ids.slice(at, at + step))} m
      ${lookUp(catalog.kind, 'file', 'f', sql`f.id = m.id and f.team_id = ${reach.teamId} and ${meets(search, [])}`)}
      ${lookUp(catalog.kind, 'channel_file', 'e', sql`e.team_id = f.team_id and e.file_id = f.file_id`)}
      where e.listed_as is not null and ${asked(catalog, reach, search, 'e')}
        and ${isAmong(catalog.kind, 'e.channel_id', [...reach.channelIds, ...reach.hidden])}`.execute(
      catalog.db,
    );
    for (const row of rows) places.push(row);
    await othersTurn();
  }
  search.placed = { of, places };
  return places;
}

/** Those of these files that are asked for and within reach, in order. */
export async function checkedSome(
  catalog: Scope,
  search: Search,
  ids: readonly number[],
  { direction, from, limit, span }: Wanted,
): Promise<ListedFile[]> {
  const { reach, words } = search;
  const inWords = await conditionsOn(catalog, words, ids);
  const within = span === undefined ? sql`` : sql`and e.shared_at between ${span[0]} and ${span[1]}`;
  const { rows } = await sql<ListedRecord>`
    select ${columns(search, 'e')} from ${numberTable(catalog.kind, ids)} m
    ${lookUp(catalog.kind, 'file', 'f', sql`f.id = m.id and f.team_id = ${reach.teamId} and ${meets(search, inWords)}`)}
    ${lookUp(catalog.kind, 'channel_file', 'e', sql`e.team_id = f.team_id and e.file_id = f.file_id`)}
    where e.listed_as is not null ${within} and ${beyond(direction, from)} and ${asked(catalog, reach, search, 'e')}
      and ${shownHere(catalog, reach, search)}
    ${ordered(direction)} limit ${limit}`.execute(catalog.db);
  return rows.map(toListed(search));
}
