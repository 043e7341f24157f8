import { RANK, RANKS } from '../../text/match-rank.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { fold } from '../derived/fold.ts';
import type { FileRow, FoundFile, ListCursor, ListedFile, ListFilter } from '../model.ts';
import { Budget, type Unsearched, within } from './budget.ts';
import { filesHolding, notInContents, othersThan } from './contents.ts';
import { takeFound } from './find-walk.ts';
import { type Known, nothingKnown } from './known.ts';
import type { NamesAsked } from './many.ts';
import { nameConditions } from './name-conditions.ts';
import { byWords, type Elsewhere, similar, withWords } from './ranks.ts';
import { reachOf, type Viewer } from './reach.ts';
import { filesSaid, neverSaid } from './said.ts';
import { searchOf } from './search-of.ts';
import { type Direction, PACE, type Pace, type Place } from './spans.ts';

export type { Viewer } from './reach.ts';

/** When fewer files than this have the words, names that are only similar are shown too. */
const FEW = 5;

/**
 * The texts of so many files are looked through in one step at first, and of twice as many in the next, up to these; of fewer where
 * most have the words together.
 */
const LOOKED_THROUGH = 20;
const MOST_LOOKED_THROUGH = 160;

export interface FoundPage extends Unsearched {
  files: FoundFile[];
  newer: ListCursor | null;
  older: ListCursor | null;
}

export interface FindOptions {
  viewer: Viewer;
  /** `channelId` is ignored here: the caller must use it to narrow the viewer's channels. */
  filter: ListFilter;
  /** `stored`: only what the vault holds. `uploaderId`: only this person's uploads, which they may delete. */
  only?: { stored?: boolean; uploaderId?: string };
  cursor?: ListCursor;
  limit: number;
  /** Turns the order round: oldest first. Only without words. */
  ascending?: boolean;
  /** Only the columns of `LeanFile` (gather.ts) are read of each file. */
  lean?: boolean;
  /**
   * Also files that have the words in their contents, after those that have them in their names: whether channels without a
   * setting of their own are searched.
   */
  contents?: boolean;
  /** Also files by what was said with them, before those: whether channels without a setting of their own are searched. */
  said?: boolean;
  /** Asked of the files that are found by their contents, whose index knows no order of words. */
  together?: Together | undefined;
  pace?: Pace;
  /** What other searches of the same question learnt. */
  known?: Known | undefined;
  /** The time for it; two seconds from now if missing. Several searches for one question share it. */
  budget?: Budget;
}

/**
 * Which of these files have the words in quotes one after the other in their texts; it takes `ms` at most. Not `isWhole` when some
 * could not be looked through in time: then these are not among them.
 */
export type Together = (
  files: ReadonlyArray<Pick<FileRow, 'fileId' | 'sha256' | 'storedAt' | 'olderVersions'>>,
  ms: number,
) => Promise<{ are: ReadonlySet<string>; isWhole: boolean }>;

/**
 * One page of the files that a viewer may see and that a filter lets through: stored files, and among them, in their
 * place, those that are on their way or not kept. Each file comes once, at its last share where the viewer can look.
 * The best matches of the words come first: files of exactly this name or id, names that begin with it, names and
 * titles that have all the words, with `said` and `contents` files by what was said with them and by their text, and when these are few, names that are similar. Among equals, and without words,
 * the newest come first. Files that the viewer may not see are left out before anything is counted or cut into pages.
 * Pages are steady: files that arrive or go meanwhile neither repeat an entry nor skip one. `newer` and `older` are
 * null at the ends. When the time is up, the page has what was found so far and says that it `stopped`; also where the
 * index of what was said is `behind`.
 */
