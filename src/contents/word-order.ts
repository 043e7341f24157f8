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

/** So many letters, or words, are looked at before everything else has its turn. */
const LETTERS = 2_000;
const STEP = 500;
/** What is longer, if it is one word or a text without gaps, is looked at in pieces. */
const LONGEST_KNOWN = 1_000;

/** One word: letters and digits that folding leaves as they are but for the case. */
const PLAIN = /^[a-z0-9]+$/i;
/** Stands for any word that does not count. */
const OTHER = [''];

/**
 * All words of a text, in their order, some in a step: let everything else have its turn in between. A long text without pages, and a long page, come in several parts. With `only`, all others may
 * come as empty ones: to work out their forms takes most of the time, and a word begins as its form does.
 */
export function* inSteps(parts: readonly Part[], only?: ReadonlySet<string>): Generator<PlacedWord[]> {
  const known = new Map<string, string[]>();
  const first = only && new Set([...only].map((word) => word[0]));
  const countsNot = (token: string) =>
    first !== undefined && PLAIN.test(token) && !first.has(token[0]?.toLowerCase());
  const formsOf = (token: string): Iterable<string> => {
    if (token.length > LONGEST_KNOWN) return searchedWords(token);
    const forms = known.get(token) ?? (countsNot(token) ? OTHER : [...searchedWords(token)]);
    if (known.size < MOST_KNOWN) known.set(token, forms);
    return forms;
  };
  let page: number | null | undefined;
  let follows = false;
  let step: PlacedWord[] = [];
  for (const part of parts) {
    if (part.page !== page) follows = false;
    page = part.page;
    let began = 0;
    for (const { 0: token, index } of part.text.matchAll(TOKEN)) {
      if (index - began >= LETTERS) {
        yield step;
        step = [];
        began = index;
      }
      for (const word of formsOf(token)) {
        step.push({ word, part, at: index, follows });
        follows = true;
        if (step.length < STEP) continue;
        yield step;
        step = [];
      }
    }
    yield step;
    step = [];
  }
}
