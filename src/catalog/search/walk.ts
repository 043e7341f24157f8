import { type RawBuilder, sql } from 'kysely';
import { finds, idsUpTo, isLikelyMore, likePattern, lookUp, numberTable } from '../dialect.ts';
import type { ListedFile } from '../model.ts';
import { type Catalog, type FileRecord, toFileRow } from '../tables/schema.ts';
import { audiencesIn, filesMaybeWith, filesNamed } from './word-index.ts';

/** Entries read at a time when names must be looked at: quick, and other work gets its turn in between. */
const STEP = 2_000;

/** Text that fewer files of a channel contain is looked up at once: sooner than names could be read for it. */
const RARE = 1_000;

/**
 * Text that more files than this contain is left to the walk: looking each of them up would take SQLite longer
 * than other work may wait, and what is common is mostly found soon.
 */
const COMMON = 10_000;

/** A guess that there is more is trusted when it says so many times as much. */
const SURELY = 8;

export type Direction = 'newer' | 'older';

/** A place in a channel's list. */
export interface Place {
  sharedAt: number;
  fileId: string;
}

/** Text to find, folded, and the LIKE pattern that `file.folded` must match. */
export interface Text {
  folded: string;
  pattern: string;
  /** It is the whole name, which the index of names knows. */
  isName: boolean;
}

/** Name or title contains it. */
export function containing(folded: string): Text {
  return { folded, pattern: likePattern(folded), isName: false };
}

/** The name is exactly this: the first line of `file.folded`. */
export function named(folded: string): Text {
  return { folded, pattern: `${likePattern(folded).slice(1, -1)}\n%`, isName: true };
}

/** The part of a channel's list that is asked for. */
export interface View {
  teamId: string;
  channelId: string;
  /** An entry must have a tag of every group. */
  tags: string[][];
  text?: Text;
  fileId?: string;
  uploaderId?: string;
  /** Shared before (exclusive) and at or after (inclusive), ms. */
  before?: number;
  after?: number;
}

/**
 * Up to `limit` files of a view, going in one direction from a place (not included), or from the end when there
 * is none. Without text this is a walk along the index `listing`. With text, the search index is asked, which finds
 * rare words at once; else the nearest entries are read, which finds common ones at once, and what is neither is
 * looked up after all. `step` is how many entries are read at a time, and how many files with the text are `rare`.
 */
export async function take(
  catalog: Catalog,
  given: View,
  direction: Direction,
  from: Place | null,
  limit: number,
  { step, rare }: { step: number; rare: number } = { step: STEP, rare: RARE },
): Promise<ListedFile[]> {
  const view = { ...given, tags: await rarestFirst(catalog, given) };
  const search = (among: RawBuilder<{ id: number }>, start: Place | null, most: number) =>
    searched(catalog, view, among, direction, start, most);
  const searchAmong = (ids: number[], start: Place | null, most: number) =>
    ids.length === 0 ? [] : search(numberTable(catalog.kind, ids), start, most);
  if (view.fileId !== undefined) {
    const one = sql<{
      id: number;
    }>`(select id from file where team_id = ${view.teamId} and file_id = ${view.fileId})`;
    return search(one, from, limit);
  }
  if (!view.text && view.uploaderId === undefined) {
    return walked(catalog, view, entries(catalog, view, direction, from, limit), direction, limit);
  }
  const few = view.text && (await candidatesOf(catalog, view, view.text, rare));
  if (few) return searchAmong(few, from, limit);
  const found: ListedFile[] = [];
  let place = from;
  for (let isFirst = true; ; isFirst = false) {
    const near = entries(catalog, view, direction, place, step);
    found.push(...(await walked(catalog, view, near, direction, limit - found.length)));
    if (found.length >= limit) return found;
    place = await lastOf(catalog, near, direction, step);
    if (!place) return found;
    const candidates = isFirst && view.text && (await candidatesOf(catalog, view, view.text, COMMON));
    if (candidates) return [...found, ...(await searchAmong(candidates, place, limit - found.length))];
    await new Promise(setImmediate);
  }
}

/** Conditions on a list entry `e`, besides its tag. */
function within(view: View, direction: Direction, from: Place | null): RawBuilder<unknown> {
  const conditions = [sql`1 = 1`];
  if (view.before !== undefined) conditions.push(sql`e.shared_at < ${view.before}`);
  if (view.after !== undefined) conditions.push(sql`e.shared_at >= ${view.after}`);
  if (from) {
    const compare = direction === 'older' ? sql`<` : sql`>`;
    conditions.push(sql`(e.shared_at, e.file_id) ${compare} (${from.sharedAt}, ${from.fileId})`);
  }
  return sql.join(conditions, sql` and `);
}

/** The condition that an entry `e` carries a tag of every one of these groups. */
function tagged(catalog: Catalog, view: View, groups: string[][]): RawBuilder<unknown> {
  const conditions = groups.map((tags) => {
    const carries = sql`select 1 from listing p
      where p.team_id = ${view.teamId} and p.channel_id = ${view.channelId} and p.tag in (${sql.join(tags)})
        and p.shared_at = e.shared_at and p.file_id = e.file_id`;
    return sql`and ${finds(catalog.kind, carries)}`;
  });
  return conditions.length > 0 ? sql.join(conditions, sql` `) : sql``;
}

function ordered(direction: Direction, alias: 'e' | 'u'): RawBuilder<unknown> {
  const way = direction === 'older' ? sql`desc` : sql`asc`;
  return sql`order by ${sql.ref(`${alias}.shared_at`)} ${way}, ${sql.ref(`${alias}.file_id`)} ${way}`;
}

