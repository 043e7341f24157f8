import { type RawBuilder, sql } from 'kysely';
import { likePattern, numberTable } from '../db/dialect.ts';
import type { FileRecord, Scope } from '../db/schema.ts';
import { fold } from '../derived/fold.ts';
import type { ListFilter } from '../model.ts';
import { nameConditions } from './name-conditions.ts';
import { factConditions } from './trashed-fit.ts';
import { nearAmong, type WordCondition } from './word-condition.ts';

/** Where files of the trash may be that a viewer may know of. */
export interface TrashPlaces {
  teamId: string;
  /** The channel sets whose files they see, and those where they see only their own uploads. */
  open: readonly number[];
  own: readonly number[];
  ownUserId: string;
}

/** The files that are looked at in one step: some of those places, or all of these channel sets. */
export type TrashStep =
  | { ids: readonly number[]; places: TrashPlaces }
  /** Only this person's uploads, if there is one. */
  | { sets: readonly number[]; uploaderId: string | null };

/** What an index of words is asked of them. */
export interface TrashWords {
  /** Files with the words in their texts, or said with them, count like those that have them in their names. */
  texts: WordCondition | null;
  said: WordCondition | null;
  /** What must not stand in them, nor have been said with them. */
  leftOut: readonly WordCondition[];
}

/** The words of a filter as names have them. */
export function namedWords({ text = '' }: ListFilter): { phrase: string; words: string[] } {
  const phrase = fold(text).trim();
  return { phrase, words: [...new Set(phrase.split(/\s+/))].filter((word) => word !== '') };
}

/** Whether names do not count. */
export const asksTextsAlone = (filter: ListFilter) =>
  filter.where === 'text' && namedWords(filter).words.length > 0;

/**
 * The files of a step that are in the trash and whose names (or texts), sizes and hashes are as asked for, at most so many.
 * `otherwise`: found by something else than contents.
 */
export async function trashedWith(
  scope: Scope,
  step: TrashStep,
  { texts, said, leftOut }: TrashWords,
  filter: ListFilter,
  most: number,
): Promise<Array<FileRecord & { otherwise: boolean | number }>> {
  const { db, kind } = scope;
  const asked = [texts, said, ...leftOut].filter((one) => one !== null);
  const near = 'ids' in step ? await nearAmong(scope, asked, step.ids) : null;
  const { phrase, words } = namedWords(filter);
  const has: Array<RawBuilder<unknown>> = words.map(
    (word) => sql`f.folded like ${likePattern(word)} escape '\\'`,
  );
  const named =
    words.length === 0
      ? sql`1 = 1`
      : sql`(f.file_id = ${phrase.toUpperCase()} or (${sql.join(has, sql` and `)}))`;
  // Words in quotes are looked up in names only as they stand.
  const inName = sql.join([named, ...nameConditions(kind, { phrases: filter.phrases ?? [] })], sql` and `);
  const anyOf = (some: Array<RawBuilder<unknown>>) =>
    sql<boolean>`(${sql.join([...some, sql`1 = 0`], sql` or `)})`;
  const otherwise = [
    ...(asksTextsAlone(filter) ? [] : [sql`(${inName})`]),
    ...(said === null ? [] : [said.isSo(near)]),
  ];
  const conditions = [
    ...('ids' in step ? [isIn(scope, step.places)] : []),
    ...('sets' in step && step.uploaderId !== null ? [sql`f.uploader_id = ${step.uploaderId}`] : []),
    ...nameConditions(kind, { ...filter, phrases: [] }),
    ...factConditions(filter),
    anyOf([...otherwise, ...(texts === null ? [] : [texts.isSo(near)])]),
    ...leftOut.map(({ isSo }) => isSo(near)),
  ];
  const from =
    'ids' in step
      ? sql`${numberTable(kind, step.ids)} m cross join file f where f.id = m.id`
      : sql`${numberTable(kind, step.sets)} s cross join file f where f.audience_id = s.id`;
  const { rows } = await sql<FileRecord & { otherwise: boolean | number }>`
    select f.*, ${anyOf(otherwise)} as otherwise from ${from}
      and f.state = 'trashed' and ${sql.join(conditions, sql` and `)}
    limit ${most}`.execute(db);
  return rows;
}

function isIn({ kind }: Scope, { open, own, ownUserId }: TrashPlaces): RawBuilder<unknown> {
  // The sign keeps SQLite from going through all files of these sets.
  const among = (sets: readonly number[]) =>
    sql`+f.audience_id in (select s.id from ${numberTable(kind, sets)} s)`;
  if (own.length === 0) return among(open);
  return sql`(${among(open)} or (f.uploader_id = ${ownUserId} and ${among(own)}))`;
}