export async function findFiles(catalog: Catalog, o: FindOptions): Promise<FoundPage> {
  const { cursor, limit, budget = new Budget(), ascending = false } = o;
  const finder = await finderOf(catalog, o, budget);
  const take = (direction: Direction, from: Entry | null, most: number) =>
    finder.take(ascending ? OPPOSITE[direction] : direction, from, most);
  const again = () => findFiles(catalog, { ...o, budget, cursor: undefined });
  // There may be more where there was no time to look.
  const hasMore = async (direction: Direction, file: FoundFile | undefined) =>
    (await take(direction, entryOf(file), 1)).length > 0 || budget.isSpent;
  const page = (files: FoundFile[], hasNewer: boolean, hasOlder: boolean): FoundPage => ({
    files,
    newer: hasNewer ? cursorAt(files[0], 'newer') : null,
    older: hasOlder ? cursorAt(files.at(-1), 'older') : null,
    ...budget.unsearched,
  });
  if (cursor?.direction === 'newer') {
    const found = await take('newer', cursor, limit + 1);
    const isFirst = found.length <= limit && !budget.isSpent;
    // At the first page, show a whole one, not only the few that are left over.
    if (isFirst) return again();
    const files = found.slice(0, limit).reverse();
    const hasOlder = await hasMore('older', files.at(-1));
    return page(files, found.length > 0, hasOlder);
  }
  const found = await take('older', cursor ?? null, limit + 1);
  const files = found.slice(0, limit);
  if (!cursor) return page(files, false, found.length > limit);
  if (files.length === 0 && !budget.isSpent) return again(); // all of them are gone now
  const hasNewer = await hasMore('newer', files[0]);
  return page(files, hasNewer, found.length > limit);
}

const OPPOSITE = { older: 'newer', newer: 'older' } as const;

function cursorAt(file: FoundFile | undefined, direction: Direction): ListCursor | null {
  const entry = entryOf(file);
  return entry && { direction, ...entry };
}

type Entry = Place & { rank?: number };

function entryOf(file: FoundFile | undefined): Required<Entry> | null {
  return file ? { rank: file.rank, sharedAt: file.listedAt, fileId: file.fileId } : null;
}

interface Finder {
  /** The next files in one direction, from a place (not included) or from the end. */
  take(direction: Direction, from: Entry | null, limit: number): Promise<FoundFile[]>;
  /** What is asked of names, or of similar ones; undefined when nothing is. */
  names(are: 'asked' | 'similar'): Promise<NamesAsked | undefined>;
}

