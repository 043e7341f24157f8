import { searchedWords, TOKEN } from '../catalog/reading/words.ts';
import { othersTurn } from '../others-turn.ts';
import type { Part } from '../reading/reading.ts';

/** Words that are looked at before everything else has its turn. */
const STEP = 500;
/** So many words of a phrase count. */
const MOST_WORDS = 16;
/** A text has the same words again and again. */
const MOST_KNOWN = 20_000;

/** The words of each phrase, as the words of a text are searched; without those of one word, which stand by themselves. */
export function wordsOfPhrases(phrases: readonly string[] = []): string[][] {
  return phrases
    .map((phrase) => [...searchedWords(phrase)].slice(0, MOST_WORDS))
    .filter((words) => words.length > 1);
}

/** Where something stands in a text. */
export interface Place {
  part: Part;
  at: number;
}

/**
 * Where the first of these phrases stands, if each stands somewhere in the text: its words one after the other, in any of their
 * forms, on one page. Null if one is missing. Throws the signal's reason.
 */
export async function placeOfPhrases(
  parts: readonly Part[],
  phrases: readonly string[][],
  signal?: AbortSignal,
): Promise<Place | null> {
  const missing = new Set(phrases);
  const longest = Math.max(0, ...phrases.map(({ length }) => length));
  const known = new Map<string, string[]>();
  const formsOf = (token: string) => {
    const forms = known.get(token) ?? [...searchedWords(token)];
    if (known.size < MOST_KNOWN) known.set(token, forms);
    return forms;
  };
  let place: Place | null = null;
  let looked = 0;
  let last: (Place & { word: string })[] = [];
  let page: number | null | undefined;
  for (const part of parts) {
    // A long text without pages, and a long page, come in several parts.
    if (part.page !== page) last = [];
    page = part.page;
    for (const { 0: token, index } of part.text.matchAll(TOKEN)) {
      if (looked++ % STEP === 0) {
        await othersTurn();
        signal?.throwIfAborted();
      }
      for (const word of formsOf(token)) {
        last.push({ word, part, at: index });
        if (last.length > longest) last.shift();
        for (const phrase of missing) {
          const from = last.length - phrase.length;
          if (from < 0 || !phrase.every((one, i) => last[from + i]?.word === one)) continue;
          missing.delete(phrase);
          const { part: begins = part, at = index } = last[from] ?? {};
          place ??= { part: begins, at };
          if (missing.size === 0) return place;
        }
      }
    }
  }
  return null;
}
