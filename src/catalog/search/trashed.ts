import { sql } from 'kysely';
import { likePattern, lookUpFew, numberTable } from '../db/dialect.ts';
import type { Catalog } from '../db/schema.ts';
import { fold } from '../derived/fold.ts';
import { type TrashedFile, trashedFile } from '../governance/trash-list.ts';
import type { ListFilter } from '../model.ts';
import type { Budget } from './budget.ts';
import { within } from './budget.ts';
import { nameConditions } from './name-conditions.ts';
import { setsOf } from './order.ts';
import { reachOf, type Viewer } from './reach.ts';
import { asksOfShares, factConditions, fitting } from './trashed-fit.ts';

/** This many of the last deleted files of each channel set are looked at. */
const LOOKED_AT = 200;
/** And this many channel sets at most, in one question. */
const SETS = 400;
/** So many files with the words are held against the other filters. */
const FILTERED = 50;

/**
 * Up to `limit` files in the trash that a viewer may know of and that the filter lets through; their names are like its
 * words, or their id was typed. The last deleted first. Only the last deleted ones are looked at, so the work is bounded.
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
    const matching = async (sets: number[], uploaderId: string | null) => {
      if (sets.length === 0) return [];
      const last = lookUpFew(
        scope.kind,
        't',
        sql`select l.id from file l where l.audience_id = s.id and l.state = 'trashed'
          order by l.trashed_at desc, l.file_id desc limit ${LOOKED_AT}`,
      );
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
        where f.id in (select t.id from ${numberTable(scope.kind, sets.slice(0, SETS))} s ${last})
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
