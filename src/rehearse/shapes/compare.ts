import type { Deviation } from './deviation.ts';
import { isKnown, isOpen } from './known.ts';
import { isRead } from './read.ts';
import { ANY_KEY, type Shape } from './shape.ts';

/** What differs. The real one may have more keys than the sandbox's. `path` begins with the look's name. */
export function compare(path: string, expected: Shape, seen: Shape, check = ''): Deviation[] {
  const found: Deviation[] = [];
  walk({ path, under: [] }, expected, seen, found);
  return found
    .filter((one) => !isOpen(check, one))
    .map((one) => (isKnown(`${check} ${one.path}`, one) ? { ...one, matters: false } : one));
}

interface Place {
  path: string;
  /** The keys on the way, for `isRead`. */
  under: string[];
}

function walk(place: Place, expected: Shape, seen: Shape, found: Deviation[]): void {
  const note = (kind: Deviation['kind'], wanted: string, got: string, matters = isRead(place.under)) =>
    found.push({ kind, path: place.path, expected: wanted, seen: got, matters });
  const others = seen.kinds.filter((kind) => !fits(kind, expected));
  for (const kind of others) {
    const isForm = isText(kind) && expected.kinds.some(isText);
    // Where the sandbox knows only null, the real one may well know more.
    const isTold = !(expected.kinds.length === 1 && expected.kinds[0] === 'null');
    note(
      isForm ? 'other form' : 'other kind',
      expected.kinds.join(' or '),
      kind,
      isTold && isRead(place.under),
    );
  }
  const words = expected.words === undefined ? [] : (seen.words ?? []);
  const unknown = words.filter((word) => !expected.words?.includes(word));
  for (const word of unknown) note('other word', expected.words?.join(' or ') ?? '', word);
  if (expected.keys !== undefined && seen.keys !== undefined) walkKeys(place, expected, seen, found);
  if (expected.items !== undefined && seen.items !== undefined)
    walk({ ...place, path: `${place.path}[]` }, expected.items, seen.items, found);
}

function walkKeys({ path, under }: Place, expected: Shape, seen: Shape, found: Deviation[]): void {
  const [ours, theirs] = [expected.keys ?? {}, seen.keys ?? {}];
  const inside = (key: string): Place => ({ path: `${path}.${key}`, under: [...under, key] });
  for (const [key, shape] of Object.entries(ours)) {
    const place = inside(key);
    const got = Object.hasOwn(theirs, key) ? theirs[key] : undefined;
    const isSure = key !== ANY_KEY && !expected.maybe?.includes(key);
    if (isSure && (got === undefined || seen.maybe?.includes(key))) {
      const seenAs = got === undefined ? 'not there' : 'not always there';
      const wanted = shape.kinds.join(' or ');
      found.push({
        ...{ kind: 'missing', path: place.path, expected: wanted, seen: seenAs },
        matters: isRead(place.under),
      });
    }
    if (got !== undefined) walk(place, shape, got, found);
  }
  for (const [key, shape] of Object.entries(theirs)) {
    if (key === ANY_KEY || Object.hasOwn(ours, key)) continue;
    const place = inside(key);
    const got = shape.kinds.join(' or ');
    found.push({ kind: 'new', path: place.path, expected: 'not there', seen: got, matters: false });
  }
}

const OTHER_THAN_TEXT = new Set(['null', 'boolean', 'number', 'list', 'object']);
const isText = (kind: string) => !OTHER_THAN_TEXT.has(kind);

/** Where any text or an empty one is expected, every form will do. */
function fits(kind: string, { kinds }: Shape): boolean {
  if (kinds.includes(kind)) return true;
  return isText(kind) && kinds.some((one) => one === 'text' || one === 'empty');
}
