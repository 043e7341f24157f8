/** How well a file matches the words: the smaller, the better. Without words everything has the first. */
export const RANK = { exact: 0, beginning: 1, containing: 2, similar: 3 } as const;
