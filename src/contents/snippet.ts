import { searchedWords } from '../catalog/reading/words.ts';
import { othersTurn } from '../others-turn.ts';
import type { Part } from '../reading/reading.ts';
import { inSteps } from './word-order.ts';

/** A piece of a document around the words that were looked for. */
export interface Snippet {
  text: string;
  /** The page or slide that it stands on, from 1; null where there are none. */
  page: number | null;
  /** How many of the words stand there together. */
  words: number;
  /** The older version that alone has the words, and when it was stored (ms); missing for the newest. */
  older?: { number: number; at: number };
}

/** Letters of a snippet, and those of them in front of the first word. */
const LENGTH = 160;
const BEFORE = 50;
/** How much of a long document is looked through. In letters. */
const MOST = 1_000_000;

/**
 * The first place that has the most of these words, in any of their forms, among the first million letters. Null if none is found.
 * Throws the signal's reason.
 */
export async function snippetOf(
  parts: readonly Part[],
  asked: string,
  signal?: AbortSignal,
): Promise<Snippet | null> {
  const wanted = new Set(searchedWords(asked));
  const begins = beginningsOf(parts);
  let near: { part: Part; at: number; word: string }[] = [];
  let best: { part: Part; at: number; words: number } | null = null;
  for (const step of inSteps(parts, wanted)) {
    await othersTurn();
    signal?.throwIfAborted();
    const [first] = step;
    if (first && (begins.get(first.part) ?? 0) + first.at > MOST) break;
    for (const { word, part, at } of step) {
      if (!wanted.has(word)) continue;
      near = near.filter((one) => one.part === part && one.at > at - (LENGTH - BEFORE));
      near.push({ part, at, word });
      const words = new Set(near.map((one) => one.word)).size;
      if (words > (best?.words ?? 0)) best = { part, at: near[0]?.at ?? at, words };
      if (words === wanted.size) return snippetAt(best?.part ?? part, best?.at ?? at, words);
    }
  }
  return best && snippetAt(best.part, best.at, best.words);
}

/** How many letters stand in front of each part. */
function beginningsOf(parts: readonly Part[]): ReadonlyMap<Part, number> {
  let letters = 0;
  return new Map(
    parts.map((part) => {
      letters += part.text.length;
      return [part, letters - part.text.length];
    }),
  );
}

/** A piece of a document around a place that was found already. */
export function snippetAt({ text, page }: Part, at: number, words: number): Snippet {
  return { text: around(text, at), page, words };
}

/** Whole words, in one line. */
function around(text: string, at: number): string {
  const from = at <= BEFORE ? 0 : nextGap(text, at - BEFORE, at);
  const to = from + LENGTH >= text.length ? text.length : lastGap(text, from + LENGTH, at);
  const shown = text.slice(from, to).replace(/\s+/g, ' ').trim().toWellFormed();
  return `${from > 0 ? '… ' : ''}${shown}${to < text.length ? ' …' : ''}`;
}

function nextGap(text: string, from: number, before: number): number {
  const gap = text.slice(from, before).search(/\s/);
  return gap < 0 ? from : from + gap + 1;
}

function lastGap(text: string, to: number, after: number): number {
  const gap = Math.max(text.lastIndexOf(' ', to), text.lastIndexOf('\n', to));
  return gap <= after ? to : gap;
}
