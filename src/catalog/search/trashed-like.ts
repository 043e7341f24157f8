import { othersTurn } from '../../others-turn.ts';
import { type Catalog, type Scope, toFileRow } from '../db/schema.ts';
import { type TrashedFile, trashedFile } from '../governance/trash-list.ts';
import type { FileRow, ListFilter } from '../model.ts';
import { Budget, type Unsearched, within } from './budget.ts';
import { hasInContents, notInContents } from './contents.ts';
import type { Together } from './find.ts';
import { setsOf } from './order.ts';
import { type Reach, reachOf, type Viewer } from './reach.ts';
import { neverSaid, wasSaid } from './said.ts';
import { findTrashed } from './trashed.ts';
import { fitting } from './trashed-fit.ts';
import { trashGroups } from './trashed-walk.ts';
import {
  asksTextsAlone,
  type TrashPlaces,
  type TrashStep,
  type TrashWords,
  trashedWith,
} from './trashed-words.ts';

/** On PostgreSQL, this many channel sets are looked at in one step. */
const SETS = 100;
/**
 * On SQLite, this many files in the first one, and twice as many in the next if it was quick, half as many if it was slow: everybody
 * else waits for a step.
 */
const FILES = 100;
const MOST_FILES = 2_000;
const QUICK_MS = 8;
const SLOW_MS = 16;
/** More files that the words fit are not looked at: dates, types and people may still leave some of them out. */
const LOOKED_AT = 5_000;

interface TrashAsked {
  viewer: Viewer;
  filter: ListFilter;
  limit: number;
  budget?: Budget;
  contents?: boolean;
  said?: boolean;
  together?: Together | undefined;
}

/**
 * The files in the trash that a filter lets through, as it would if they were not there: all of them, up to `limit`.
 * Names, or with `contents` texts, must have all the words; similar ones do not count. `stopped`: there was no time, or too much, to look at
 * all, or an index is `behind`.
 */
export async function trashedLike(catalog: Catalog, o: TrashAsked): Promise<{ fileIds: string[] } & Stopped> {
  const { files, ...stopped } = await everyTrashed(catalog, o, { any: o.limit });
  return { fileIds: files.slice(0, o.limit).map(({ fileId }) => fileId), ...stopped };
}

/**
 * The last deleted of them. `more`: there are others. Where there was not the time to look at all, at least the names of the last deleted
 * of each channel set are looked at, unless texts count.
 */
export async function lastTrashed(
  catalog: Catalog,
  o: TrashAsked,
): Promise<{ files: TrashedFile[]; more: boolean } & Stopped> {
  const { limit, viewer, filter } = o;
  const { files, ...stopped } = await everyTrashed(catalog, o, { last: limit + 1 });
  // It knows names alone, and not what is to be left out of texts.
  const isInTexts = o.contents !== undefined || o.said !== undefined;
  const isOfNames = !asksTextsAlone(filter) && !(isInTexts && (filter.notText ?? []).length > 0);
  const last =
    stopped.stopped && !stopped.behind && isOfNames
      ? await findTrashed(catalog, {
          ...{ viewer, filter, limit: limit + 1, wordless: true },
          budget: o.budget ?? new Budget(),
        })
      : [];
  const found = new Map([...files, ...last].map(({ fileId, trashedAt }) => [fileId, trashedAt ?? 0]));
  const order = [...found].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? 1 : -1));
  const whole = await Promise.all(
    order.slice(0, limit).map(([fileId]) => trashedFile(catalog, { teamId: viewer.teamId, fileId })),
  );
  return { files: whole.filter((one) => one !== undefined), more: order.length > limit, ...stopped };
}

/** It is enough when `any` so many are found, or so many of which it is known that they are the `last` deleted. */
interface Enough {
  any?: number;
  last?: number;
}

/** `behind`: all was looked at, but an index lacks what still waits for it. */
type Stopped = { stopped: boolean } & Pick<Unsearched, 'behind'>;

type Found = { files: Array<Pick<FileRow, 'fileId' | 'trashedAt'>> } & Stopped;

