import { isWordKey } from './shapes/words.ts';
import type { Sight } from './sight.ts';

/** More than a rehearsal sees. */
const MOST = 100_000;

/**
 * Collects what was said in all that was seen: ids, names, texts, addresses. The report is held against it. Words of a
 * fixed vocabulary are left out, and what the checks state themselves.
 */
export function collectValues(first: string[]): { all: ReadonlySet<string>; add(sight: Sight): void } {
  const all = new Set<string>();
  const take = (value: unknown, key: string): void => {
    if (typeof value === 'string') {
      if (value !== '' && !isWordKey(key) && all.size < MOST) all.add(value);
    } else if (Array.isArray(value)) {
      for (const one of value) take(one, key);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, one] of Object.entries(value)) {
        if (/^[A-Z][A-Z0-9]{6,}$/.test(name)) take(name, '');
        take(one, name);
      }
    }
  };
  for (const value of first) take(value, '');
  return {
    all,
    add({ headers, body }) {
      take(headers, '');
      take(body, '');
    },
  };
}
