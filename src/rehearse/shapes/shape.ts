import { isReadKey } from './read.ts';
import { isWordKey, WORD } from './words.ts';

/**
 * What a payload looks like, without what it says: the kinds of its values, its keys, and the words of the few keys whose
 * vocabulary is Slack's or S3's own. Ids, names, texts, addresses and bytes are never part of it.
 */
export interface Shape {
  /** `null`, `boolean`, `number`, `list`, `object`, and for texts their forms (see `formOf`). */
  kinds: string[];
  keys?: Record<string, Shape>;
  /** Keys that some of the objects do not have. */
  maybe?: string[];
  /** What is in the list; missing as long as every list was empty. */
  items?: Shape;
  /** For keys with a vocabulary: what was said. */
  words?: string[];
}

/** The name of a key whose name is a value, such as a channel's id in a file's `shares`. */
export const ANY_KEY = '*';

/** The shape of one JSON value. `key` is the name that it stands under. */
export function shapeOf(value: unknown, key = ''): Shape {
  if (value === null || value === undefined) return { kinds: ['null'] };
  if (Array.isArray(value)) {
    const items = value.map((one) => shapeOf(one, key));
    return { kinds: ['list'], ...(items.length === 0 ? {} : { items: items.reduce(merge) }) };
  }
  if (typeof value === 'object') return key === 'facts' ? factsShape(value) : objectShape(value);
  const said = String(value);
  const words = isWordKey(key) && WORD.test(said) ? { words: [said] } : {};
  if (typeof value !== 'string') return { kinds: [typeof value], ...words };
  // Of what nobody reads, the form may change by chance.
  return { kinds: [isReadKey(key) || key === '' ? formOf(value) : 'text'], ...words };
}

function objectShape(value: object): Shape {
  const keys: Record<string, Shape> = {};
  for (const [name, one] of Object.entries(value)) {
    if (one === undefined) continue;
    const key = keyName(name);
    const shape = shapeOf(one, key);
    keys[key] = Object.hasOwn(keys, key) ? merge(keys[key] as Shape, shape) : shape;
  }
  return { kinds: ['object'], keys };
}

/** What a check states itself: its words are ours, and kept as they are. */
function factsShape(facts: object): Shape {
  const entries = Object.entries(facts).map(([name, said]) => [
    name,
    { kinds: ['text'], words: [String(said)] },
  ]);
  return { kinds: ['object'], keys: Object.fromEntries(entries) };
}

/** Slack's keys are `snake_case`, S3's are `PascalCase`, headers have dashes. Anything else may be a value. */
function keyName(name: string): string {
  if (name === '__proto__') return ANY_KEY;
  const isId = /^[A-Z][A-Z0-9]{6,}$/.test(name);
  return !isId && /^[A-Za-z][A-Za-z0-9_.-]{0,48}$/.test(name) ? name : ANY_KEY;
}

const FORMS: Array<[string, RegExp]> = [
  ['empty', /^$/],
  ['ts', /^\d{9,11}\.\d{6}$/],
  ['digits', /^\d{1,19}$/],
  ['id', /^[A-Z][A-Z0-9]{7,14}$/],
  ['quoted', /^"[^"]*"$/],
  ['date', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/],
  ['http-date', /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/],
];

/**
 * The form of a text: `empty`, `ts` (a message's time), `digits`, `id` (Slack's), `url` (with a host), `quoted`, `date`,
 * `http-date`, or just `text`.
 */
export function formOf(text: string): string {
  const found = FORMS.find(([, form]) => form.test(text))?.[0];
  if (found !== undefined) return found;
  return /^(https?|wss?):\/\/[^/]/i.test(text) && URL.canParse(text) ? 'url' : 'text';
}

/** A shape that both fit into. */
export function merge(a: Shape, b: Shape): Shape {
  const merged: Shape = { kinds: union(a.kinds, b.kinds) };
  if (a.keys !== undefined || b.keys !== undefined) {
    const both = [a, b].filter(({ keys }) => keys !== undefined);
    const names = union(...both.map(({ keys }) => Object.keys(keys ?? {})));
    const shapes = (name: string) =>
      both.map(({ keys }) => (keys && Object.hasOwn(keys, name) ? keys[name] : undefined));
    merged.keys = Object.fromEntries(
      names.map((name) => {
        const found = shapes(name).filter((one) => one !== undefined);
        return [name, found.reduce(merge)];
      }),
    );
    const lacking = names.filter((name) => shapes(name).includes(undefined));
    const maybe = union(a.maybe ?? [], b.maybe ?? [], lacking);
    if (maybe.length > 0) merged.maybe = maybe;
  }
  const items = [a.items, b.items].filter((one) => one !== undefined);
  if (items.length > 0) merged.items = items.reduce(merge);
  const words = union(a.words ?? [], b.words ?? []);
  if (words.length > 0) merged.words = words;
  return merged;
}

/** Sorted, so that two runs write the same file. */
function union(...lists: string[][]): string[] {
  return [...new Set(lists.flat())].sort();
}
