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
  /** When the older version was stored that alone has the words (ms); missing for the newest. */
  versionAt?: number;
}

/** Letters of a snippet, and those of them in front of the first word. */
const LENGTH = 160;
const BEFORE = 50;
/** How much of a long document is looked through. In letters. */
const MOST = 100_000;

/**
 * The first place that has the most of these words, in any of their forms, among the first 100,000 letters. Null if none is found.
 * Throws the signal's reason.
 */
export async function snippetOf(
  parts: readonly Part[],
  asked: string,
  signal?: AbortSignal,
): Promise<Snippet | null> {
  const wanted = new Set(searchedWords(asked));
  let best: { part: Part; at: number; words: number } | null = null;
  let left = MOST;
  for (const part of parts) {
    if (left <= 0 || best?.words === wanted.size) break;
    const place = await placeIn(part.text.slice(0, left), wanted, signal);
    left -= part.text.length;
    if (place !== null && place.words > (best?.words ?? 0)) best = { part, ...place };
  }
  return best && { text: around(best.part.text, best.at), page: best.part.page, words: best.words };
}

/** A piece of a document around a place that was found already. */
export function snippetAt({ text, page }: Part, at: number, words: number): Snippet {
  return { text: around(text, at), page, words };
}

/** Where the most of the words stand together. */
async function placeIn(
  text: string,
  wanted: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<{ at: number; words: number } | null> {
  const hits: { at: number; word: string }[] = [];
  let best: { at: number; words: number } | null = null;
  for (const step of inSteps([{ page: null, text }], wanted)) {
    await othersTurn();
    signal?.throwIfAborted();
    for (const { word, at: index } of step) {
      if (!wanted.has(word)) continue;
      hits.push({ at: index, word });
      const near = hits.filter(({ at }) => at > index - (LENGTH - BEFORE));
      hits.splice(0, hits.length - near.length);
      const words = new Set(near.map((hit) => hit.word)).size;
      if (words > (best?.words ?? 0)) best = { at: near[0]?.at ?? index, words };
      if (words === wanted.size) return best;
    }
  }
  return best;
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
