import { channelSetKey, nameKey, pairKey } from '../../src/catalog/postings/keys.ts';
import { wordsOfName } from '../../src/catalog/reading/name-tokens.ts';
import { pairNumber } from '../../src/catalog/reading/pairs.ts';
import { channelToken, nameToken } from '../../src/catalog/search/index-terms.ts';
import { audienceOf } from '../load-rows.ts';
import { fileAt } from '../sample.ts';
import { drawDocument, drawWords, keyAt, numberAt, searchedAt, seedOf, wordAt } from './words.ts';

/** Words of the message that shared a file. */
const SAID = 15;
/** Words of a document: some 20 kB, eight pages. */
const IN_FILE = 3_000;

/** What is written of one file so that it is found by words. */
export interface Texts {
  id: number;
  fileId: string;
  channelId: string;
  ts: string;
  author: string;
  at: number;
  said: string;
  /** As the two indexes have them. */
  saidIndex: { channel: string; words: string[] };
  /** The keys of the document. */
  contents: number[];
  /** How long the document's text is, in bytes. */
  bytes: number;
}

/** What was said with the i-th file, and the words in it, unless they are not wanted: drawing them takes the longest. */
export function textsOf(i: number, stepMs: number, withContents = true): Texts {
  const { fileId, name, channelId, uploaderId, at } = fileAt(i, stepMs);
  const draw = drawWords(seedOf(i));
  const said = Array.from({ length: SAID }, draw);
  const { bytes, ranks, pairs } = withContents ? inDocument(wordsAt(i)) : NOTHING;
  // No document has a word of any name.
  const named = wordsOfName({ name, title: null }, NO_WORDS);
  const keys = [...ranks.map(keyAt), ...named.map(nameKey), channelSetKey(audienceOf(channelId))];
  return {
    ...{ id: i + 1, fileId, channelId, ts: (at / 1_000).toFixed(6), author: uploaderId, at, bytes },
    said: said.map(wordAt).join(' '),
    saidIndex: {
      channel: channelToken(channelId),
      words: [...said.map(searchedAt), ...named.map(nameToken)],
    },
    contents: [...keys, ...[...pairs].map(pairKey)],
  };
}

const NO_WORDS = new Set<string>();
const NOTHING = { bytes: 0, ranks: [] as number[], pairs: new Set<number>() };

const wordsAt = (i: number) => drawDocument(seedOf(i), IN_FILE);

/** The text of the i-th document. */
export const documentOf = (i: number): string => Array.from(wordsAt(i), wordAt).join(' ');

/** The different words of a document, the pairs of neighbours, and how long its text is. */
function inDocument(words: Uint32Array): typeof NOTHING {
  const ranks = new Set<number>();
  const pairs = new Set<number>();
  let bytes = 0;
  let before: number | undefined;
  for (const rank of words) {
    ranks.add(rank);
    bytes += lengthAt(rank) + 1;
    const number = numberAt(rank);
    if (before !== undefined) pairs.add(pairNumber(before, number));
    before = number;
  }
  return { bytes, ranks: [...ranks], pairs };
}

const lengths: number[] = [];

function lengthAt(rank: number): number {
  lengths[rank] ??= wordAt(rank).length;
  return lengths[rank];
}
