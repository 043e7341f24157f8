import { distance } from 'fastest-levenshtein';

/** What a filter is about. `words` are part of a name. */
export type FilterName =
  | ('from' | 'in' | 'type' | 'size' | 'larger' | 'smaller' | 'sha256')
  | 'sort'
  | ('on' | 'before' | 'after' | 'until' | 'older' | 'newer')
  | 'words';

/** What people write before the colon. */
const CALLED: Record<FilterName, string[]> = {
  from: ['from', 'by', 'user', 'author', 'owner', 'uploader', 'person', 'creator', 'sender'],
  in: ['in', 'channel', 'where'],
  type: ['type', 'types', 'kind', 'filetype', 'ext', 'extension', 'format'],
  size: ['size'],
  larger: ['larger', 'bigger', 'larger-than', 'bigger-than', 'min'],
  smaller: ['smaller', 'smaller-than', 'max'],
  sha256: ['sha256', 'sha'],
  sort: ['sort', 'order', 'sorted', 'sort-by', 'order-by'],
  on: ['on', 'during', 'date', 'day', 'month', 'year', 'when', 'shared'],
  before: ['before'],
  after: ['after', 'since'],
  until: ['until', 'till'],
  older: ['older', 'older-than'],
  newer: ['newer', 'newer-than'],
  words: ['name', 'title', 'filename', 'file', 'id'],
};

const BY_NAME = new Map(
  Object.entries(CALLED).flatMap(([name, called]) =>
    called.flatMap((one) => [one, one.replace('-', '_')].map((each) => [each, name as FilterName] as const)),
  ),
);

/** All the words before a colon that make a filter of a search. */
export const SEARCH_NAMES: readonly string[] = [...BY_NAME.keys()];

/** What the filter with this name is about; undefined if it is none. */
export function filterNamed(typed: string): FilterName | undefined {
  return BY_NAME.get(typed.toLowerCase());
}

/** The known word that somebody most likely meant by a mistyped one; null if none is like it. */
export function nearestOf(typed: string, known: readonly string[]): string | null {
  const word = typed.toLowerCase();
  if (word.length < 3 || word.length > 30) return null;
  const most = word.length < 8 ? 1 : 2;
  const near = known.map((one) => ({ one, away: distance(word, one) - swapped(word, one) }));
  const [nearest] = near.sort((a, b) => a.away - b.away);
  return nearest !== undefined && nearest.away <= most ? nearest.one : null;
}

/** Two neighbours in the wrong order are one mistake, though two letters differ: 1 if that is the only difference. */
function swapped(a: string, b: string): 0 | 1 {
  if (a.length !== b.length) return 0;
  const at = [...a].findIndex((letter, index) => letter !== b[index]);
  return at >= 0 && a === b.slice(0, at) + b[at + 1] + b[at] + b.slice(at + 2) ? 1 : 0;
}
