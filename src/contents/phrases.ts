import { othersTurn } from '../others-turn.ts';
import type { Part } from '../reading/reading.ts';
import { inSteps } from './word-order.ts';

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
  let last: (Place & { word: string })[] = [];
  for (const step of inSteps(parts, new Set(phrases.flat()))) {
    await othersTurn();
    signal?.throwIfAborted();
    for (const { word, part, at, follows } of step) {
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
  }
  return null;
}
