import type { RawBuilder } from 'kysely';
import { idsUpTo, isLikelyMore } from '../dialect.ts';
import type { Catalog } from '../tables/schema.ts';

/** Files among which is every one within reach that meets the conditions, and maybe more. */
export interface Candidates {
  /** A table of their ids (`file.id`). */
  table: RawBuilder<{ id: number }>;
  /** It is the search index that gives them: PostgreSQL's gives nothing before it has all of them. */
  wholly: boolean;
  /** What is known of it so far, to ask once for a whole page: all of the ids, or that there are so many at least. */
  ids?: number[];
  atLeast?: number;
}

/**
 * The ids of the candidates of which there are the fewest, if that is less than `many`. A search index that cannot stop
 * is asked if it is likely to give less than so many times as much as can be of use.
 */
export async function rarest(
  catalog: Catalog,
  candidates: Candidates[],
  many: number,
  times: number,
): Promise<number[] | undefined> {
  let found: number[] | undefined;
  for (const each of candidates) {
    const most = found?.length ?? many;
    if (each.ids === undefined && (each.atLeast ?? 0) < most) {
      if (each.wholly && (await isLikelyMore(catalog, each.table, times * most))) continue;
      each.ids = await idsUpTo(catalog, each.table, most);
      each.atLeast = most;
    }
    if (each.ids !== undefined && each.ids.length < most) found = each.ids;
    if (found?.length === 0) break;
  }
  return found;
}
