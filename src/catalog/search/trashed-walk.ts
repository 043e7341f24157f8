import { sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import { numberTable } from '../db/dialect.ts';
import type { Scope } from '../db/schema.ts';
import type { ListFilter } from '../model.ts';
import type { Budget } from './budget.ts';
import { type Candidates, rarest } from './candidates.ts';
import { filesLike } from './name-conditions.ts';
import { asksTextsAlone, namedWords, type TrashPlaces, type TrashWords } from './trashed-words.ts';
import { filesWith, MOST_CHANNEL_SETS } from './word-index.ts';

/** So many of each of so many channel sets are read in one go, then more of each that has more. */
const EACH = 100;
const SETS = 20;
const MORE = 4_000;

/** So many of the last deleted are looked at first, then so many, then all others. */
const LAST = [500, 5_000];

/** So many are put in order in one go: everybody else waits for some ms. */
const AT_ONCE = 20_000;

/** A trash with more files is worth asking the search indexes whether few can be meant. */
const SMALL = 1_000;

/** Where the search indexes know of fewer files, these are looked at, whenever they were deleted. */
const FEW = { many: 5_000, times: 8, patienceMs: 50 };

interface Place {
  id: number;
  set: number;
  trashedAt: number;
  fileId: string;
}

/**
 * On SQLite, the files of the trash that a filter may mean, in the order in which they are looked at: the last deleted first, and those
 * that were deleted about the same time as their ids are, because rows and words that stand together are read together.
 */
export async function trashGroups(
  scope: Scope,
  budget: Budget,
  places: TrashPlaces,
  words: TrashWords,
  filter: ListFilter,
): Promise<Array<{ ids: number[] }>> {
  const all: Place[] = [];
  let isAsked = false;
  const sources = [
    trashOf(scope, places.open, null),
    ...(places.own.length === 0 ? [] : [trashOf(scope, places.own, places.ownUserId)]),
  ];
  for (const source of sources)
    for await (const some of source) {
      all.push(...some);
      if (all.length > SMALL && !isAsked) {
        isAsked = true;
        const few = await fewAsked(scope, budget, places, words, filter);
        if (few !== undefined) return [{ ids: few.toSorted((a, b) => a - b) }];
      }
      await othersTurn();
      if (!budget.hasTime()) break;
    }
  return (await lastFirst(all)).map((ids) => ({ ids }));
}

/** The only files that can be meant, where the indexes know of few with the words; undefined where they do not. */
async function fewAsked(
  scope: Scope,
  budget: Budget,
  { teamId, open, own }: TrashPlaces,
  { texts, said }: TrashWords,
  filter: ListFilter,
): Promise<number[] | undefined> {
  const all = [...open, ...own];
  const sets = all.length > MOST_CHANNEL_SETS.names[scope.kind] ? undefined : all;
  const few = async (some: Candidates[]) => (await rarest(scope, budget, some, FEW))?.ids;
  const like = await few(filesLike(scope.kind, filter.patterns ?? [], sets));
  if (like !== undefined) return like;
  const { phrase, words } = namedWords(filter);
  const found = new Set<number>();
  if (!asksTextsAlone(filter)) {
    if (words.length === 0) return undefined;
    const named = await few(filesWith(scope.kind, [words], sets));
    if (named === undefined) return undefined;
    for (const id of named) found.add(id);
    const { rows } = await sql<{ id: number }>`
      select id from file where team_id = ${teamId} and file_id = ${phrase.toUpperCase()}`.execute(scope.db);
    for (const { id } of rows) found.add(id);
  }
  for (const condition of [texts, said]) {
    if (condition === null) continue;
    const known = await few(condition.among ? [condition.among] : []);
    if (known === undefined) return undefined;
    for (const id of known) found.add(id);
  }
  return [...found];
}

/** The files in the trash of these channel sets, in steps; those of one person, if it is asked for. */
async function* trashOf(
  { db, kind }: Scope,
  sets: readonly number[],
  uploaderId: string | null,
): AsyncGenerator<Place[]> {
  const isTheirs = uploaderId === null ? sql`1 = 1` : sql`l.uploader_id = ${uploaderId}`;
  const inTrash = sql`l.state = 'trashed' and ${isTheirs}`;
  for (let at = 0; at < sets.length; at += SETS) {
    const { rows } = await sql<Place>`
      select f.id, f.audience_id as "set", f.trashed_at, f.file_id
      from ${numberTable(kind, sets.slice(at, at + SETS))} s cross join file f on f.id in (
        select l.id from file l where l.audience_id = s.id and ${inTrash}
        order by l.trashed_at desc, l.file_id desc limit ${EACH})`.execute(db);
    yield rows;
    for (const [set, some] of Map.groupBy(rows, (row) => row.set))
      for (let last = some.length < EACH ? undefined : some.reduce(earlier); last; ) {
        const more = await sql<Place>`
          select l.id, l.audience_id as "set", l.trashed_at, l.file_id from file l
          where l.audience_id = ${set} and ${inTrash} and (l.trashed_at, l.file_id) < (${last.trashedAt}, ${last.fileId})
          order by l.trashed_at desc, l.file_id desc limit ${MORE}`.execute(db);
        yield more.rows;
        last = more.rows.length < MORE ? undefined : more.rows.at(-1);
      }
  }
}

const earlier = (a: Place, b: Place) =>
  (a.trashedAt - b.trashedAt || (a.fileId < b.fileId ? -1 : 1)) < 0 ? a : b;

/**
 * The ids of the last deleted, of those before, and so on. What was deleted at the same time is together; a rule may have done so with
 * most of them.
 */
export async function lastFirst(files: ReadonlyArray<Pick<Place, 'id' | 'trashedAt'>>): Promise<number[][]> {
  const times = await lastTimes(files, Math.max(...LAST));
  const since = LAST.map((many) => times[Math.max(0, times.length - many)] ?? 0);
  const groups: number[][] = [...since.map(() => []), []];
  for (let at = 0; at < files.length; at += AT_ONCE) {
    for (const { id, trashedAt } of files.slice(at, at + AT_ONCE)) {
      const group = since.findIndex((from) => trashedAt >= from);
      // The last group has those of none.
      groups.at(group)?.push(id);
    }
    await othersTurn();
  }
  const inOrder: number[][] = [];
  for (const ids of groups) inOrder.push(await sorted(ids));
  return inOrder;
}

/** When the last deleted of them were, at most so many, the last one last. */
async function lastTimes(
  files: ReadonlyArray<Pick<Place, 'trashedAt'>>,
  many: number,
): Promise<Float64Array> {
  let times = new Float64Array();
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const more = files.slice(at, at + AT_ONCE).map(({ trashedAt }) => trashedAt);
    times = Float64Array.from([...times, ...more])
      .sort()
      .slice(-many);
    await othersTurn();
  }
  return times;
}

/** The smallest first. Numbers of files are spread evenly enough to be put in order in parts. */
async function sorted(ids: readonly number[]): Promise<number[]> {
  const last = ids.reduce((most, id) => Math.max(most, id), 0);
  const parts = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (): number[] => []);
  for (const [i, id] of ids.entries()) {
    parts[Math.min(parts.length - 1, Math.floor((id / (last + 1)) * parts.length))]?.push(id);
    if (i % AT_ONCE === 0) await othersTurn();
  }
  const all: number[] = [];
  for (const part of parts) {
    for (const id of part.sort((a, b) => a - b)) all.push(id);
    await othersTurn();
  }
  return all;
}
