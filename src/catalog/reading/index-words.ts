import { sql } from 'kysely';
import type { Scope } from '../db/schema.ts';
import { channelSetToken } from '../search/index-terms.ts';
import { type Called, nameTokens } from './name-tokens.ts';
import { piecesOf } from './pairs.ts';
import { wordNumbers } from './word-number.ts';

/** What the index knows of a text. */
export interface IndexedText {
  words: ReadonlySet<string>;
  /** The numbers of those that are neighbours (pairs.ts). Null or missing where they are not known: then the text is looked into. */
  pairs?: Int32Array | null;
}

/** SQLite has the pieces of a document as rows of their own: theirs are the numbers from its id times this one. */
export const IDS_OF_PIECES = 4_096;

/**
 * Puts the words of a file into the index, for those who may see it now, in the place of what was there under this id. Older
 * versions stand under their own ids, below nought. The words of the file's name stand beside them, so that a search may
 * have some of its words from there.
 */
export async function indexWords(
  scope: Scope,
  { id, audienceId, name = null, title = null }: { id: number; audienceId: number | null } & Partial<Called>,
  { words, pairs = null }: IndexedText = { words: new Set() },
): Promise<void> {
  const { db, kind } = scope;
  await dropWords(scope, id);
  if (words.size === 0) return;
  const pieces = pairs && piecesOf(kind, pairs);
  const all = [...words, ...nameTokens({ name, title }, words)];
  if (kind === 'postgres') {
    await sql`insert into file_contents (id, audience_id, words, pairs)
      values (${id}, ${audienceId}, ${wordNumbers(all)}::int4[], ${pieces && Buffer.concat(pieces)})`.execute(
      db,
    );
    return;
  }
  if (audienceId !== null) all.push(channelSetToken(audienceId));
  await sql`insert into file_contents (rowid, words) values (${id}, ${all.join(' ')})`.execute(db);
  for (const [at, bits] of (pieces ?? []).entries())
    await sql`insert into file_pairs (id, pieces, bits)
      values (${id * IDS_OF_PIECES + at}, ${pieces?.length}, ${bits})`.execute(db);
}

/** Takes out what is there under this id. */
export async function dropWords({ db, kind }: Scope, id: number): Promise<void> {
  if (kind === 'postgres') {
    await sql`delete from file_contents where id = ${id}`.execute(db);
    return;
  }
  await sql`delete from file_contents where rowid = ${id}`.execute(db);
  const first = id * IDS_OF_PIECES;
  await sql`delete from file_pairs where id between ${first} and ${first + IDS_OF_PIECES - 1}`.execute(db);
}
