import type { ListSort } from '../../catalog/model.ts';

/** What may be typed after `sort:`; both directions of each. */
const ORDERS: Record<string, ListSort> = {
  ...{ newest: 'newest', date: 'newest', new: 'newest', 'date-down': 'newest' },
  ...{ oldest: 'oldest', old: 'oldest', 'date-up': 'oldest' },
  ...{ name: 'name', az: 'name', 'a-z': 'name', 'name-up': 'name' },
  ...{ 'name-down': 'name-down', za: 'name-down', 'z-a': 'name-down' },
  ...{ size: 'largest', largest: 'largest', biggest: 'largest', large: 'largest', 'size-down': 'largest' },
  ...{ smallest: 'smallest', small: 'smallest', 'size-up': 'smallest' },
};

/** All words that may be typed there. */
export const SORTS: readonly string[] = Object.keys(ORDERS);

/** The order that `sort:` asks for; undefined for a word that is none. */
export function sortOf(value: string): ListSort | undefined {
  const word = value.trim().toLowerCase();
  return Object.hasOwn(ORDERS, word) ? ORDERS[word] : undefined;
}
