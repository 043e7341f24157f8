/**
 * How well a file matches the words. Without words, every file has the first rank. Buttons that were posted hold such a number, so
 * it never changes.
 */
export const RANK = { exact: 0, beginning: 1, containing: 2, similar: 3, contents: 4, said: 5 } as const;

/** The ranks in the order in which they are shown, the best first; names that are only similar come after all of them. */
export const RANKS: readonly number[] = [
  RANK.exact,
  RANK.beginning,
  RANK.containing,
  RANK.said,
  RANK.contents,
];
