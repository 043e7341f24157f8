import { sql } from 'kysely';
import { jsonTable } from '../db/dialect.ts';
import { prepared } from '../db/prepared.ts';
import type { Scope } from '../db/schema.ts';

/** What stands between words, as in the trigger: control characters, signs and digits. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they stand between words, too
const GAPS = /[\u0001-\u001f ._\-()[\]{}<>,;:+&=#'"!?@/\\|~%$^*`0-9]+/;
const [SHORTEST, LONGEST] = [3, 24];

/** The words in a folded text that a mistyped word may have meant. */
function nameWords(folded: string): string[] {
  return folded.split(GAPS).filter((word) => {
    const { length } = [...word];
    return length >= SHORTEST && length <= LONGEST;
  });
}

/**
 * From here on in this transaction, SQLite's trigger leaves the words of new files to {@link writeNameWords}. PostgreSQL keeps to its
 * own trigger.
 */
export async function leaveNameWords(scope: Scope): Promise<void> {
  if (scope.kind === 'sqlite') await leave(scope, {});
}

/** Writes the words of all files that were new since {@link leaveNameWords}, and ends it. */
export async function writeNameWords(scope: Scope, folded: readonly string[]): Promise<void> {
  if (scope.kind === 'postgres') return;
  const words = [...new Set(folded.flatMap(nameWords))];
  if (words.length > 0) await addWords(scope, { words: JSON.stringify(words) });
  await leaveNoMore(scope, {});
}

const leave = prepared((_: Scope, __: object) => sql`insert into find_word_later (id) values (1)`);
const leaveNoMore = prepared((_: Scope, __: object) => sql`delete from find_word_later`);
const addWords = prepared(
  ({ kind }: Scope, { words }: { words: string }) =>
    sql`insert into find_word (word) select id from ${jsonTable(kind, words)} n where true on conflict do nothing`,
);
