import { type RawBuilder, sql } from 'kysely';
import { IS_LISTED, IS_SHOWN } from '../db/conditions.ts';
import { idTable, likePattern, lookUp, numberTable, SHORTEST_INDEXED_TEXT } from '../db/dialect.ts';
import type { DatabaseKind, Scope } from '../db/schema.ts';
import type { Candidates, InSteps } from './candidates.ts';
import { channelSetToken, INDEXED_NAME_LENGTH, NAME_START } from './index-terms.ts';
import { type Known, nothingKnown } from './known.ts';

/**
 * So many channel sets narrow an index of words. PostgreSQL's index of trigrams compares each entry with all of them, so it bears few;
 * the others take some 30 ms for so many. Without them, what somebody may not see would take time, by which they might learn of it.
 */
export const MOST_CHANNEL_SETS = { names: { sqlite: 500, postgres: 64 }, contents: 500 } as const;

/** Who is in no more than this is always told apart; of those in more, not who sees everything. */
const FEW_SETS = 64;

/**
 * The channel sets of the files that are in some of these channels; they can narrow the search index. Undefined where
 * there are more than `most`, or as many as there are at all: they would leave nothing out.
 */
export async function channelSetsIn(
  { db, kind }: Scope,
  teamId: string,
  channelIds: readonly string[],
  most: number,
): Promise<number[] | undefined> {
  if (channelIds.length === 0) return [];
  const { rows } = await sql<{ id: number }>`
    select distinct a.audience_id as id from ${idTable(kind, channelIds)} ids
    cross join audience_channel a where a.team_id = ${teamId} and a.channel_id = ids.id
    limit ${most + 1}`.execute(db);
  if (rows.length > most) return undefined;
  if (rows.length > FEW_SETS && (await isAll({ db }, teamId, rows.length))) return undefined;
  return rows.map(({ id }) => id);
}

async function isAll({ db }: Pick<Scope, 'db'>, teamId: string, sets: number): Promise<boolean> {
  const { rows } = await sql`
    select 1 from audience where team_id = ${teamId} limit ${sets + 1}`.execute(db);
  return rows.length <= sets;
}

/**
 * The ids (`file.id`) of files that may have all words of one of the alternatives, found through the search index. It
 * combines rare words with common ones without looking at any file. With `channelSets`, files of others are left out,
 * so it does not matter how many of them have the words. The index holds trigrams without their places, so its answer
 * can hold too much: check with LIKE. Words too short for the index are left out; undefined when that leaves an
 * alternative without any.
 */
export function filesMaybeWith(
  kind: DatabaseKind,
  alternatives: string[][],
  channelSets?: readonly number[],
): Candidates['ids'] | undefined {
  const indexed = alternatives.map((words) =>
    words.filter((word) => [...word].length >= SHORTEST_INDEXED_TEXT),
  );
  if (indexed.some((words) => words.length === 0)) return undefined;
  if (indexed.length === 0 || channelSets?.length === 0)
    return { table: sql`(select id from file where 1 = 0)` };
  return kind === 'postgres' ? { table: onPostgres(indexed, channelSets) } : onSqlite(indexed, channelSets);
}

/**
 * The candidates that the search index knows, as {@link filesMaybeWith}; none if it cannot tell. The same question asked again is
 * answered by what is known.
 */
export function filesWith(
  kind: DatabaseKind,
  alternatives: string[][],
  channelSets: readonly number[] | undefined,
  { candidates }: Known = nothingKnown(),
): Candidates[] {
  const [first = []] = alternatives;
  const telling = first.filter(
    (word) => isTelling(word) && alternatives.every((words) => words.includes(word)),
  );
  const isAll = alternatives.length === 1 && telling.length === first.length;
  const groups =
    kind === 'sqlite' || telling.length === 0 || isAll ? [alternatives] : [[telling], alternatives];
  return groups.flatMap((group) => {
    const key = JSON.stringify([group, channelSets?.toSorted((a, b) => a - b)]);
    const ids = candidates.has(key) ? undefined : filesMaybeWith(kind, group, channelSets);
    if (ids) candidates.set(key, { ids, wholly: true });
    return candidates.get(key) ?? [];
  });
}

/**
 * Words like dates, numbers and ids are in few names. PostgreSQL's index puts them together with frequent words by going through
 * all of these, which takes longer than to look at the few names.
 */
