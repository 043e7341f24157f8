import { distance } from 'fastest-levenshtein';
import { type RawBuilder, sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import { likePattern, SHORTEST_INDEXED_TEXT } from '../db/dialect.ts';
import type { Scope } from '../db/schema.ts';
import type { Budget } from './budget.ts';
import { wordPieces } from './index-terms.ts';

/** A shorter word is too similar to too many others. */
const SHORTEST_MISTYPED = 4;
/** A longer one is not a word that somebody typed. */
const LONGEST_MISTYPED = 60;
/** This many words are compared with a mistyped one, and this many near ones count. */
const COMPARED = 4_000;
const NEAR = 6;

/**
 * The words of names and titles that somebody may have meant by a folded word, nearest first: those with a few other
 * letters. Words that contain it are left out, because they are found anyway. The words come from all names, also
 * from names that the asker may not see: they may be searched with, never shown.
 */
export async function nearWords(catalog: Scope, word: string, budget: Budget): Promise<string[]> {
  const pieces = wordPieces(word);
  const [piece = ''] = pieces;
  if (pieces.length !== 1 || piece.length < SHORTEST_MISTYPED || piece.length > LONGEST_MISTYPED) return [];
  const most = mistakes(piece);
  if (!budget.hasTime()) return [];
  const near: Array<{ known: string; away: number }> = [];
  for await (const words of wordsLike(catalog, piece, most)) {
    for (const known of new Set(words)) {
      if (known.includes(piece) || near.some((other) => other.known === known)) continue;
      const away = distance(piece, known) - swapped(piece, known);
      if (away <= most) near.push({ known, away });
    }
    near.sort((a, b) => a.away - b.away || (a.known < b.known ? -1 : 1)).splice(NEAR);
    await othersTurn();
    if (!budget.hasTime()) break;
  }
  return near.map(({ known }) => word.replace(piece, known));
}

/** How many letters may be wrong: the longer the word, the more. */
function mistakes(word: string): number {
  return word.length < 6 ? 1 : word.length < 10 ? 2 : 3;
}

/** Two neighbours in the wrong order are one mistake, though two letters differ: 1 if that is the only difference. */
function swapped(a: string, b: string): 0 | 1 {
  if (a.length !== b.length) return 0;
  const at = [...a].findIndex((letter, index) => letter !== b[index]);
  return at >= 0 && a === b.slice(0, at) + b[at + 1] + b[at] + b.slice(at + 2) ? 1 : 0;
}

/** This many words of the index are looked at in one step, with this many steps for each way of looking. */
const WORDS_A_STEP = 2_000;
const STEPS = 50;

/** Words of about the same length that share three letters in a row or the first letter with it, in steps. */
async function* wordsLike(catalog: Scope, word: string, most: number): AsyncGenerator<string[]> {
  const [first = ''] = word;
  const trigrams: string[] = [];
  for (let i = 0; i + SHORTEST_INDEXED_TEXT <= word.length; i++) {
    trigrams.push(word.slice(i, i + SHORTEST_INDEXED_TEXT));
  }
  const isAlike = sql`length(word) between ${word.length - most} and ${word.length + most}`;
  const beginning = sql<{ word: string }>`
    select word from find_word where word > ${first} and word < ${`${first}\u{10ffff}`} and ${isAlike}
    order by word limit ${COMPARED}`;
  if (catalog.kind === 'postgres') {
    const sharing = trigrams.map((trigram) => sql`word like ${likePattern(trigram)} escape '\\'`);
    const { rows } = await sql<{ word: string }>`
      select word from find_word where (${sql.join(sharing, sql` or `)}) and ${isAlike} limit ${COMPARED}`.execute(
      catalog.db,
    );
    yield rows.map((row) => row.word);
    yield (await beginning.execute(catalog.db)).rows.map((row) => row.word);
    return;
  }
  const match = trigrams.map((trigram) => `"${trigram.replaceAll('"', '""')}"`).join(' OR ');
  const isNear = (known: string) => Math.abs([...known].length - [...word].length) <= most;
  const sharing = (last: string | number) => sql<Known>`
    select w.id as at, w.word from
      (select rowid as id from find_spelling where find_spelling match ${match} and rowid > ${last}
        order by rowid limit ${WORDS_A_STEP}) m
      join find_word w on w.id = m.id order by w.id`;
  const from = (last: string | number) => sql<Known>`
    select word as at, word from find_word where word > ${last} and word < ${`${first}\u{10ffff}`}
    order by word limit ${WORDS_A_STEP}`;
  yield* inSteps(catalog, sharing, 0, isNear);
  yield* inSteps(catalog, from, first, isNear);
}

async function* inSteps(
  catalog: Scope,
  next: (last: string | number) => RawBuilder<Known>,
  first: string | number,
  isNear: (word: string) => boolean,
): AsyncGenerator<string[]> {
  let last = first;
  let compared = 0;
  for (let step = 0; step < STEPS && compared < COMPARED; step++) {
    const { rows } = await next(last).execute(catalog.db);
    const near = rows.map(({ word }) => word).filter(isNear);
    yield near;
    compared += near.length;
    last = rows.at(-1)?.at ?? last;
    if (rows.length < WORDS_A_STEP) return;
  }
}

interface Known {
  at: string | number;
  word: string;
}
