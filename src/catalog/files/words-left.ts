import { sql } from 'kysely';
import { likePattern } from '../db/dialect.ts';
import type { Scope } from '../db/schema.ts';
import { tableOf } from '../search/candidates.ts';
import { wordPieces } from '../search/index-terms.ts';
import { filesMaybeWith } from '../search/word-index.ts';
import { createWordFilter, type WordFilter } from './word-filter.ts';

/**
 * Words for mending typing mistakes are put in with a name, and stay when the file gets another one. After a name was forgotten, those
 * that no name has any more go: also names from before may tell of a person. All names are gone through once, which takes less than
 * to look each word up.
 */

/** So many names, or words, are read in a step: a few ms. */
const NAMES = 500;
const WORDS = 1_000;
/** Everybody else waits for a step. */
const STEP_MS = 8;
/** A name that came meanwhile is looked for among so many. */
const LOOKED_AT = 1_000;

/** Runs one transaction after the other while they say that there is more. */
export type Step = (work: (scope: Scope) => Promise<boolean>) => Promise<boolean>;

/** Takes out the words that no name has. It may be begun again at any time. */
export async function dropWordsLeft(step: Step): Promise<void> {
  let last = 0;
  let filter = createWordFilter(0);
  await step(async ({ db, kind }) => {
    // SQLite leaves no numbers out, and counting would hold everybody up.
    const words = kind === 'sqlite' ? sql`max(id)` : sql`count(*)`;
    const { rows } = await sql<{ last: number | null; words: number | null }>`
      select max(id) as last, ${words} as words from find_word`.execute(db);
    last = rows[0]?.last ?? 0;
    filter = createWordFilter(rows[0]?.words ?? 0);
    return false;
  });
  let file = 0;
  while (
    await step(async ({ db }) => {
      const { rows } = await sql<{ id: number; folded: string }>`
        select id, folded from file where id > ${file} order by id limit ${NAMES}`.execute(db);
      for (const { folded } of rows) for (const word of wordPieces(folded)) filter.add(word);
      file = rows.at(-1)?.id ?? file;
      return rows.length === NAMES;
    })
  );
  let word = 0;
  while (
    await step(async (scope) => {
      word = await dropSome(scope, filter, { after: word, last });
      return word < last;
    })
  );
}

/** Returns the number up to which all were looked at. */
async function dropSome(
  scope: Scope,
  filter: WordFilter,
  { after, last }: { after: number; last: number },
): Promise<number> {
  const began = performance.now();
  const { rows } = await sql<{ id: number; word: string }>`
    select id, word from find_word where id > ${after} and id <= ${last} order by id limit ${WORDS}`.execute(
    scope.db,
  );
  for (const { id, word } of rows) {
    if (filter.has(word)) continue;
    if (!(await hasCome(scope, word))) await dropWord(scope, word);
    if (performance.now() - began > STEP_MS) return id;
  }
  return rows.length < WORDS ? last : (rows.at(-1)?.id ?? last);
}

/** Whether a name that is new, or was changed, since names were gone through has it. */
async function hasCome({ db, kind }: Scope, word: string): Promise<boolean> {
  const files = filesMaybeWith(kind, [[word]]);
  if (files === undefined) return false;
  const { rows } = await sql<{ folded: string }>`
    select f.folded from (select id from ${tableOf(files)} m limit ${LOOKED_AT}) o join file f on f.id = o.id
    where f.folded like ${likePattern(word)} escape '\\'`.execute(db);
  return rows.some(({ folded }) => wordPieces(folded).includes(word));
}

/** Mistyped words are not taken for this one any more. */
export async function dropWord({ db, kind }: Scope, word: string): Promise<void> {
  const { rows } = await sql<{ id: number }>`delete from find_word where word = ${word} returning id`.execute(
    db,
  );
  if (kind === 'postgres') return;
  for (const { id } of rows)
    await sql`insert into find_spelling (find_spelling, rowid, word) values ('delete', ${id}, ${word})`.execute(
      db,
    );
}