const isTelling = (word: string) => [...word].length >= 10 && /\p{N}/u.test(word);

function onPostgres(alternatives: string[][], channelSets?: readonly number[]): RawBuilder<{ id: number }> {
  const inSets = channelSets ? sql` and array[audience_id] && ${channelSets}::bigint[]` : sql``;
  const short = alternatives.flat().filter((word) => [...word].length <= SHORT);
  // The entries of all short words, which often have trigrams in common, are gone through together.
  if (alternatives.length > 1 && short.length === alternatives.length && alternatives.every(isOne))
    return sql`(select id from file where folded ~ ${short.map(literally).join('|')}${inSets} offset 0)`;
  const arms = alternatives.map((words) => {
    const all = words.map((word) => sql`folded like ${likePattern(word)} escape '\\'`);
    // In every arm, so that no arm collects files that only the whole condition would leave out.
    return sql`(${sql.join(all, sql` and `)}${inSets})`;
  });
  return sql`(select id from file where ${sql.join(arms, sql` or `)} offset 0)`;
}

const SHORT = 5;
const isOne = (words: string[]) => words.length === 1;
/** A word as a regular expression of PostgreSQL's. */
const literally = (word: string) => word.replace(/[^\p{L}\p{N}]/gu, '\\$&');

function onSqlite(alternatives: string[][], channelSets?: readonly number[]): InSteps {
  const anyOf = (terms: string[]) => `(${terms.join(' OR ')})`;
  const most = Math.max(OF_A_WORD, Math.floor(MOST_TRIGRAMS / alternatives.flat().length));
  const allOf = (words: string[]) => `(${words.map((word) => trigramsOf(word, most)).join(' AND ')})`;
  // Words that all alternatives share are read once.
  const isShared = (word: string) => alternatives.every((words) => words.includes(word));
  const shared = alternatives[0]?.filter(isShared) ?? [];
  const rests = alternatives.map((words) => words.filter((word) => !isShared(word)));
  const terms = shared.length > 0 ? [allOf(shared)] : [];
  if (rests.every((words) => words.length > 0)) terms.push(anyOf(rests.map(allOf)));
  if (channelSets) terms.push(anyOf(channelSets.map((id) => quoted(channelSetToken(id)))));
  return {
    first: 0,
    after: (row, most) => sql`select rowid as "row", rowid as id from file_text
      where file_text match ${terms.join(' AND ')} and rowid > ${row} order by rowid limit ${most}`,
  };
}

/** At most this many trigrams are looked up in one step, because each has to be opened; at least a few of each word. */
const MOST_TRIGRAMS = 48;
const OF_A_WORD = 3;

/** Trigrams of a word. If not all are taken, they come from all over it: the rest is compared later. */
function trigramsOf(folded: string, most: number): string {
  const characters = [...folded];
  const all = new Set<string>();
  for (let i = 0; i + 3 <= characters.length; i++) all.add(characters.slice(i, i + 3).join(''));
  const step = Math.max(1, all.size / most);
  const taken = [...all].filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
  return `(${taken.map(quoted).join(' AND ')})`;
}

const quoted = (term: string) => `"${term.replaceAll('"', '""')}"`;

/** The condition that the name of a row of `file` begins with this, as far as the index of names reaches. */
export function nameBegins(folded: string): RawBuilder<boolean> {
  const start = [...folded].slice(0, INDEXED_NAME_LENGTH).join('');
  return sql`(${NAME_START} >= ${start} and ${NAME_START} < ${`${start}\u{10ffff}`})`;
}

/** The ids of the listed files whose names begin with this, by that index. */
export function filesNamed(teamId: string, beginning: string): RawBuilder<FileIds> {
  return sql`(select id, file_id from file
    where team_id = ${teamId} and ${IS_LISTED} and ${nameBegins(beginning)})`;
}

/** The same, of these channel sets alone: of each by an index of its own names. */
export function filesNamedIn(
  kind: DatabaseKind,
  channelSets: readonly number[],
  beginning: string,
): RawBuilder<FileIds> {
  // A name that begins with something is shown.
  const named = sql`l.audience_id = s.id and ${IS_SHOWN} and ${nameBegins(beginning)}`;
  return sql`(select l.id, l.file_id from ${numberTable(kind, channelSets)} s ${lookUp(kind, 'file', 'l', named)})`;
}

interface FileIds {
  id: number;
  fileId: string;
}
