import { type RawBuilder, sql } from 'kysely';
import { likePattern } from '../db/dialect.ts';
import type { DatabaseKind, Scope } from '../db/schema.ts';
import type { Candidates } from './candidates.ts';
import type { Holding } from './contents.ts';
import type { Reach } from './reach.ts';
import type { Search } from './spans.ts';
import { nearWords } from './spelling.ts';
import { not, type WordCondition } from './word-condition.ts';
import { filesNamed, filesNamedIn, filesWith, nameBegins } from './word-index.ts';

/** This many of the words may be mistyped: looking for similar words takes long. */
const MISTYPED = 3;

/** Where else than in names the words are looked for. */
export interface Elsewhere {
  said: Holding | null;
  contents: Holding | null;
  /** Names do not count. */
  notInNames: boolean;
  /** What names must have besides the words: what stands in quotes, as it stands. */
  inNames: Array<RawBuilder<unknown>>;
}

/**
 * A search for each of `RANKS` (text/match-rank.ts); undefined where nothing is looked for. `phrase` is all that was typed, with
 * repeated words.
 */
export function byWords(
  catalog: Scope,
  base: Search,
  words: string[],
  phrase: string,
  { said, contents, notInNames, inNames }: Elsewhere,
): Array<Search | undefined> {
  const fileId = phrase.toUpperCase();
  const like = (pattern: string) => sql`f.folded like ${pattern} escape '\\'`;
  const beginning = likePattern(phrase).slice(1);
  const isId = sql`f.file_id = ${fileId}`;
  const isNamed = like(`${beginning.slice(0, -1)}\n%`);
  const begins = like(beginning);
  const contains = words.map((word) => like(likePattern(word)));
  const having = (conditions: Array<RawBuilder<unknown>>, ...candidates: Candidates[]): Search => ({
    ...base,
    conditions: [...base.conditions, ...conditions],
    candidates: [...base.candidates, ...candidates],
  });
  const { teamId } = base.reach;
  const byId = sql`select id from file where team_id = ${teamId} and file_id = ${fileId}
    and not ${nameBegins(`${phrase}\n`)}`;
  const containing = filesWith(catalog.kind, [words], base.reach.channelSets, base.known);
  // Not one of those that are found by their names.
  const isNoName = notInNames ? [] : [sql`not (${all([sql`((${all(contains)}) or ${isId})`, ...inNames])})`];
  const elsewhere = [
    said === null ? undefined : inside(said, isNoName),
    contents === null ? undefined : inside(contents, isNoName, said === null ? [] : [not(said.isFound)]),
  ];
  if (notInNames) return [undefined, undefined, undefined, ...elsewhere];
  return [
    having([sql`(${isNamed} or ${isId})`], {
      ids: { table: sql`(select id from ${filesNamed(teamId, `${phrase}\n`)} n union all ${byId})` },
      wholly: false,
    }),
    having(
      [begins, sql`not (${isNamed} or ${isId})`],
      ...filesBeginning(catalog, base.reach, phrase, containing),
    ),
    having([...contains, sql`not (${begins} or ${isId})`], ...containing),
    ...elsewhere,
  ];
}

/** The order of what stands in quotes is not asked of contents: their index knows none. */
function inside(
  { base, files, isFound }: Holding,
  others: Array<RawBuilder<unknown>>,
  words: WordCondition[] = [],
): Search {
  return {
    ...base,
    conditions: [...base.conditions, ...others],
    // Fewer files have the words than have none of those to be left out.
    words: [isFound, ...base.words, ...words],
    candidates: [...base.candidates, files],
  };
}

const all = (conditions: Array<RawBuilder<unknown>>) => sql.join(conditions, sql` and `);

/** A search for all files whose names or titles have the words, or that have this id. */
export function withWords(kind: DatabaseKind, base: Search, words: string[], phrase: string): Search {
  if (words.length === 0) return base;
  const contains = words.map((word) => sql`f.folded like ${likePattern(word)} escape '\\'`);
  const isNamed = sql`((${all(contains)}) or f.file_id = ${phrase.toUpperCase()})`;
  const candidates = filesWith(kind, [words], base.reach.channelSets, base.known);
  return {
    ...base,
    conditions: [...base.conditions, isNamed],
    candidates: [...base.candidates, ...candidates],
  };
}

