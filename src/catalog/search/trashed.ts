import { type RawBuilder, sql } from 'kysely';
import { likePattern, lookUpFew, numberTable } from '../db/dialect.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { fold } from '../derived/fold.ts';
import { type TrashedFile, trashedFile } from '../governance/trash-list.ts';
import type { ListFilter } from '../model.ts';
import type { Budget } from './budget.ts';
import { within } from './budget.ts';
import { rarest } from './candidates.ts';
import { nameConditions } from './name-conditions.ts';
import { setsOf } from './order.ts';
import { type Reach, reachOf, type Viewer } from './reach.ts';
import { asksOfShares, factConditions, fitting } from './trashed-fit.ts';
import { filesMaybeWith } from './word-index.ts';

/** This many of the last deleted files of each channel set are looked at. */
const LOOKED_AT = 200;
/** And this many channel sets at most, in one question. */
const SETS = 400;
/** Where the index of names knows of fewer files with the words, these are looked at instead, whenever they were deleted. */
const FEW = 1_000;
/** The index may be read so long for it, in ms. */
const PATIENCE_MS = 25;
/** So many files with the words are held against the other filters. */
const FILTERED = 50;

/**
 * Up to `limit` files in the trash that a viewer may know of and that the filter lets through; their names are like its
 * words, or their id was typed. The last deleted first. Where many files have the words, only the last deleted ones are looked at,
 * so the work is bounded.
 * Without words there are none, unless `wordless`.
 */
export async function findTrashed(
  catalog: Catalog,
  o: { viewer: Viewer; filter: ListFilter; limit: number; budget: Budget; wordless?: boolean },
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
    const few = await fewWith(scope, words, reach, o.budget);
    const matching = async (sets: number[], uploaderId: string | null) => {
      if (sets.length === 0) return [];
      const looked = few
        ? sql`(${few} union all
            select id from file where team_id = ${o.viewer.teamId} and file_id = ${phrase.toUpperCase()})
          and f.state = 'trashed' and f.audience_id in (select id from ${numberTable(scope.kind, sets)} s)`
        : lastDeleted(scope, sets);
      const has = [
        ...words.map((word) => sql`f.folded like ${likePattern(word)} escape '\\'`),
        ...nameConditions(scope.kind, o.filter),
      ];
      const conditions = [
        ...(has.length === 0
          ? []
          : [sql`(f.file_id = ${phrase.toUpperCase()} or (${sql.join(has, sql` and `)}))`]),
        ...factConditions(o.filter),
        ...(uploaderId === null ? [] : [sql`f.uploader_id = ${uploaderId}`]),
      ];
      const { rows } = await sql<{ fileId: string; trashedAt: number }>`
        select f.file_id, f.trashed_at from file f
        where f.id in ${looked}
          and ${sql.join([sql`1 = 1`, ...conditions], sql` and `)}
        order by f.trashed_at desc, f.file_id desc limit ${most}`.execute(scope.db);
      return rows;
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

/** The ids of all files that may have these words in their names; undefined where they are many. */
async function fewWith(
  scope: Scope,
  words: string[],
  { channelSets }: Reach,
  budget: Budget,
): Promise<RawBuilder<unknown> | undefined> {
  const ids = words.length === 0 ? undefined : filesMaybeWith(scope.kind, [words], channelSets);
  if (ids === undefined) return undefined;
  const asked = { many: FEW, times: 1, patienceMs: PATIENCE_MS };
  const few = await rarest(scope, budget, [{ ids, wholly: true }], asked);
  return few && sql`select m.id from ${numberTable(scope.kind, few.ids)} m`;
}

function lastDeleted({ kind }: Scope, sets: number[]): RawBuilder<unknown> {
  const last = lookUpFew(
    kind,
    't',
    sql`select l.id from file l where l.audience_id = s.id and l.state = 'trashed'
      order by l.trashed_at desc, l.file_id desc limit ${LOOKED_AT}`,
  );
  return sql`(select t.id from ${numberTable(kind, sets.slice(0, SETS))} s ${last})`;
}
