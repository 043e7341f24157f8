import { sql } from 'kysely';
import { prepared } from '../db/prepared.ts';
import type { Scope } from '../db/schema.ts';
import { type Called, nameTokens } from '../reading/name-tokens.ts';
import { searchedWords } from '../reading/words.ts';
import { channelToken } from '../search/index-terms.ts';

/** Tables of numbers in a message are no reason for an endless entry. */
const MOST_WORDS = 4_000;
/** Lies between two texts, so that no phrase goes from one into the other: a word that nobody can type, and as many places. */
const GAP = '\u{e001}';

const toSqlite = prepared(
  (_: Scope, { id, words }: { id: number; words: string }) =>
    sql`insert into said_words (rowid, words) values (${id}, ${words})`,
);
const fromSqlite = prepared(
  (_: Scope, { id }: { id: number }) => sql`delete from said_words where rowid = ${id}`,
);
const toPostgres = prepared(
  (_: Scope, { id, channels, words }: { id: number; channels: string; words: string }) => sql`
    insert into said_words (id, channels, words)
    values (${id}, array(select jsonb_array_elements_text(${channels}::jsonb)), ${words}::tsvector)
    on conflict (id) do update set channels = excluded.channels, words = excluded.words`,
);
const fromPostgres = prepared(
  (_: Scope, { id }: { id: number }) => sql`delete from said_words where id = ${id}`,
);

/**
 * Puts texts into the index of what was said, for the people of these channels, in the place of what was there under this number.
 * With `isNew`, nothing was. Without any word or channel, nothing is there afterwards. The words of the file's name (`called`) stand
 * beside those of the texts, so that a search may have some of its words from there.
 */
export async function indexSaid(
  scope: Scope,
  {
    id,
    channels,
    texts,
    called,
    isNew = false,
  }: { id: number; channels: readonly string[]; texts: readonly string[]; called: Called; isNew?: boolean },
): Promise<void> {
  const words = wordsOf(texts);
  const isEmpty = channels.length === 0 || words.length === 0;
  if (!isEmpty) words.push(...nameTokens(called, new Set(words)));
  if (scope.kind === 'sqlite') {
    if (!isNew) await fromSqlite(scope, { id });
    if (!isEmpty) await toSqlite(scope, { id, words: [...channels.map(channelToken), ...words].join(' ') });
  } else if (!isEmpty)
    await toPostgres(scope, { id, channels: JSON.stringify(channels), words: vectorOf(words) });
  else if (!isNew) await fromPostgres(scope, { id });
}

function wordsOf(texts: readonly string[]): string[] {
  const words: string[] = [];
  for (const text of texts) {
    if (words.length > 0) words.push(GAP);
    for (const word of searchedWords(text)) {
      if (words.length >= MOST_WORDS) return words;
      words.push(word);
    }
  }
  return words.at(-1) === GAP ? words.slice(0, -1) : words;
}

/** Each word with its places, as PostgreSQL writes them. Words are letters and digits. */
function vectorOf(words: readonly string[]): string {
  const places = new Map<string, number[]>();
  for (const [at, word] of words.entries()) {
    if (word === GAP) continue;
    const known = places.get(word);
    // More places of one word are not kept (postgresql.org/docs/current/textsearch-limitations.html).
    if (known === undefined) places.set(word, [at + 1]);
    else if (known.length < 255) known.push(at + 1);
  }
  return [...places].map(([word, at]) => `'${word}':${at.join(',')}`).join(' ');
}
