/** How well a file matches the words: smaller is better. Without words, every file has the first rank. */
export const RANK = { exact: 0, beginning: 1, containing: 2, similar: 3 } as const;
