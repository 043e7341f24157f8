import { type RawBuilder, sql } from 'kysely';
import { RANK } from '../../text/match-rank.ts';
import { typesCalled } from '../../text/type-names.ts';
import { IS_LISTED, IS_STORED } from '../db/conditions.ts';
import { likePattern } from '../db/dialect.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { fold } from '../derived/fold.ts';
import { personTag } from '../derived/update.ts';
import type { FoundFile, ListCursor, ListedFile, ListFilter } from '../model.ts';
import { Budget, within } from './budget.ts';
import type { Candidates } from './candidates.ts';
import { type Direction, PACE, type Pace, type Place, type Search, takeFound } from './find-walk.ts';
import { type Reach, reachOf, type Viewer } from './reach.ts';
import { nearWords } from './spelling.ts';
import { filesMaybeWith, filesNamed, nameBegins } from './word-index.ts';

export type { Viewer } from './reach.ts';

/** When fewer files than this have the words, names that are only similar are shown too. */
const FEW = 5;

export interface FoundPage {
  files: FoundFile[];
  newer: ListCursor | null;
  older: ListCursor | null;
  /** The time was up before everything was searched. */
  stopped?: true;
}

export interface FindOptions {
  viewer: Viewer;
  /** `channelId` is ignored here: the caller must use it to narrow the viewer's channels. */
  filter: ListFilter;
  /** `stored`: only what the vault holds. `uploaderId`: only this person's uploads, which they may delete. */
  only?: { stored?: boolean; uploaderId?: string };
  cursor?: ListCursor;
  limit: number;
  pace?: Pace;
  /** The time for it; two seconds from now if missing. Several searches for one question share it. */
  budget?: Budget;
}

/**
 * One page of the files that a viewer may see and that a filter lets through: stored files, and among them, in their
 * place, those that are on their way or not kept. Each file comes once, at its last share where the viewer can look.
 * The best matches of the words come first: files of exactly this name or id, names that begin with it, names and
 * titles that have all the words, and when these are few, names that are similar. Among equals, and without words,
 * the newest come first. Files that the viewer may not see are left out before anything is counted or cut into pages.
 * Pages are steady: files that arrive or go meanwhile neither repeat an entry nor skip one. `newer` and `older` are
 * null at the ends. When the time is up, the page has what was found so far and says that it `stopped`.
 */
export async function findFiles(catalog: Catalog, o: FindOptions): Promise<FoundPage> {
  const { cursor, limit, budget = new Budget() } = o;
  const finder = await finderOf(catalog, o, budget);
  const again = () => findFiles(catalog, { ...o, budget, cursor: undefined });
  // There may be more where there was no time to look.
  const hasMore = async (direction: Direction, file: FoundFile | undefined) =>
    (await finder.take(direction, entryOf(file), 1)).length > 0 || budget.isSpent;
  const page = (files: FoundFile[], hasNewer: boolean, hasOlder: boolean): FoundPage => ({
    files,
    newer: hasNewer ? cursorAt(files[0], 'newer') : null,
    older: hasOlder ? cursorAt(files.at(-1), 'older') : null,
    ...(budget.isSpent ? { stopped: true } : {}),
  });
  if (cursor?.direction === 'newer') {
    const found = await finder.take('newer', cursor, limit + 1);
    const isFirst = found.length <= limit && !budget.isSpent;
    // At the first page, show a whole one, not only the few that are left over.
    if (isFirst) return again();
    const files = found.slice(0, limit).reverse();
    const hasOlder = await hasMore('older', files.at(-1));
    return page(files, found.length > 0, hasOlder);
  }
  const found = await finder.take('older', cursor ?? null, limit + 1);
  const files = found.slice(0, limit);
  if (!cursor) return page(files, false, found.length > limit);
  if (files.length === 0 && !budget.isSpent) return again(); // all of them are gone now
  const hasNewer = await hasMore('newer', files[0]);
  return page(files, hasNewer, found.length > limit);
}

function cursorAt(file: FoundFile | undefined, direction: Direction): ListCursor | null {
  const entry = entryOf(file);
  return entry && { direction, ...entry };
}

type Entry = Place & { rank?: number };

function entryOf(file: FoundFile | undefined): Required<Entry> | null {
  return file ? { rank: file.rank, sharedAt: file.listedAt, fileId: file.fileId } : null;
}

interface Finder {
  take(direction: Direction, from: Entry | null, limit: number): Promise<FoundFile[]>;
}

/** This many of the words may be mistyped: looking for similar words takes long. */
const MISTYPED = 3;

async function finderOf(
  catalog: Catalog,
  { viewer, filter, only = {}, pace }: FindOptions,
  budget: Budget,
): Promise<Finder> {
  // Finding whose files may be shown takes part of the time; until that is known, nothing is shown.
  const reach = await within(catalog, budget, (scope) => reachOf(scope, viewer, pace?.channelSets));
  if (reach === undefined) return { take: async () => [] };
  const base = searchOf(reach, filter, only, pace ?? PACE, budget);
  const typed = fold(filter.text ?? '')
    .split(/\s+/)
    .filter((word) => word !== '');
  const words = [...new Set(typed)];
  const phrase = typed.join(' ');
  const ranks = words.length === 0 ? [base] : byWords(catalog, base, words, phrase);
  // Looked up once for a whole answer: similar words take long to find.
  let alike: Promise<Search | undefined> | undefined;
  const takeRank = async (rank: number, direction: Direction, from: Place | null, limit: number) => {
    const found: ListedFile[] = [];
    await within(catalog, budget, async (scope) => {
      const isSimilar = rank === RANK.similar;
      if (isSimilar) alike ??= similar(scope, base, words, phrase);
      const search = isSimilar ? await alike : ranks[rank];
      if (search) await takeFound(scope, search, direction, from, limit, found);
    });
    return found.map((file) => ({ ...file, rank }));
  };
  async function take(direction: Direction, from: Entry | null, limit: number): Promise<FoundFile[]> {
    const older = direction === 'older';
    const found: FoundFile[] = [];
    let rank = from?.rank ?? (older ? 0 : ranks.length - 1);
    let place = from;
    if (rank === RANK.similar && words.length > 0) {
      found.push(...(await takeRank(rank, direction, place, limit)));
      if (older) return found;
      // On the way back, names that have the words come after names that are similar.
      rank = ranks.length - 1;
      place = null;
    }
    for (; rank >= 0 && rank < ranks.length && found.length < limit; rank += older ? 1 : -1) {
      found.push(...(await takeRank(rank, direction, place, limit - found.length)));
      place = null;
    }
    const isFew = older && from === null && words.length > 0 && found.length < Math.min(limit, FEW);
    if (isFew) found.push(...(await takeRank(RANK.similar, 'older', null, limit - found.length)));
    return found;
  }
  return { take };
}

