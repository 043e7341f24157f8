/** So many bits for each word, of which so many are set: one of 100,000 words that were not added seems to be there. */
const BITS = 24;
const SET = 10;
const FEWEST = 1_000;

/** Knows of words whether they were added, but for a few that were not (a Bloom filter): a million take 3 MB. */
export interface WordFilter {
  add(word: string): void;
  has(word: string): boolean;
}

/** `salt`: with another one, it is other words that seem to be there. */
export function createWordFilter(
  words: number,
  salt: number = Math.floor(Math.random() * 2 ** 32),
): WordFilter {
  const size = BITS * Math.max(words, FEWEST);
  const bytes = new Uint8Array(Math.ceil(size / 8));
  /** Two numbers are enough to make all others of (Kirsch and Mitzenmacher, "Less Hashing, Same Performance", 2006). */
  const placesOf = (word: string): number[] => {
    const [first, second] = [hashOf(word, salt), hashOf(word, ~salt) | 1];
    return Array.from({ length: SET }, (_, i) => ((first + Math.imul(i, second)) >>> 0) % size);
  };
  return {
    add(word) {
      for (const at of placesOf(word)) bytes[at >>> 3] = (bytes[at >>> 3] as number) | (1 << (at & 7));
    },
    has: (word) => placesOf(word).every((at) => ((bytes[at >>> 3] as number) >> (at & 7)) & 1),
  };
}

/** FNV-1a, with what MurmurHash3 ends with (`fmix32`), so that each letter changes about half of the bits. */
function hashOf(word: string, salt: number): number {
  let n = salt ^ 0x811c_9dc5;
  for (let i = 0; i < word.length; i++) n = Math.imul(n ^ word.charCodeAt(i), 0x0100_0193);
  n = Math.imul(n ^ (n >>> 16), 0x85eb_ca6b);
  n = Math.imul(n ^ (n >>> 13), 0xc2b2_ae35);
  return (n ^ (n >>> 16)) >>> 0;
}