/** What finds the files of a question. Its steps share one budget. */
export async function finderOf(
  catalog: Catalog,
  {
    viewer,
    filter,
    only = {},
    pace,
    lean,
    contents,
    said,
    together,
    known = nothingKnown(),
  }: Omit<FindOptions, 'limit'>,
  budget: Budget,
): Promise<Finder> {
  // Finding whose files may be shown takes part of the time; until that is known, nothing is shown.
  const reach = await within(catalog, budget, (scope) =>
    reachOf(scope, viewer, pace?.channelSets, filter.notChannelIds),
  );
  if (reach === undefined) return { take: async () => [], names: async () => undefined };
  const { notText = [] } = filter;
  const isEverywhere = notText.length > 0 && filter.where !== 'name';
  // What is to be left out is left out wherever it stands, whatever else the file is found by.
  const leftOut = [
    ...(isEverywhere && said !== undefined ? await neverSaid(catalog, notText, { reach, budget }, said) : []),
    ...(isEverywhere && contents !== undefined
      ? await notInContents(catalog, notText, { reach, budget, known }, contents)
      : []),
  ];
  const others = await othersThan(catalog, leftOut);
  const search = (asked: ListFilter) => {
    const made = searchOf(catalog, reach, asked, only, pace ?? PACE, { budget, known });
    const candidates = [...made.candidates, ...others];
    return { ...made, candidates, words: leftOut, ...(lean && { lean }) };
  };
  const base = search(filter);
  const typed = fold(filter.text ?? '')
    .split(/\s+/)
    .filter((word) => word !== '');
  const words = [...new Set(typed)];
  const phrase = typed.join(' ');
  const isText = words.length > 0 && filter.where !== 'name';
  // What stands in quotes is asked of them in their own way.
  const unquoted = search({ ...filter, phrases: [] });
  const elsewhere: Elsewhere = {
    said: isText && said !== undefined ? await filesSaid(catalog, filter, unquoted, said) : null,
    contents:
      isText && contents !== undefined ? await filesHolding(catalog, filter, unquoted, contents) : null,
    notInNames: filter.where === 'text',
    inNames: nameConditions(catalog.kind, { phrases: filter.phrases ?? [] }),
  };
  const ranks = words.length === 0 ? [base] : byWords(catalog, base, words, phrase, elsewhere);
  // Looked up once for a whole answer: similar words take long to find.
  let alike: ReturnType<typeof similar> | undefined;
  const similarOnce = (scope: Scope) => {
    alike ??= similar(scope, base, words, phrase, elsewhere);
    return alike;
  };
  const takeAny = async (rank: number, direction: Direction, from: Place | null, limit: number) => {
    const found: ListedFile[] = [];
    const isSimilar = rank === RANK.similar;
    if (!isSimilar && ranks[RANKS.indexOf(rank)] === undefined) return [];
    await within(catalog, budget, async (scope) => {
      const search = isSimilar ? await similarOnce(scope) : ranks[RANKS.indexOf(rank)];
      if (search) await takeFound(scope, search, direction, from, limit, found);
    });
    return found.map((file) => ({ ...file, rank }));
  };
  const takeRank = async (rank: number, direction: Direction, from: Place | null, limit: number) => {
    if (rank !== RANK.contents || together === undefined) return takeAny(rank, direction, from, limit);
    const found: FoundFile[] = [];
    let place = from;
    // Where the first have the words, no more are looked through than are shown.
    let step = Math.min(limit, LOOKED_THROUGH);
    let looked = 0;
    while (found.length < limit) {
      const some = await takeAny(rank, direction, place, step);
      if (some.length === 0 || !budget.hasTime()) break;
      const { are, isWhole } = await together(some, budget.left());
      found.push(...some.filter(({ fileId }) => are.has(fileId)));
      if (!isWhole) budget.spend();
      if (some.length < step) break;
      place = entryOf(some.at(-1));
      looked += some.length;
      // If it goes on like this.
      const enough = Math.ceil(((limit - found.length) * looked) / found.length);
      step = Math.min(MOST_LOOKED_THROUGH, Math.max(LOOKED_THROUGH, 2 * step), enough);
    }
    return found.slice(0, limit);
  };
  async function take(direction: Direction, from: Entry | null, limit: number): Promise<FoundFile[]> {
    const older = direction === 'older';
    const found: FoundFile[] = [];
    const last = ranks.length - 1;
    let at = from?.rank === undefined ? (older ? 0 : last) : RANKS.indexOf(from.rank);
    let place = from;
    if (from?.rank === RANK.similar && words.length > 0) {
      found.push(...(await takeRank(from.rank, direction, place, limit)));
      if (older) return found;
      // On the way back, names that have the words come after names that are similar.
      at = last;
      place = null;
    }
    for (; at >= 0 && at <= last && found.length < limit; at += older ? 1 : -1) {
      found.push(...(await takeRank(RANKS[at] as number, direction, place, limit - found.length)));
      place = null;
    }
    const isFew = older && from === null && words.length > 0 && found.length < Math.min(limit, FEW);
    if (isFew) found.push(...(await takeRank(RANK.similar, 'older', null, limit - found.length)));
    return found;
  }
  const { userId, patterns = [] } = filter;
  const names = async (are: 'asked' | 'similar'): Promise<NamesAsked | undefined> => {
    if (elsewhere.notInNames || words.length + patterns.length === 0) return undefined;
    if (are === 'asked') {
      const begin = patterns.map((pattern) => fold(pattern).trim().split('*')[0] as string);
      return { search: withWords(catalog.kind, base, words, phrase), beginnings: [phrase, ...begin], userId };
    }
    const search = await within(catalog, budget, (scope) => similarOnce(scope));
    return search && { search, beginnings: search.ways.map((way) => way.join(' ')), userId };
  };
  return { take, names };
}