/** The files whose names begin with this. An index that knows what is in reach gives fewer. */
function filesBeginning(
  { kind }: Scope,
  { teamId, channelSets }: Reach,
  phrase: string,
  containing: Candidates[],
): Candidates[] {
  const table =
    kind === 'postgres' && channelSets ? filesNamedIn(kind, channelSets, phrase) : filesNamed(teamId, phrase);
  const named = { ids: { table }, wholly: false, ...(kind === 'postgres' && { fileIds: table }) };
  // A name that begins with the words has them; SQLite's search index can stop.
  return kind === 'sqlite' && channelSets ? [...containing, named] : [named];
}

/**
 * Files that have similar words in place of some that were typed, and the ways of putting them there; undefined when no similar word
 * is known.
 */
export async function similar(
  catalog: Scope,
  base: Search,
  words: string[],
  phrase: string,
  { said, contents, notInNames }: Elsewhere,
): Promise<(Search & { ways: string[][] }) | undefined> {
  if (notInNames) return undefined;
  const meant: string[][] = [];
  for (const [at, word] of words.entries()) {
    meant.push([word, ...(at < MISTYPED ? await nearOnce(catalog, word, base) : [])]);
  }
  if (meant.every(({ length }) => length === 1)) return undefined;
  const like = (word: string) => sql`f.folded like ${likePattern(word)} escape '\\'`;
  const anyOf = (group: string[]) =>
    sql`(${sql.join(
      group.map((word) => like(word)),
      sql` or `,
    )})`;
  const asTyped = all(words.map((word) => like(word)));
  // Shown already.
  const others = [said, contents].flatMap((holding) => (holding === null ? [] : [not(holding.isFound)]));
  const isId = sql`f.file_id = ${phrase.toUpperCase()}`;
  const ways = otherwise(words, meant);
  return {
    ...base,
    ways,
    conditions: [...base.conditions, ...meant.map(anyOf), sql`not (${asTyped})`, sql`not ${isId}`],
    words: [...base.words, ...others],
    candidates: [...base.candidates, ...filesLikely(catalog, base, meant, ways)],
  };
}

async function nearOnce(catalog: Scope, word: string, { budget, known }: Search): Promise<string[]> {
  const near = known?.near.get(word) ?? (await nearWords(catalog, word, budget));
  if (!budget.isSpent) known?.near.set(word, near);
  return near;
}

/** Files that may have one of the ways. */
function filesLikely(
  { kind }: Scope,
  { reach, known }: Search,
  meant: string[][],
  ways: string[][],
): Candidates[] {
  const all = filesWith(kind, ways, reach.channelSets, known);
  if (kind === 'sqlite') return all;
  // PostgreSQL looks up each way by itself. Words that are in few names are found sooner without what goes with them.
  const groups = meant.length > 1 ? meant.map((group) => group.map((word) => [word])) : [ways];
  return [...groups.flatMap((group) => filesWith(kind, group, undefined, known)), ...all];
}

/** The search index is given at most this many ways of replacing the typed words. */
const MOST_WAYS = 64;
/** And this many where each way has many words. */
const FEW_WAYS = 16;
const MANY_WORDS = 6;

/**
 * Every way of taking one word of each group, except the words as typed. If there are too many ways, the last groups
 * are left out.
 */
function otherwise(typed: string[], groups: string[][]): string[][] {
  let ways: string[][] = [[]];
  let taken = 0;
  const most = typed.length > MANY_WORDS ? FEW_WAYS : MOST_WAYS;
  for (const group of groups) {
    if (ways.length * group.length > most) break;
    ways = ways.flatMap((way) => group.map((word) => [...way, word]));
    taken += 1;
  }
  // With a group left out, the words typed so far may go with another word in its place.
  if (taken < groups.length) return ways;
  return ways.filter((way) => way.some((word, i) => word !== typed[i]));
}
