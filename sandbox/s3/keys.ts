/**
 * Orders keys as S3 lists them: by their UTF-8 bytes. UTF-16 order, which `<` gives, differs only in that
 * surrogates (U+10000 and above) must come after U+E000–U+FFFF.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left === right) continue;
    return rank(left) - rank(right);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** By UTF-16 units: the order of stores written in languages whose strings are made of those. */
export function compareUtf16(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The keys of a bucket, always in order. */
export interface SortedKeys {
  compare(a: string, b: string): number;
  add(key: string): void;
  remove(key: string): void;
  /**
   * Position of the first key for which `holds` is true; `holds` must be false, then true, along the order.
   */
  first(holds: (key: string) => boolean): number;
  at(position: number): string | undefined;
  readonly size: number;
  [Symbol.iterator](): Iterator<string>;
}

export function sortedKeys(initial: Iterable<string> = [], compare = compareKeys): SortedKeys {
  const keys = [...initial].sort(compare);
  const first = (holds: (key: string) => boolean): number => {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(keys[middle] as string)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return {
    compare,
    first,
    at: (position) => keys[position],
    add(key) {
      const position = first((other) => compare(other, key) >= 0);
      if (keys[position] !== key) keys.splice(position, 0, key);
    },
    remove(key) {
      const position = first((other) => compare(other, key) >= 0);
      if (keys[position] === key) keys.splice(position, 1);
    },
    get size() {
      return keys.length;
    },
    [Symbol.iterator]: () => keys.values(),
  };
}

export interface Walk {
  prefix: string;
  delimiter: string;
  /** Begin after this key, or after all keys of this common prefix. */
  after: { key: string } | { commonPrefix: string } | null;
}

/** One step of a listing: a key, or all keys that share the part up to the delimiter. */
export type Entry = { key: string; commonPrefix?: never } | { commonPrefix: string; key?: never };

/**
 * Walks the keys as a listing does. It jumps over a common prefix, so a step costs the same however many keys it
 * holds.
 */
export function* walkKeys(keys: SortedKeys, { prefix, delimiter, after }: Walk): Generator<Entry> {
  let position = keys.first((key) => keys.compare(key, prefix) >= 0);
  if (after && 'key' in after) {
    position = Math.max(
      position,
      keys.first((key) => keys.compare(key, after.key) > 0),
    );
  } else if (after) {
    position = Math.max(position, behind(keys, after.commonPrefix));
  }
  for (;;) {
    const key = keys.at(position);
    if (key === undefined || !key.startsWith(prefix)) return;
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (end < 0) {
      yield { key };
      position += 1;
    } else {
      const commonPrefix = key.slice(0, end + delimiter.length);
      yield { commonPrefix };
      position = behind(keys, commonPrefix);
    }
  }
}

function behind(keys: SortedKeys, prefix: string): number {
  return keys.first((key) => keys.compare(key, prefix) > 0 && !key.startsWith(prefix));
}
