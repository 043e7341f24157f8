import { type RawBuilder, sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import { fewOfEach, likePattern, numberTable } from '../db/dialect.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { fold } from '../derived/fold.ts';
import { type TrashedFile, trashedFile } from '../governance/trash-list.ts';
import type { FileRef, ListFilter } from '../model.ts';
import type { Budget } from './budget.ts';
import { within } from './budget.ts';
import { type Candidates, rarest } from './candidates.ts';
import type { Known } from './known.ts';
import { filesLike, nameConditions } from './name-conditions.ts';
import { setsOf } from './order.ts';
import { reachOf, type Viewer } from './reach.ts';
import { PACE } from './spans.ts';
import { missingTextIndexes } from './text-index.ts';
import { asksOfShares, factConditions, fitting } from './trashed-fit.ts';
import { filesWith, MOST_CHANNEL_SETS } from './word-index.ts';

/** This many of the last deleted files are looked at in one question, as many of each channel set. */
const LOOKED_AT = 10_000;
/** But no more than this of one. */
const MOST_OF_EACH = 200;
/** And this many channel sets at most. */
const SETS = 400;
/** On SQLite, this many in one step: everybody else waits for it. */
const SETS_AT_ONCE = 20;
/** So many files with the words are held against the other filters. */
const FILTERED = 50;
/** Where the search index knows of fewer files than this with the words, these are looked at, whenever they were deleted. */
const FEW = { many: PACE.few, times: 8, patienceMs: 50 };

/**
 * Up to `limit` files in the trash that a viewer may know of and that the filter lets through; their names are like its
 * words, or their id was typed. The last deleted first. Where many files have the words, or their index is missing, only the last
 * deleted ones are looked at, so the work is bounded.
 * Without words there are none, unless `wordless`.
 */
export async function findTrashed(
  catalog: Catalog,
  o: {
    viewer: Viewer;
    filter: ListFilter;
    limit: number;
    budget: Budget;
    wordless?: boolean;
    known?: Known | undefined;
  },
): Promise<TrashedFile[]> {
  const { text = '', patterns = [] } = o.filter;
  const phrase = fold(text).trim();
  const words = [...new Set(phrase.split(/\s+/))].filter((word) => word !== '');
  if (words.length === 0 && patterns.length === 0 && !o.wordless) return [];
  const asks = asksOfShares(o.filter);
  const most = asks ? FILTERED : o.limit;
  const ref = (fileId: string) => ({ teamId: o.viewer.teamId, fileId });
  const found = await within(catalog, o.budget, async (scope) => {
    const reach = await reachOf(scope, o.viewer, undefined, o.filter.notChannelIds);
    const { open, own } = await setsOf(scope, reach);
    const all = [...open, ...own];
    const has = [
      ...words.map((word) => sql`f.folded like ${likePattern(word)} escape '\\'`),
      ...nameConditions(scope.kind, o.filter),
    ];
    const conditions = [
      ...factConditions(o.filter),
      ...(has.length === 0
        ? []
        : [sql`(f.file_id = ${phrase.toUpperCase()} or (${sql.join(has, sql` and `)}))`]),
    ];
    const named = namedSo(
      scope,
      o,
      words,
      all.length > MOST_CHANNEL_SETS.names[scope.kind] ? undefined : all,
    );
    const isKnown = named.length > 0 && (await isIndexed(scope));
    const few = isKnown ? await rarest(scope, o.budget, named, FEW) : undefined;
    const byId = few === undefined ? [] : await withId(scope, ref(phrase.toUpperCase()));
    const matching = async (some: number[], uploaderId: string | null) => {
      const sets = some.slice(0, SETS);
      if (sets.length === 0) return [];
      const meets = [...conditions, ...(uploaderId === null ? [] : [sql`f.uploader_id = ${uploaderId}`])];
      if (few !== undefined) return lastAmong(scope, sets, [...few.ids, ...byId], meets, most);
      return lastOf(scope, o.budget, sets, meets, most);
    };
    const rows = [...(await matching(open, null)), ...(await matching(own, reach.ownUserId))];
    rows.sort((a, b) => b.trashedAt - a.trashedAt);
    const files: TrashedFile[] = [];
    for (const { fileId } of rows.slice(0, most)) {
      const file = await trashedFile(catalog, ref(fileId));
      if (file !== undefined) files.push(file);
    }
    return (asks ? await fitting(scope, reach, files, o.filter) : files).slice(0, o.limit);
  });
  return found ?? [];
}

/** The files, in the trash or not, whose names may be like the words, where the search index can tell. */
function namedSo(
  { kind }: Scope,
  { filter, known }: { filter: ListFilter; known?: Known | undefined },
  words: string[],
  sets?: number[],
): Candidates[] {
  return words.length === 0
    ? filesLike(kind, filter.patterns ?? [], sets, known)
    : filesWith(kind, [words], sets, known);
}

/** Without its index, PostgreSQL would read all names, and the time would be up before anything is found. */
const isIndexed = async (scope: Scope) => !(await missingTextIndexes(scope)).includes('file_text');

async function withId({ db }: Scope, { teamId, fileId }: FileRef): Promise<number[]> {
  const rows = await db
    .selectFrom('file')
    .select('id')
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .execute();
  return rows.map(({ id }) => id);
}

interface Trashed {
  fileId: string;
  trashedAt: number;
}

/** The last deleted of each channel set, those that meet the conditions on `f`. */
async function lastOf(
  scope: Scope,
  budget: Budget,
  sets: number[],
  conditions: Array<RawBuilder<unknown>>,
  most: number,
): Promise<Trashed[]> {
  const found: Trashed[] = [];
  const step = scope.kind === 'postgres' ? sets.length : SETS_AT_ONCE;
  const ofEach = Math.min(MOST_OF_EACH, Math.floor(LOOKED_AT / sets.length));
  for (let at = 0; at < sets.length; at += step) {
    if (at > 0) await othersTurn();
    if (at > 0 && !budget.hasTime()) break;
    found.push(...(await lastOfSome(scope, sets.slice(at, at + step), ofEach, conditions, most)));
  }
  return found.sort((a, b) => b.trashedAt - a.trashedAt || (a.fileId < b.fileId ? 1 : -1)).slice(0, most);
}

async function lastOfSome(
  { db, kind }: Scope,
  sets: number[],
  ofEach: number,
  conditions: Array<RawBuilder<unknown>>,
  most: number,
): Promise<Trashed[]> {
  const meets = sql.join([sql`1 = 1`, ...conditions], sql` and `);
  const last = fewOfEach(
    kind,
    'f',
    numberTable(kind, sets),
    (columns) => sql`select ${columns} from file l where l.audience_id = s.id and l.state = 'trashed'
      order by l.trashed_at desc, l.file_id desc limit ${ofEach}`,
    { meets, order: LAST_FIRST, most },
  );
  const { rows } = await sql<Trashed>`
    select f.file_id, f.trashed_at from ${last} order by ${LAST_FIRST} limit ${most}`.execute(db);
  return rows;
}

const LAST_FIRST = sql`f.trashed_at desc, f.file_id desc`;

/** Where only these files can meet the conditions: the last deleted of them. */
async function lastAmong(
  { db, kind }: Scope,
  sets: number[],
  ids: number[],
  conditions: Array<RawBuilder<unknown>>,
  most: number,
): Promise<Trashed[]> {
  if (ids.length === 0) return [];
  const meets = [
    sql`f.state = 'trashed'`,
    sql`f.audience_id in (select s.id from ${numberTable(kind, sets)} s)`,
    ...conditions,
  ];
  const { rows } = await sql<Trashed>`
    select f.file_id, f.trashed_at from file f
    where f.id in (select m.id from ${numberTable(kind, ids)} m) and ${sql.join(meets, sql` and `)}
    order by ${LAST_FIRST} limit ${most}`.execute(db);
  return rows;
}
