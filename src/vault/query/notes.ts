import type { Word } from './words.ts';

/** What a piece that was not understood looks like; `place`: it says where to look for words, and there are none. */
export type Unknown =
  | 'filter'
  | 'person'
  | 'channel'
  | 'place'
  | 'date'
  | 'type'
  | 'size'
  | 'digest'
  | 'exclusion';

/** A piece of the typed text that means nothing here. */
export interface NotUnderstood {
  what: Unknown;
  /** As it was typed. */
  typed: string;
  /** What was most likely meant, and the whole text with it in place; null if nothing is like it. */
  nearest: string | null;
  instead: string | null;
  /** It was searched as a part of a name; otherwise it was left out. */
  searched: boolean;
}

/** A date that can be two days, such as `03/04/2026`. */
export interface TwoDays {
  typed: string;
  /** As it was read, and the other way, in `2026-03-04` form. */
  read: string;
  other: string;
  /** The whole text with the other day in its place. */
  instead: string;
}

/** What a person should know of how their words were read. Plain data: `src/blocks/query-note.ts` says it. */
export interface QueryNotes {
  notUnderstood: NotUnderstood[];
  twoDays: TwoDays[];
  /** Words that were taken for a filter and could be part of a name: `last week`. */
  bare: string[];
  /** What the files must not have in their names, and the patterns of names that are wanted. */
  without: string[];
  named: string[];
}

/** The text with one piece replaced: the first place where it stands by itself. */
export function replaced(query: string, typed: string, by: string): string | null {
  const at = query.indexOf(typed);
  return at < 0 ? null : `${query.slice(0, at)}${by}${query.slice(at + typed.length)}`;
}

/** Notes a piece that is not understood; `nearest` is what was most likely meant in its place. */
export function noteUnknown(
  { query, notes }: { query: string; notes: QueryNotes },
  what: Unknown,
  { raw, phrase, not }: Word,
  nearest: string | null = null,
  searched = false,
): void {
  const typed = phrase ?? raw;
  const meant = nearest === null ? null : `${not ? '-' : ''}${nearest}`;
  const instead = meant === null ? null : replaced(query, typed, meant);
  notes.notUnderstood.push({ what, typed, nearest: meant, instead, searched });
}
