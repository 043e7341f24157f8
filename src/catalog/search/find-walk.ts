import { sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import { lookUp } from '../db/dialect.ts';
import type { Scope } from '../db/schema.ts';
import type { ListedFile } from '../model.ts';
import { amongFewer, rarest } from './candidates.ts';
import { checked, checkedSome, type Wanted } from './check.ts';
import { beyond, columns, type ListedRecord, meets, ordered, toListed } from './listed-rows.ts';
import { asked, shownHere } from './reach.ts';
import {
  type Direction,
  entriesOf,
  isAmongThem,
  PASSED,
  type Place,
  type Search,
  spans,
  tagsLeft,
} from './spans.ts';
import { filesOf, type LastStep } from './step-files.ts';
import { conditionsOn, mayMeet } from './word-condition.ts';

/**
 * Adds up to `limit` files to `found`, in one direction from a place (not included), or from the end when there is
 * none. Where an index knows only few candidates, these are checked. Otherwise entries are walked through in order of
 * time, which finds common words at once. The candidates take over when the walk has become as long as checking all
 * of them would be. When the time is up it stops, and `found` has the first ones.
 */
export async function takeFound(
  catalog: Scope,
  search: Search,
  direction: Direction,
  from: Place | null,
  limit: number,
  found: ListedFile[],
): Promise<void> {
  if (limit <= 0) return;
  const { candidates, pace, budget } = search;
  const { far = FAR } = pace;
  // What is learnt on the walk is of this page.
  const walk = { ...search };
  const last = search.words.length > 0 ? await lastFile(catalog) : 0;
  // Of who sees few files, a walk goes along few.
  const seen = last * Math.min(1, ...candidates.map(({ within = 1 }) => within));
  const many = worthChecking(seen, limit, pace.few);
  const first = { many, times: AT_FIRST, patienceMs: PATIENCE_MS };
  const few = await rarest(catalog, budget, candidates, first);
  if (few) {
    found.push(...(await checked(catalog, search, few.ids, { direction, from, limit })));
    return;
  }
  const enough = found.length + limit;
  let looked = 0;
  // PostgreSQL guesses from all names. A word that it takes for common is found soon, or is not where the walk goes.
  let longer = catalog.kind === 'postgres' ? pace.few / 8 : pace.few;
  let isAskedAmong = false;
  const began = performance.now();
  let inIndex = 0;
  const lastStep: LastStep = {};
  for await (const { span, entries } of spans(catalog, walk, direction, from, limit)) {
    const files = isAskedOfFiles(catalog, walk)
      ? await filesOf(catalog, walk, { span, entries, direction }, lastStep)
      : null;
    found.push(
      ...(await walked(catalog, walk, files, { direction, from, limit: enough - found.length, span })),
    );
    if (found.length >= enough) return;
    await othersTurn();
    looked += walk.among ? entries / PASSED : entries;
    if (looked <= longer) continue;
    longer = 2 * looked;
    // If it goes on like this.
    const had = Math.max(1, limit + found.length - enough);
    const isFar = had < looked * far.part && ((enough - found.length) * looked) / had > far.entries;
    if (catalog.kind === 'postgres' && isFar && !isAskedAmong) {
      isAskedAmong = true;
      const among = await amongFewer(catalog, candidates, MOST_AMONG);
      if (among) walk.among = among;
    }
    if (walk.among && walk.among.count > looked / CHECKING) continue;
    const many = Math.max(pace.few, Math.ceil(looked / CHECKING));
    // The index gets as much time as the walk: so whichever comes to its end first takes about twice as long.
    const turned = performance.now();
    const patienceMs = Math.max(PATIENCE_MS, turned - began - 2 * inIndex);
    const rare = await rarest(catalog, budget, candidates, { many, times: IN_VAIN, patienceMs });
    inIndex += performance.now() - turned;
    if (rare) {
      const [low, high] = span;
      const behind = direction === 'older' ? { sharedAt: low, fileId: '' } : { sharedAt: high, fileId: LAST };
      found.push(
        ...(await checked(catalog, search, rare.ids, {
          direction,
          from: behind,
          limit: enough - found.length,
        })),
      );
      return;
    }
  }
}

/** Checking one candidate, wherever it is, takes this many times as long as looking at the next entry of a walk. */
const CHECKING = 3;

/** Checking them takes a fifth of a second. */
const MOST_CHECKED = 8_000;

/**
 * So many files with words in their texts: fewer are checked sooner than a walk finds a page of them, as far as they are spread
 * evenly. At least `few`. `seen` is about how many files a walk goes along, 0 where nothing is asked of texts.
 */
function worthChecking(seen: number, limit: number, few: number): number {
  const many = Math.ceil(Math.sqrt((limit * seen) / CHECKING));
  return Math.max(few, Math.min(MOST_CHECKED, many));
}

async function lastFile({ db }: Scope): Promise<number> {
  const { rows } = await sql<{ last: number | null }>`select max(id) as last from file`.execute(db);
  return rows[0]?.last ?? 0;
}

/**
 * A walk that is so long passes over all files but the candidates, if there are fewer than `MOST_AMONG`: to read one takes a third of
 * the time of a step of the walk. Where a larger part is of use, there are more of them.
 */
const FAR = { entries: 6_000, part: 1 / 64 };
const MOST_AMONG = 16_000;

/**
 * The search index may give this many times as much as is useful: less before the walk, which finds common words at
 * once, and more when the walk has found too little.
 */
const AT_FIRST = 8;
const IN_VAIN = 32;

/** The search index may be read this long before the walk begins (ms). With several frequent words it takes long to its end. */
const PATIENCE_MS = 50;

/** Comes after every file id. */
const LAST = '\u{10ffff}';

/** Whether the files of a step are looked at before all else. */
const isAskedOfFiles = ({ kind }: Scope, { words }: Search) =>
  words.length > 0 && (kind === 'sqlite' || words.some(({ of }) => of !== undefined));

/** What is found in one step. `files` are those of its span, if they are known. */
async function walked(
  catalog: Scope,
  search: Search,
  files: readonly number[] | null,
  wanted: Wanted & { span: [number, number] },
): Promise<ListedFile[]> {
  const { words } = search;
  const { kind } = catalog;
  const { direction, from, limit, span } = wanted;
  // Mostly few are left, or none.
  const ids = files?.filter(mayMeet(words)) ?? [];
  if (files && ids.length === 0) return [];
  // The others need not be gone along once more.
  if (files && ids.length < files.length) return checkedSome(catalog, search, ids, wanted);
  const inWords = await conditionsOn(catalog, words, ids);
  const { reach } = search;
  // Already in order, so that PostgreSQL looks up only as many as the page needs.
  const entries = sql`select e.* from (${entriesOf(catalog, search, span)}) e
    where ${beyond(direction, from)} and ${isAmongThem(kind, search)} ${ordered(direction)}`;
  const { rows } = await sql<ListedRecord>`
    select ${columns(search, 'c')} from (${entries}) e
    ${lookUp(catalog.kind, 'file', 'f', sql`f.team_id = ${reach.teamId} and f.file_id = e.file_id and ${meets(search, inWords)}`)}
    ${lookUp(catalog.kind, 'channel_file', 'c', sql`c.team_id = f.team_id and c.file_id = f.file_id and c.channel_id = e.channel_id`)}
    where ${asked(catalog, reach, { ...search, tags: tagsLeft(search) }, 'e')} and ${shownHere(catalog, reach, search)}
    ${ordered(direction)} limit ${limit}`.execute(catalog.db);
  return rows.map(toListed(search));
}
