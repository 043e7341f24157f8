import { type RawBuilder, sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import { IS_LISTED, IS_STORED } from '../db/conditions.ts';
import { idTable, lookUp, numberTable } from '../db/dialect.ts';
import { type FileRecord, type Scope, toFileRow } from '../db/schema.ts';
import { EVERY_FILE, personTag } from '../derived/update.ts';
import { channelOfKey } from '../files/channel-keys.ts';
import type { ListedFile } from '../model.ts';
import type { Budget } from './budget.ts';
import { type Candidates, rarest } from './candidates.ts';
import { asked, type Entries, type Reach, shownHere } from './reach.ts';

export type Direction = 'newer' | 'older';

/** A place in a list, newest first. */
export interface Place {
  sharedAt: number;
  fileId: string;
}

/** How much is looked at in one go: fast, and other work gets its turn in between. */
export interface Pace {
  /** Up to this many candidates are always checked one by one. */
  few: number;
  /** Entries to walk through in one step, where the files themselves must be looked at. */
  step: number;
  /** Up to this many channel sets narrow the search index; if missing, as many as help. */
  channelSets?: number;
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
  candidates: Candidates[];
  /** Only the columns of `LeanFile` (gather.ts) are read of each file. */
  lean?: boolean;
}

/**
 * Adds up to `limit` files to `found`, in one direction from a place (not included), or from the end when there is
 * none. Where an index knows only few candidates, these are checked. Otherwise entries are walked through in order of
 * time, which finds common words at once. The candidates take over when the walk has become as long as checking all
 * of them would be. When the time is up it stops, and `found` has the first ones.
 */
export async function takeFound(
  catalog: Scope,
  search: Search,
  direction: Direction,
  from: Place | null,
  limit: number,
  found: ListedFile[],
): Promise<void> {
  if (limit <= 0) return;
  const { candidates, pace, budget } = search;
  const few = await rarest(catalog, budget, candidates, pace.few, AT_FIRST);
  if (few) {
    found.push(...(await checked(catalog, search, few, direction, from, limit)));
    return;
  }
  const enough = found.length + limit;
  let looked = 0;
  let longer = pace.few;
  for await (const { span, entries } of spans(catalog, search, direction, from, limit)) {
    found.push(...(await walked(catalog, search, span, direction, from, enough - found.length)));
    if (found.length >= enough) return;
    await othersTurn();
    looked += entries;
    if (looked <= longer) continue;
    longer = 2 * looked;
    const most = Math.max(pace.few, Math.ceil(looked / CHECKING));
    const rare = await rarest(catalog, budget, candidates, most, IN_VAIN);
    if (rare) {
      const [low, high] = span;
      const beyond = direction === 'older' ? { sharedAt: low, fileId: '' } : { sharedAt: high, fileId: LAST };
      found.push(...(await checked(catalog, search, rare, direction, beyond, enough - found.length)));
      return;
    }
  }
}

/** Checking one candidate, wherever it is, takes this many times as long as looking at the next entry of a walk. */
const CHECKING = 3;

/**
 * The search index may give this many times as much as is useful: less before the walk, which finds common words at
 * once, and more when the walk has found too little.
 */
const AT_FIRST = 8;
const IN_VAIN = 32;

/** Comes after every file id. */
const LAST = '\u{10ffff}';

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
function alongOf({ channelIds }: Reach, tags: string[][]): string[] {
  const few = tags.find((group) => group.length === 1 || group.length * channelIds.length <= MOST_PLACES);
  return few ?? [EVERY_FILE];
}

/**
 * Spans of time, both ends included, each with about the number of entries that is good for one step, and how many
 * entries they hold. Times when nothing was shared are left out.
 */
async function* spans(
  catalog: Scope,
  search: Search,
  direction: Direction,
  from: Place | null,
  limit: number,
): AsyncGenerator<{ span: [number, number]; entries: number }> {
  const older = direction === 'older';
  const { conditions, tags, pace } = search;
  // With more conditions for each entry, fewer entries are looked at.
  const step = Math.max(100, Math.ceil(pace.step / Math.max(1, conditions.length / 4)));
  const good = conditions.length > 0 || tags.length > 1 ? Math.min(pace.step, step) : 2 * limit;
  let width = 3_600_000;
  let next: number | null = await edge(catalog, search, direction, from?.sharedAt ?? null);
  while (next !== null && search.budget.hasTime()) {
    const span = (): [number, number] =>
      older ? [(next as number) - width, next as number] : [next as number, (next as number) + width];
    let entries = await count(catalog, search, span(), 8 * good);
    while (entries >= 8 * good && width > 1 && search.budget.hasTime()) {
      await othersTurn();
      width = Math.floor(width / 8);
      entries = await count(catalog, search, span(), 8 * good);
    }
    const [low, high] = span();
    yield { span: [low, high], entries };
    width = Math.max(1, Math.floor(width * Math.min(64, good / Math.max(1, entries))));
    next = await edge(catalog, search, direction, older ? low - 1 : high + 1);
  }
}

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
function entriesOf(catalog: Scope, search: Search, [low, high]: [number, number]): RawBuilder<unknown> {
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

type ListedRecord = FileRecord & Pick<ListedFile, 'listedChannelId' | 'listedAt' | 'listedBy'>;

const toListed =
  ({ lean = false }: Search) =>
  (record: ListedRecord): ListedFile => {
    const listedChannelId = channelOfKey(record.listedChannelId);
    // A lean one has only what `LeanFile` names; gather.ts reads it as that.
    if (lean) return { ...record, listedChannelId } as unknown as ListedFile;
    return { ...toFileRow(record), listedChannelId };
  };

/** What is read of a file. */
const columns = ({ lean = false }: Search) => {
  const file = lean ? sql`f.id, f.team_id, f.file_id, f.folded, f.state, f.size, f.stored_bytes` : sql`f.*`;
  return sql`${file}, c.channel_id as listed_channel_id, c.shared_at as listed_at,
    coalesce(c.shared_by, f.uploader_id) as listed_by`;
};

function beyond(direction: Direction, from: Place | null): RawBuilder<unknown> {
  if (from === null) return sql`1 = 1`;
  const compare = direction === 'older' ? sql`<` : sql`>`;
  return sql`(e.shared_at, e.file_id) ${compare} (${from.sharedAt}, ${from.fileId})`;
}

function ordered(direction: Direction): RawBuilder<unknown> {
  const way = direction === 'older' ? sql`desc` : sql`asc`;
  return sql`order by e.shared_at ${way}, e.file_id ${way}`;
}

const meets = ({ conditions, storedOnly }: Search) =>
  sql.join([sql`f.${storedOnly ? IS_STORED : IS_LISTED}`, ...conditions], sql` and `);

async function walked(
  catalog: Scope,
  search: Search,
  span: [number, number],
  direction: Direction,
  from: Place | null,
  limit: number,
): Promise<ListedFile[]> {
  const { reach } = search;
  // Already in order, so that PostgreSQL looks up only as many as the page needs.
  const near = sql`select e.* from (${entriesOf(catalog, search, span)}) e
    where ${beyond(direction, from)} ${ordered(direction)}`;
  const { rows } = await sql<ListedRecord>`
    select ${columns(search)} from (${near}) e
    ${lookUp(catalog.kind, 'file', 'f', sql`f.team_id = ${reach.teamId} and f.file_id = e.file_id and ${meets(search)}`)}
    ${lookUp(catalog.kind, 'channel_file', 'c', sql`c.team_id = f.team_id and c.file_id = f.file_id and c.channel_id = e.channel_id`)}
    where ${asked(catalog, reach, search, 'e')} and ${shownHere(catalog, reach, search)}
    ${ordered(direction)} limit ${limit}`.execute(catalog.db);
  return rows.map(toListed(search));
}

/** This many candidates are checked in one step. */
const CHECKED = 1_000;

/** The candidates that are asked for and within reach, checked in steps. */
async function checked(
  catalog: Scope,
  search: Search,
  ids: number[],
  direction: Direction,
  from: Place | null,
  limit: number,
): Promise<ListedFile[]> {
  const found: ListedFile[] = [];
  const step = Math.max(100, Math.ceil(CHECKED / Math.max(1, search.conditions.length / 4)));
  for (let at = 0; at < ids.length && search.budget.hasTime(); at += step) {
    const some = ids.slice(at, at + step);
    found.push(...(await checkedSome(catalog, search, some, direction, from, limit)));
    if (at > 0) found.sort(byCursor(direction)).splice(limit);
    if (at + step < ids.length) await othersTurn();
  }
  return found;
}

/** In order of time, then of the ids' bytes, like in the databases. */
function byCursor(direction: Direction): (a: ListedFile, b: ListedFile) => number {
  const sign = direction === 'older' ? -1 : 1;
  return (a, b) => sign * (a.listedAt - b.listedAt || (a.fileId < b.fileId ? -1 : 1));
}

async function checkedSome(
  catalog: Scope,
  search: Search,
  ids: number[],
  direction: Direction,
  from: Place | null,
  limit: number,
): Promise<ListedFile[]> {
  const { reach } = search;
  const { rows } = await sql<ListedRecord>`
    select ${columns(search)} from ${numberTable(catalog.kind, ids)} m
    ${lookUp(catalog.kind, 'file', 'f', sql`f.id = m.id and f.team_id = ${reach.teamId} and ${meets(search)}`)}
    ${lookUp(catalog.kind, 'channel_file', 'e', sql`e.team_id = f.team_id and e.file_id = f.file_id`)}
    ${lookUp(catalog.kind, 'channel_file', 'c', sql`c.team_id = f.team_id and c.file_id = f.file_id and c.channel_id = e.channel_id`)}
    where e.listed_as is not null and ${beyond(direction, from)} and ${asked(catalog, reach, search, 'e')}
      and ${shownHere(catalog, reach, search)}
    ${ordered(direction)} limit ${limit}`.execute(catalog.db);
  return rows.map(toListed(search));
}
