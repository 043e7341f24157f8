import { type RawBuilder, sql } from 'kysely';
import { IS_LISTED, IS_SHOWN } from '../db/conditions.ts';
import { finds, hasWord, isAmong, numberTable } from '../db/dialect.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { personTag } from '../derived/update.ts';
import { type Budget, within } from './budget.ts';
import { setsOf } from './order.ts';
import type { Search } from './spans.ts';
import { conditionsOn } from './word-condition.ts';
import { nameBegins } from './word-index.ts';

/** What names alone are asked for. */
export interface NamesAsked {
  /** All files whose names have the words. */
  search: Search;
  /** Many of these names may begin with one of these, the likeliest first. */
  beginnings: string[];
  /** Only what this person shared or uploaded. */
  userId?: string | undefined;
}

/** Where names are read that are likely to have the words: the first few tell whether more are worth it. */
interface Source {
  probe: number;
  most: number;
  /** A table with the columns of `file`, of so many rows. */
  rows(many: number): RawBuilder<unknown>;
}

const NAMED = { probe: 200, most: 6_000 };
const OF_A_PERSON = { probe: 200, most: 12_000 };
/** Rows in the order of their ids lie together: each takes half a microsecond. */
const IN_A_ROW = { probe: 2_000, most: 40_000 };

/** What a statement takes besides (ms). */
const OF_ITSELF_MS = 1;

/**
 * Whether a person finds more than `most` files by their names, where that is certain at once: any of them count, in whatever
 * order, so they are read where they lie together. False says nothing. PostgreSQL alone: on SQLite the walk takes as little, and a
 * long read holds everybody up.
 */
export async function surelyMore(
  catalog: Catalog,
  { search, beginnings, userId }: NamesAsked,
  most: number,
  budget: Budget,
): Promise<boolean> {
  if (catalog.kind === 'sqlite') return false;
  const isMore = await within(catalog, budget, async (scope) => {
    const { open } = await setsOf(scope, search.reach);
    const conditions = [
      ...search.conditions,
      ...(await conditionsOn(scope, search.words, [])),
      seen(scope, search, open, userId),
    ];
    const count = async (source: Source, rows: number): Promise<number> => {
      const found = await sql<{ files: number }>`
        select count(*) as files from (
          select 1 from ${source.rows(rows)} f
          where ${search.storedOnly ? sql`state = 'stored'` : IS_SHOWN} and ${sql.join(conditions, sql` and `)}
          limit ${most + 1}) counted`.execute(scope.db);
      return found.rows[0]?.files ?? 0;
    };
    const { rows } = await sql<{ last: number | null }>`select max(id) as last from file`.execute(scope.db);
    for (const source of sourcesOf(scope, search, beginnings, rows[0]?.last ?? 0, userId)) {
      if (!budget.hasTime()) return false;
      const began = performance.now();
      const first = await count(source, source.probe);
      if (first > most) return true;
      const times = (most + 1) / first;
      const isLong = (performance.now() - began - OF_ITSELF_MS) * times > budget.left();
      // With a third more, as the first ones may be better than the others.
      const rows = Math.ceil(1.3 * times * source.probe);
      if (isLong || rows > source.most) continue;
      if ((await count(source, rows)) > most) return true;
    }
    return false;
  });
  return isMore ?? false;
}

/** So many beginnings are looked up. */
const BEGINNINGS = 2;

function sourcesOf(
  { kind }: Scope,
  { reach, before, after }: Search,
  beginnings: string[],
  last: number,
  userId?: string,
): Source[] {
  const { teamId, channelSets } = reach;
  if (userId !== undefined) {
    const earlier = before === undefined ? sql`` : sql`and shared_at < ${before}`;
    const rows = (
      many: number,
    ) => sql`(select * from file where team_id = ${teamId} and uploader_id = ${userId}
      and ${IS_LISTED} ${earlier} order by shared_at desc, file_id desc limit ${many})`;
    return [{ ...OF_A_PERSON, rows }];
  }
  const ofTeam = (beginning: string) => (many: number) =>
    sql`(select * from file where team_id = ${teamId} and ${IS_LISTED} and ${nameBegins(beginning)} limit ${many})`;
  const ofSets = (beginning: string, sets: number[]) => (many: number) =>
    sql`(select l.* from ${numberTable(kind, sets)} s cross join lateral (select * from file
      where audience_id = s.id and ${IS_SHOWN} and ${nameBegins(beginning)} limit ${many}) l limit ${many})`;
  const named = beginnings
    .filter((beginning) => beginning !== '')
    .slice(0, BEGINNINGS)
    .map((one) => ({ ...NAMED, rows: channelSets ? ofSets(one, channelSets) : ofTeam(one) }));
  // Kept apart, so that PostgreSQL looks for nothing else by another index.
  const newest = (many: number) =>
    sql`(select * from file where id > ${last - many} and team_id = ${teamId} offset 0)`;
  if (before !== undefined) return named;
  return after === undefined ? [...named, { ...IN_A_ROW, rows: newest }] : [{ ...IN_A_ROW, rows: newest }];
}

/**
 * That the file `f` is where the person sees everything, as it is asked for. Their own uploads elsewhere are left out, and so are
 * files of a type that only their names tell, and those whose first share has another date.
 */
function seen(scope: Scope, search: Search, open: number[], userId?: string): RawBuilder<unknown> {
  const { kind } = scope;
  const { reach, notTags = [], before, after } = search;
  const isPerson = (tag = '') => tag.startsWith('@');
  const isType = (some: readonly string[]) => {
    const families = some
      .filter((tag) => /^[a-z]+$/.test(tag))
      .map((tag) => sql`f.mimetype like ${`${tag}/%`}`);
    return sql`(${sql.join([sql`f.filetype in (${sql.join(some)})`, ...families], sql` or `)})`;
  };
  const types = search.tags.filter((group) => !isPerson(group[0]));
  // What the person uploaded carries their tag.
  const people = search.tags.filter(
    ([tag]) => isPerson(tag) && (userId === undefined || tag !== personTag(userId)),
  );
  const conditions = types.map(isType);
  const isBare = people.length === 0 && notTags.length === 0 && before === undefined && after === undefined;
  if (isBare) conditions.push(sql`f.audience_id in (select s.id from ${numberTable(kind, open)} s)`);
  else {
    const carries = (some: readonly string[]) => hasWord(kind, 'e.listed_as', some);
    const entry = [
      sql`e.team_id = ${reach.teamId} and e.file_id = f.file_id and e.listed_as is not null`,
      isAmong(kind, 'e.channel_id', reach.channelIds),
      ...(before === undefined ? [] : [sql`e.shared_at < ${before}`]),
      ...(after === undefined ? [] : [sql`e.shared_at >= ${after}`]),
      ...people.map(carries),
      ...(notTags.length === 0 ? [] : [sql`not ${carries(notTags)}`]),
    ];
    // Looked at first: most files are shared once.
    if (before !== undefined) conditions.push(sql`f.shared_at < ${before}`);
    if (after !== undefined) conditions.push(sql`f.shared_at >= ${after}`);
    if (notTags.length > 0) conditions.push(sql`${isType(notTags)} is not true`);
    conditions.push(finds(kind, sql`select 1 from channel_file e where ${sql.join(entry, sql` and `)}`));
  }
  return sql.join(conditions, sql` and `);
}
