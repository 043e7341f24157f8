import { type RawBuilder, sql } from 'kysely';
import { idTable, likePattern, SHORTEST_INDEXED_TEXT } from '../dialect.ts';
import { placeToken } from '../tables/migrate-places.ts';
import type { Catalog, DatabaseKind } from '../tables/schema.ts';

/** In the files of more audiences than this are so many of all files that leaving out the others saves little. */
export const MOST_AUDIENCES = 64;

/**
 * The audiences of the files that are in some of these channels, by which the search index can be narrowed;
 * undefined where these are more than
 * `most`, too many for that to help.
 */
export async function audiencesIn(
  { db, kind }: Catalog,
  teamId: string,
  channelIds: readonly string[],
  most = MOST_AUDIENCES,
): Promise<number[] | undefined> {
  if (channelIds.length === 0) return [];
  const { rows } = await sql<{ id: number }>`
    select distinct a.audience_id as id from ${idTable(kind, channelIds)} ids
    cross join audience_channel a where a.team_id = ${teamId} and a.channel_id = ids.id
    limit ${most + 1}`.execute(db);
  return rows.length > most ? undefined : rows.map(({ id }) => id);
}

/**
 * The ids (`file.id`) of files that may have a word of every group, found through the search index, which puts
 * together what is rare with what is common without looking at any file. With `audiences`, files of others are left
 * out, so that it does not matter how many of them have the words. It holds trigrams without their places, so its
 * answer can hold too much: check with LIKE. Groups with a word too short for the index are left out; undefined when
 * that leaves none.
 */
export function filesMaybeWith(
  kind: DatabaseKind,
  groups: string[][],
  audiences?: readonly number[],
): RawBuilder<{ id: number }> | undefined {
  const indexed = groups.filter((words) => words.every((word) => [...word].length >= SHORTEST_INDEXED_TEXT));
  if (indexed.length === 0) return undefined;
  if (audiences?.length === 0) return sql`(select id from file where 1 = 0)`;
  return kind === 'postgres' ? onPostgres(indexed, audiences) : onSqlite(indexed, audiences);
}

function onPostgres(groups: string[][], audiences?: readonly number[]): RawBuilder<{ id: number }> {
  const conditions = groups.map((words) => {
    const likes = words.map((word) => sql`folded like ${likePattern(word)} escape '\\'`);
    return sql`(${sql.join(likes, sql` or `)})`;
  });
  if (audiences) conditions.push(sql`array[audience_id] && ${audiences}::bigint[]`);
  return sql`(select id from file where ${sql.join(conditions, sql` and `)} offset 0)`;
}

function onSqlite(groups: string[][], audiences?: readonly number[]): RawBuilder<{ id: number }> {
  const anyOf = (terms: string[]) => `(${terms.join(' OR ')})`;
  const terms = groups.map((words) => anyOf(words.map(trigramsOf)));
  if (audiences) terms.push(anyOf(audiences.map((id) => quoted(placeToken(id)))));
  return sql`(select rowid as id from file_text where file_text match ${terms.join(' AND ')})`;
}

function trigramsOf(folded: string): string {
  const characters = [...folded];
  const trigrams = new Set<string>();
  for (let i = 0; i + 3 <= characters.length; i++) trigrams.add(characters.slice(i, i + 3).join(''));
  return `(${[...trigrams].map(quoted).join(' AND ')})`;
}

const quoted = (term: string) => `"${term.replaceAll('"', '""')}"`;
