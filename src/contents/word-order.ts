import { searchedWords, TOKEN } from '../catalog/reading/words.ts';
import type { Part } from '../reading/reading.ts';

/** A text has the same words again and again. */
const MOST_KNOWN = 20_000;

/** A word of a text, in the form in which it is searched. */
export interface PlacedWord {
  word: string;
  part: Part;
  /** Where it stands in the part; all words of a run without gaps stand where that begins. */
  at: number;
  /** Whether the word before it is its neighbour: they stand on the same page. */
  follows: boolean;
}

/** All words of a text, in their order. A long text without pages, and a long page, come in several parts. */
export function* inOrder(parts: readonly Part[]): Generator<PlacedWord> {
  const known = new Map<string, string[]>();
  const formsOf = (token: string) => {
    const forms = known.get(token) ?? [...searchedWords(token)];
    if (known.size < MOST_KNOWN) known.set(token, forms);
    return forms;
  };
  let page: number | null | undefined;
  let follows = false;
  for (const part of parts) {
    if (part.page !== page) follows = false;
    page = part.page;
    for (const { 0: token, index } of part.text.matchAll(TOKEN)) {
      for (const word of formsOf(token)) {
        yield { word, part, at: index, follows };
        follows = true;
      }
    }
  }
}
