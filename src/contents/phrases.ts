import { othersTurn } from '../others-turn.ts';
import type { Part } from '../reading/reading.ts';
import { inOrder } from './word-order.ts';

/** Words that are looked at before everything else has its turn. */
const STEP = 500;

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
  let place: Place | null = null;
  let looked = 0;
  let last: (Place & { word: string })[] = [];
  for (const { word, part, at, follows } of inOrder(parts, new Set(phrases.flat()))) {
    if (looked++ % STEP === 0) {
      await othersTurn();
      signal?.throwIfAborted();
    }
    if (!follows) last = [];
    last.push({ word, part, at });
    if (last.length > longest) last.shift();
    for (const phrase of missing) {
      const from = last.length - phrase.length;
      if (from < 0 || !phrase.every((one, i) => last[from + i]?.word === one)) continue;
      missing.delete(phrase);
      const begins = last[from] as Place;
      place ??= { part: begins.part, at: begins.at };
      if (missing.size === 0) return place;
    }
  }
  return null;
}