/** The next entries (`shared_at`, `file_id`) of the list: along the first group of tags, checking the others. */
function entries(
  catalog: Catalog,
  view: View,
  direction: Direction,
  from: Place | null,
  limit: number,
): RawBuilder<unknown> {
  const [first = [], ...others] = view.tags;
  const along = first.map(
    (tag) => sql`select e.shared_at, e.file_id from listing e
      where e.team_id = ${view.teamId} and e.channel_id = ${view.channelId} and e.tag = ${tag}
        and ${within(view, direction, from)} ${tagged(catalog, view, others)}
      ${ordered(direction, 'e')} limit ${limit}`,
  );
  if (along.length === 1) return along[0] as RawBuilder<unknown>;
  const union = sql.join(
    along.map((part) => sql`select * from (${part}) part`),
    sql` union `,
  );
  return sql`select u.shared_at, u.file_id from (${union}) u ${ordered(direction, 'u')} limit ${limit}`;
}

/** Conditions on the file `f` itself. */
function matching(view: View): RawBuilder<unknown> {
  const conditions = [sql`1 = 1`];
  if (view.text) conditions.push(sql`f.folded like ${view.text.pattern} escape '\\'`);
  if (view.uploaderId !== undefined) conditions.push(sql`f.uploader_id = ${view.uploaderId}`);
  return sql.join(conditions, sql` and `);
}

type ListedRecord = FileRecord & Pick<ListedFile, 'listedChannelId' | 'listedAt' | 'listedBy'>;

const LISTED = sql`f.*, c.channel_id as listed_channel_id, c.shared_at as listed_at, c.shared_by as listed_by`;

async function walked(
  catalog: Catalog,
  view: View,
  near: RawBuilder<unknown>,
  direction: Direction,
  limit: number,
): Promise<ListedFile[]> {
  const { rows } = await sql<ListedRecord>`
    select ${LISTED} from (${near}) e
    ${lookUp(catalog.kind, 'file', 'f', sql`f.team_id = ${view.teamId} and f.file_id = e.file_id and ${matching(view)}`)}
    ${lookUp(catalog.kind, 'channel_file', 'c', sql`c.team_id = f.team_id and c.file_id = f.file_id and c.channel_id = ${view.channelId}`)}
    ${ordered(direction, 'e')} limit ${limit}`.execute(catalog.db);
  return rows.map(toFileRow);
}

/** Where the walk is after these entries, or null when it has come to the end. */
async function lastOf(
  catalog: Catalog,
  near: RawBuilder<unknown>,
  direction: Direction,
  step: number,
): Promise<Place | null> {
  const { rows } = await sql<Place>`
    select e.shared_at, e.file_id from (${near}) e ${ordered(direction, 'e')} limit 1 offset ${step - 1}`.execute(
    catalog.db,
  );
  return rows[0] ?? null;
}

/** Files of a view among those with the ids of the table expression `m`. */
async function searched(
  catalog: Catalog,
  view: View,
  among: RawBuilder<{ id: number }>,
  direction: Direction,
  from: Place | null,
  limit: number,
): Promise<ListedFile[]> {
  const { rows } = await sql<ListedRecord>`
    select ${LISTED} from ${among} m
    ${lookUp(catalog.kind, 'file', 'f', sql`f.id = m.id and f.team_id = ${view.teamId} and f.state = 'stored' and ${matching(view)}`)}
    ${lookUp(catalog.kind, 'channel_file', 'e', sql`e.team_id = f.team_id and e.file_id = f.file_id and e.channel_id = ${view.channelId}`)}
    ${lookUp(catalog.kind, 'channel_file', 'c', sql`c.team_id = e.team_id and c.file_id = e.file_id and c.channel_id = e.channel_id`)}
    where ${within(view, direction, from)} ${tagged(catalog, view, view.tags)}
    ${ordered(direction, 'e')} limit ${limit}`.execute(catalog.db);
  return rows.map(toFileRow);
}

/**
 * The ids of files among which are all of the channel's that have the text, by an index; undefined where that cannot
 * tell, or where they are `most` or more.
 */
async function candidatesOf(
  catalog: Catalog,
  { teamId, channelId }: View,
  { folded, isName }: Text,
  most: number,
): Promise<number[] | undefined> {
  if (isName) {
    const named = await idsUpTo(catalog, filesNamed(teamId, `${folded}\n`), most);
    if (named) return named;
  }
  const ids = filesMaybeWith(catalog.kind, [[folded]], await audiencesIn(catalog, teamId, [channelId]));
  if (!ids || (await isLikelyMore(catalog, ids, SURELY * most))) return undefined;
  return idsUpTo(catalog, ids, most);
}

/** The groups of tags with that of the fewest entries first (as far as a bounded count tells): it is walked. */
async function rarestFirst(catalog: Catalog, view: View): Promise<string[][]> {
  if (view.tags.length < 2) return view.tags;
  const counted = [];
  for (const tags of view.tags) {
    const { rows } = await sql<{ entries: number }>`
      select count(*) as entries from (
        select 1 as one from listing
        where team_id = ${view.teamId} and channel_id = ${view.channelId} and tag in (${sql.join(tags)})
        limit ${COMMON}) counted`.execute(catalog.db);
    counted.push({ tags, entries: rows[0]?.entries ?? 0 });
  }
  return counted.sort((a, b) => a.entries - b.entries).map((group) => group.tags);
}
