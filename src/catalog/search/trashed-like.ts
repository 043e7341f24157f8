import { type RawBuilder, sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import { likePattern, numberTable } from '../db/dialect.ts';
import { type Catalog, type FileRecord, type Scope, toFileRow } from '../db/schema.ts';
import { fold } from '../derived/fold.ts';
import { type TrashedFile, trashedFile } from '../governance/trash-list.ts';
import type { ListFilter } from '../model.ts';
import { Budget, within } from './budget.ts';
import { hasInContents, notInContents } from './contents.ts';
import type { Together } from './find.ts';
import { nameConditions } from './name-conditions.ts';
import { setsOf } from './order.ts';
import { reachOf, type Viewer } from './reach.ts';
import { neverSaid, wasSaid } from './said.ts';
import { findTrashed } from './trashed.ts';
import { factConditions, fitting } from './trashed-fit.ts';

/** This many channel sets are looked at in one step. */
const SETS = 100;
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
 * Names, or with `contents` texts, must have all the words; similar ones do not count. `stopped`: there was no time, or too much, to look at all.
 */
export async function trashedLike(
  catalog: Catalog,
  o: TrashAsked,
): Promise<{ fileIds: string[]; stopped: boolean }> {
  const { files, stopped } = await everyTrashed(catalog, o, o.limit);
  return { fileIds: files.slice(0, o.limit).map(({ fileId }) => fileId), stopped };
}

/**
 * The last deleted of them. `more`: there are others. Where there was not the time to look at all, at least the last deleted of
 * each channel set are looked at.
 */
export async function lastTrashed(
  catalog: Catalog,
  o: TrashAsked,
): Promise<{ files: TrashedFile[]; more: boolean; stopped: boolean }> {
  const { limit, viewer, filter } = o;
  const { files, stopped } = await everyTrashed(catalog, o, Number.POSITIVE_INFINITY);
  const last = stopped
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
  return { files: whole.filter((one) => one !== undefined), more: order.length > limit, stopped };
}

/** Looks until so many are found that it is enough, or until the time is up. */
async function everyTrashed(
  catalog: Catalog,
  o: TrashAsked,
  enough: number,
): Promise<{ files: Array<{ fileId: string; trashedAt: number | null }>; stopped: boolean }> {
  const { viewer, filter, budget = new Budget(), contents, said, together } = o;
  const files: Array<{ fileId: string; trashedAt: number | null }> = [];
  let looked = 0;
  const start = await within(catalog, budget, async (scope) => {
    const reach = await reachOf(scope, viewer, undefined, filter.notChannelIds);
    const words =
      said === undefined || filter.where === 'name' ? null : await wasSaid(scope, filter, reach, said);
    const { notText = [], where } = filter;
    const isEverywhere = where !== 'name';
    const leftOut = [
      ...(isEverywhere && said !== undefined ? await neverSaid(scope, notText, reach, said) : []),
      ...(isEverywhere && contents !== undefined ? await notInContents(scope, notText, reach, contents) : []),
    ];
    const texts =
      contents === undefined || !isEverywhere ? null : await hasInContents(scope, filter, reach, contents);
    return { reach, words, texts, leftOut, ...(await setsOf(scope, reach)) };
  });
  if (start === undefined) return { files, stopped: true };
  const { reach } = start;
  const steps = [
    ...chunks(start.open).map((sets) => ({ sets, uploaderId: null })),
    ...chunks(start.own).map((sets) => ({ sets, uploaderId: reach.ownUserId })),
  ];
  for (const { sets, uploaderId } of steps) {
    const found = await within(catalog, budget, async (scope) => {
      const like = await likeIn(
        scope,
        {
          sets,
          uploaderId,
          contents: start.texts,
          said: start.words,
          leftOut: start.leftOut.map(({ isSo }) => isSo(null)),
        },
        filter,
      );
      const byText = new Set(like.filter(({ otherwise }) => !otherwise).map(({ fileId }) => fileId));
      return { files: like.length, byText, fit: await fitting(scope, reach, like.map(toFileRow), filter) };
    });
    looked += found?.files ?? 0;
    const texts = found?.fit.map(({ fileId }) => fileId).filter((id) => found.byText.has(id)) ?? [];
    const quoted = together && texts.length > 0 ? await together(texts, budget.left()) : undefined;
    if (quoted?.isWhole === false) budget.spend();
    const apart = new Set(quoted && texts.filter((id) => !quoted.are.has(id)));
    const fit = found?.fit.filter(({ fileId }) => !apart.has(fileId)) ?? [];
    files.push(...fit.map(({ fileId, trashedAt }) => ({ fileId, trashedAt })));
    if (files.length >= enough) return { files, stopped: false };
    if (found === undefined || looked >= LOOKED_AT || budget.isSpent) return { files, stopped: true };
    await othersTurn();
  }
  return { files, stopped: false };
}

function chunks(sets: number[]): number[][] {
  return Array.from({ length: Math.ceil(sets.length / SETS) }, (_, i) =>
    sets.slice(i * SETS, (i + 1) * SETS),
  );
}

/** The files in the trash of these channel sets whose names (or texts), sizes and hashes are as asked for. */
async function likeIn(
  { db, kind }: Scope,
  o: {
    sets: number[];
    uploaderId: string | null;
    contents: RawBuilder<boolean> | null;
    said: RawBuilder<boolean> | null;
    /** What must not stand in it, nor have been said with it. */
    leftOut: RawBuilder<boolean>[];
  },
  filter: ListFilter,
): Promise<Array<FileRecord & { otherwise: boolean | number }>> {
  const { sets, uploaderId } = o;
  const { where } = filter;
  const phrase = fold(filter.text ?? '').trim();
  const words = [...new Set(phrase.split(/\s+/))].filter((word) => word !== '');
  const has: Array<RawBuilder<unknown>> = words.map(
    (word) => sql`f.folded like ${likePattern(word)} escape '\\'`,
  );
  const named =
    words.length === 0
      ? sql`1 = 1`
      : sql`(f.file_id = ${phrase.toUpperCase()} or (${sql.join(has, sql` and `)}))`;
  const elsewhere = [o.contents, o.said].filter((one) => one !== null);
  // Words in quotes are looked up in names only as they stand.
  const inName = [named, ...nameConditions(kind, { phrases: filter.phrases ?? [] })];
  /** Found by something else than contents. */
  const otherwise = sql.join(
    [
      ...(where === 'text' && words.length > 0 ? [] : [sql`(${sql.join(inName, sql` and `)})`]),
      ...(o.said === null ? [] : [o.said]),
      sql`1 = 0`,
    ],
    sql` or `,
  );
  const conditions = [
    where === 'text' && words.length > 0
      ? sql`(${sql.join([sql`1 = 0`, ...elsewhere], sql` or `)})`
      : sql`(${sql.join([sql`(${sql.join(inName, sql` and `)})`, ...elsewhere], sql` or `)})`,
    ...nameConditions(kind, { ...filter, phrases: [] }),
    ...(uploaderId === null ? [] : [sql`f.uploader_id = ${uploaderId}`]),
    ...o.leftOut,
    ...factConditions(filter),
  ];
  const { rows } = await sql<
    FileRecord & { otherwise: boolean | number }
  >`select f.*, (${otherwise}) as otherwise from ${numberTable(kind, sets)} s cross join file f
    where f.audience_id = s.id and f.state = 'trashed' and ${sql.join(conditions, sql` and `)}
    limit ${LOOKED_AT}`.execute(db);
  return rows;
}