/** Looks until it is enough, or until the time is up. */
async function everyTrashed(
  catalog: Catalog,
  { budget = new Budget(), ...o }: TrashAsked,
  { any = Number.POSITIVE_INFINITY, last = Number.POSITIVE_INFINITY }: Enough,
): Promise<Found> {
  const files: Found['files'] = [];
  const start = await within(catalog, budget, (scope) => startOf(scope, budget, o));
  if (start === undefined) return { files, stopped: true };
  const { filter, together } = o;
  const groups =
    catalog.kind === 'sqlite'
      ? await trashGroups(catalog, budget, start.places, start.words, filter)
      : [{ sets: start.places }];
  let looked = 0;
  let tookMs = 0;
  for (const group of groups) {
    const steps = 'ids' in group ? ofIds(group.ids, start.places, () => tookMs) : ofSets(group.sets);
    for (const step of steps) {
      const began = performance.now();
      const found = await within(catalog, budget, (scope) => lookAt(scope, step, start, filter));
      tookMs = performance.now() - began;
      looked += found?.files ?? 0;
      files.push(...(found ? await quotedIn(found, together, budget) : []));
      if (files.length >= any) return { files, stopped: false };
      if (looked >= LOOKED_AT || budget.isSpent) return { files, stopped: true };
      await othersTurn();
    }
    if (files.length >= last && 'ids' in group) break;
  }
  return { files, stopped: false, ...budget.unsearched };
}

interface Start {
  reach: Reach;
  places: TrashPlaces;
  words: TrashWords;
}

/** Where is looked, and what the indexes of words are asked. */
async function startOf(
  scope: Scope,
  budget: Budget,
  { viewer, filter, contents, said }: Omit<TrashAsked, 'budget'>,
): Promise<Start> {
  const reach = await reachOf(scope, viewer, undefined, filter.notChannelIds);
  const { teamId, ownUserId } = reach;
  const places = { ...(await setsOf(scope, reach)), teamId, ownUserId };
  const nothing = { texts: null, said: null, leftOut: [] };
  if (filter.where === 'name') return { reach, places, words: nothing };
  const { notText = [] } = filter;
  const words = {
    said: said === undefined ? null : await wasSaid(scope, filter, { reach, budget }, said),
    // Not by channel sets: the index has those that a file had when it went into the trash.
    texts: contents === undefined ? null : await hasInContents(scope, filter, { reach, budget }, contents),
    leftOut: [
      ...(said === undefined ? [] : await neverSaid(scope, notText, { reach, budget }, said)),
      ...(contents === undefined ? [] : await notInContents(scope, notText, { reach, budget }, contents)),
    ],
  };
  return { reach, places, words };
}

interface Looked {
  files: number;
  fit: FileRow[];
  /** The ids of those that only their texts have let through. */
  byText: ReadonlySet<string>;
}

async function lookAt(
  scope: Scope,
  step: TrashStep,
  { reach, words }: Start,
  filter: ListFilter,
): Promise<Looked> {
  const rows = await trashedWith(scope, step, words, filter, LOOKED_AT);
  const byText = new Set(rows.filter(({ otherwise }) => !otherwise).map(({ fileId }) => fileId));
  return { files: rows.length, byText, fit: await fitting(scope, reach, rows.map(toFileRow), filter) };
}

/** Those of them that have the words in quotes together in their texts, if only these let them through. */
async function quotedIn(
  { fit, byText }: Looked,
  together: Together | undefined,
  budget: Budget,
): Promise<FileRow[]> {
  const texts = fit.filter(({ fileId }) => byText.has(fileId));
  if (together === undefined || texts.length === 0) return fit;
  const { are, isWhole } = await together(texts, budget.left());
  if (!isWhole) budget.spend();
  return fit.filter(({ fileId }) => !byText.has(fileId) || are.has(fileId));
}

/** Some hundreds of files. `tookMs`: how long the last step took. */
function* ofIds(ids: readonly number[], places: TrashPlaces, tookMs: () => number): Generator<TrashStep> {
  for (let at = 0, size = FILES; at < ids.length; ) {
    yield { ids: ids.slice(at, at + size), places };
    at += size;
    if (tookMs() < QUICK_MS) size = Math.min(2 * size, MOST_FILES);
    else if (tookMs() > SLOW_MS) size = Math.max(1, Math.floor(size / 2));
  }
}

/** Some channel sets. PostgreSQL counts the time itself, and nobody waits for it. */
function* ofSets({ open, own, ownUserId }: TrashPlaces): Generator<TrashStep> {
  const each = [
    { sets: open, uploaderId: null },
    { sets: own, uploaderId: ownUserId },
  ];
  for (const { sets, uploaderId } of each)
    for (let at = 0; at < sets.length; at += SETS) yield { sets: sets.slice(at, at + SETS), uploaderId };
}