/** The search without its words. */
function searchOf(
  reach: Reach,
  filter: ListFilter,
  { stored = false, uploaderId }: NonNullable<FindOptions['only']>,
  pace: Pace,
  budget: Budget,
): Search {
  const { before, after, minBytes, maxBytes, sha256 } = filter;
  const tags: string[][] = [];
  if (uploaderId !== undefined) tags.push([personTag(uploaderId)]);
  if (filter.userId !== undefined) tags.push([personTag(filter.userId)]);
  if (filter.types?.length)
    tags.push([...new Set(filter.types.flatMap((type) => typesCalled(type.toLowerCase())))]);
  const search: Search = {
    reach,
    pace,
    budget,
    tags,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    storedOnly: stored,
    conditions: [],
    candidates: [],
  };
  /** `conditions` are on a row of `file`; `row` is the name in front of its columns. */
  const narrow = (standing: RawBuilder<boolean>, conditions: (row: string) => Array<RawBuilder<unknown>>) => {
    search.conditions.push(...conditions('f'));
    const all = [sql`file.team_id = ${reach.teamId}`, standing, ...conditions('file')];
    search.candidates.push({
      table: sql`(select id from file where ${sql.join(all, sql` and `)})`,
      wholly: false,
    });
  };
  if (uploaderId !== undefined)
    narrow(IS_LISTED, (row) => [sql`${sql.ref(`${row}.uploader_id`)} = ${uploaderId}`]);
  if (minBytes !== undefined || maxBytes !== undefined) {
    narrow(IS_LISTED, (row) => [
      ...(minBytes === undefined ? [] : [sql`${bytesOf(row)} >= ${minBytes}`]),
      ...(maxBytes === undefined ? [] : [sql`${bytesOf(row)} <= ${maxBytes}`]),
    ]);
  }
  if (sha256 !== undefined) {
    const of = (row: string) => sql.ref(`${row}.sha256`);
    // Hexadecimal digits end before the letter g.
    narrow(IS_STORED, (row) => [sql`${of(row)} >= ${sha256}`, sql`${of(row)} < ${`${sha256}g`}`]);
  }
  return search;
}

/** A file's size: as it was stored, else as Slack said. Word for word as in the index. */
function bytesOf(row: string): RawBuilder<number> {
  return sql`coalesce(${sql.ref(`${row}.stored_bytes`)}, ${sql.ref(`${row}.size`)})`;
}

/** `phrase` is all that was typed, with repeated words. */
function byWords(catalog: Scope, base: Search, words: string[], phrase: string): Search[] {
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
  const containing = withWords(catalog, base.reach, [words]);
  // A name that begins with the words has them; and an index that knows what is in reach gives fewer files.
  const nearby = base.reach.channelSets ? containing : [];
  return [
    having([sql`(${isNamed} or ${isId})`], {
      table: sql`(select id from ${filesNamed(teamId, `${phrase}\n`)} n union all ${byId})`,
      wholly: false,
    }),
    having([begins, sql`not (${isNamed} or ${isId})`], ...nearby, {
      table: filesNamed(teamId, phrase),
      wholly: false,
    }),
    having([...contains, sql`not (${begins} or ${isId})`], ...containing),
  ];
}

/** Files that may have all words of one of the alternatives, if the search index can tell. */
function withWords({ kind }: Scope, { channelSets }: Reach, alternatives: string[][]): Candidates[] {
  const found = filesMaybeWith(kind, alternatives, channelSets);
  return found ? [{ ...found, wholly: true }] : [];
}

/** Files that have similar words in place of some that were typed; undefined when no similar word is known. */
async function similar(
  catalog: Scope,
  base: Search,
  words: string[],
  phrase: string,
): Promise<Search | undefined> {
  const meant: string[][] = [];
  for (const [at, word] of words.entries()) {
    meant.push([word, ...(at < MISTYPED ? await nearWords(catalog, word, base.budget) : [])]);
  }
  if (meant.every(({ length }) => length === 1)) return undefined;
  const like = (word: string) => sql`f.folded like ${likePattern(word)} escape '\\'`;
  const anyOf = (group: string[]) =>
    sql`(${sql.join(
      group.map((word) => like(word)),
      sql` or `,
    )})`;
  const asTyped = sql.join(
    words.map((word) => like(word)),
    sql` and `,
  );
  const isId = sql`f.file_id = ${phrase.toUpperCase()}`;
  return {
    ...base,
    conditions: [...base.conditions, ...meant.map(anyOf), sql`not (${asTyped})`, sql`not ${isId}`],
    candidates: [...base.candidates, ...withWords(catalog, base.reach, otherwise(words, meant))],
  };
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
