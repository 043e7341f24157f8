import type { ListFilter } from '../../../src/catalog/model.ts';
import type { Asking } from '../../../src/vault/query/draft.ts';
import { requireUnderstood } from '../../../src/vault/query/filter.ts';
import { readQuery } from '../../../src/vault/query/read-query.ts';

/** The filter of a search, as a hold takes it: throws `UserError` for a word that is not understood, too. */
export function parseFilter(text: string, asking: Asking): ListFilter {
  const { filter, notes } = readQuery(text, asking);
  requireUnderstood(notes);
  return filter;
}
