import { type RawBuilder, sql } from 'kysely';
import { typesCalled } from '../../text/type-names.ts';
import { IS_LISTED, IS_STORED } from '../db/conditions.ts';
import type { Scope } from '../db/schema.ts';
import { personTag } from '../derived/update.ts';
import type { ListFilter } from '../model.ts';
import type { Budget } from './budget.ts';
import type { Known } from './known.ts';
import { filesLike, nameConditions } from './name-conditions.ts';
import type { Reach } from './reach.ts';
import type { Pace, Search } from './spans.ts';

/** The search without its words. */
export function searchOf(
  { kind }: Scope,
  reach: Reach,
  filter: ListFilter,
  { stored = false, uploaderId }: { stored?: boolean; uploaderId?: string },
  pace: Pace,
  { budget, known }: { budget: Budget; known: Known },
): Search {
  const { before, after, minBytes, maxBytes, sha256 } = filter;
  const tags: string[][] = [];
  if (uploaderId !== undefined) tags.push([personTag(uploaderId)]);
  if (filter.userId !== undefined) tags.push([personTag(filter.userId)]);
  if (filter.types?.length) tags.push(typeTags(filter.types));
  const notTags = [...(filter.notUserIds ?? []).map(personTag), ...typeTags(filter.notTypes ?? [])];
  const search: Search = {
    reach,
    pace,
    budget,
    known,
    ...{ tags, notTags },
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    storedOnly: stored,
    conditions: nameConditions(kind, filter),
    words: [],
    candidates: filesLike(kind, filter.patterns ?? [], reach.channelSets, known),
  };
  /** `conditions` are on a row of `file`; `row` is the name in front of its columns. */
  const narrow = (standing: RawBuilder<boolean>, conditions: (row: string) => Array<RawBuilder<unknown>>) => {
    search.conditions.push(...conditions('f'));
    const all = [sql`file.team_id = ${reach.teamId}`, standing, ...conditions('file')];
    search.candidates.push({
      ids: { table: sql`(select id from file where ${sql.join(all, sql` and `)})` },
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

/** The tags that files of these types have. */
export const typeTags = (types: string[]) => [
  ...new Set(types.flatMap((type) => typesCalled(type.toLowerCase()))),
];

/** A file's size: as it was stored, else as Slack said. Word for word as in the index. */
export function bytesOf(row: string): RawBuilder<number> {
  return sql`coalesce(${sql.ref(`${row}.stored_bytes`)}, ${sql.ref(`${row}.size`)})`;
}
