import { distance } from 'fastest-levenshtein';
import { sql } from 'kysely';
import { likePattern, SHORTEST_INDEXED_TEXT } from '../dialect.ts';
import { wordPieces } from '../tables/migrate-find.ts';
import type { Catalog } from '../tables/schema.ts';

/** A word of less is too short to be told from another. */
const SHORTEST_MISTYPED = 4;
/** So many words are compared with one that was mistyped, and so many that are near count. */
const COMPARED = 4_000;
const NEAR = 6;

/**
 * The words of names and titles that somebody may have meant by a folded word, nearest first: those with a few
 * letters else. Words that contain it are left out, for these are found anyhow. The words come from all names, also
 * from those that the asker may not see: they may be searched with, never shown.
 */
export async function nearWords(catalog: Catalog, word: string): Promise<string[]> {
  const pieces = wordPieces(word);
  const [piece = ''] = pieces;
  if (pieces.length !== 1 || piece.length < SHORTEST_MISTYPED) return [];
  const most = mistakes(piece);
  const near = (await wordsLike(catalog, piece, most))
    .filter((known) => !known.includes(piece))
    .map((known) => ({ known, away: distance(piece, known) - swapped(piece, known) }))
    .filter(({ away }) => away <= most)
    .sort((a, b) => a.away - b.away || (a.known < b.known ? -1 : 1));
  return near.slice(0, NEAR).map(({ known }) => word.replace(piece, known));
}

/** How many letters may be wrong: the longer the word, the more. */
function mistakes(word: string): number {
  return word.length < 6 ? 1 : word.length < 10 ? 2 : 3;
}

/** Two neighbours in the wrong order are one mistake, though they are two letters: 1 where that is all. */
function swapped(a: string, b: string): 0 | 1 {
  if (a.length !== b.length) return 0;
  const at = [...a].findIndex((letter, index) => letter !== b[index]);
  return at >= 0 && a === b.slice(0, at) + b[at + 1] + b[at] + b.slice(at + 2) ? 1 : 0;
}

/** Words of about this length that share three letters in a row with it, or the first letter. */
async function wordsLike(catalog: Catalog, word: string, most: number): Promise<string[]> {
  const shortest = word.length - most;
  const longest = word.length + most;
  const trigrams: string[] = [];
  for (let i = 0; i + SHORTEST_INDEXED_TEXT <= word.length; i++) {
    trigrams.push(word.slice(i, i + SHORTEST_INDEXED_TEXT));
  }
  const sharing =
    catalog.kind === 'postgres'
      ? sql`(${sql.join(
          trigrams.map((trigram) => sql`word like ${likePattern(trigram)} escape '\\'`),
          sql` or `,
        )})`
      : sql`id in (select rowid from find_spelling where find_spelling match ${trigrams
          .map((trigram) => `"${trigram.replaceAll('"', '""')}"`)
          .join(' OR ')})`;
  const [first = ''] = word;
  const { rows } = await sql<{ word: string }>`
    select word from (select word from find_word
      where ${sharing} and length(word) between ${shortest} and ${longest} limit ${COMPARED}) sharing
    union select word from (select word from find_word
      where word >= ${first} and word < ${`${first}\u{10ffff}`}
        and length(word) between ${shortest} and ${longest} limit ${COMPARED}) beginning`.execute(catalog.db);
  return rows.map((row) => row.word);
}
