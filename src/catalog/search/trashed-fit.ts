import { type RawBuilder, sql } from 'kysely';
import { idTable } from '../db/dialect.ts';
import type { Scope } from '../db/schema.ts';
import { personTag, tagsOf } from '../derived/update.ts';
import type { FileRow, ListFilter } from '../model.ts';

import type { Reach } from './reach.ts';
import { bytesOf, typeTags } from './search-of.ts';

/** What a filter asks of the size and the content of a file `f`, as conditions. */
export function factConditions({ minBytes, maxBytes, sha256 }: ListFilter): RawBuilder<unknown>[] {
  return [
    ...(minBytes === undefined ? [] : [sql`${bytesOf('f')} >= ${minBytes}`]),
    ...(maxBytes === undefined ? [] : [sql`${bytesOf('f')} <= ${maxBytes}`]),
    // Hexadecimal digits end before the letter g.
    ...(sha256 === undefined ? [] : [sql`f.sha256 >= ${sha256} and f.sha256 < ${`${sha256}g`}`]),
  ];
}

/** Whether a filter asks for dates, people or types, which only the shares of a file can tell. */
export function asksOfShares({
  userId,
  types = [],
  notTypes = [],
  notUserIds = [],
  before,
  after,
}: ListFilter): boolean {
  const lists = [types, notTypes, notUserIds];
  return [userId, before, after].some((one) => one !== undefined) || lists.some((list) => list.length > 0);
}

/** Of these files, those with a share within reach that has the dates, the people and the types. */
export async function fitting<T extends FileRow>(
  { db, kind }: Scope,
  reach: Reach,
  files: readonly T[],
  filter: ListFilter,
): Promise<T[]> {
  if (files.length === 0) return [];
  const { before = Number.POSITIVE_INFINITY, after = Number.NEGATIVE_INFINITY } = filter;
  const groups = [
    ...(filter.userId === undefined ? [] : [[personTag(filter.userId)]]),
    ...(filter.types?.length ? [typeTags(filter.types)] : []),
  ];
  const notTags = [...(filter.notUserIds ?? []).map(personTag), ...typeTags(filter.notTypes ?? [])];
  const { rows } = await sql<{
    fileId: string;
    channelId: string;
    sharedAt: number;
    sharedBy: string | null;
  }>`
    select c.file_id, c.channel_id, c.shared_at, c.shared_by
    from ${idTable(kind, [...new Set(files.map(({ fileId }) => fileId))])} ids cross join channel_file c
    where c.team_id = ${reach.teamId} and c.file_id = ids.id`.execute(db);
  const places = Map.groupBy(rows, ({ fileId }) => fileId);
  const [seen, hidden] = [new Set(reach.channelIds), new Set(reach.hidden)];
  return files.filter((file) => {
    const isIn = (id: string) => seen.has(id) || (hidden.has(id) && file.uploaderId === reach.ownUserId);
    return (places.get(file.fileId) ?? []).some(({ channelId, sharedAt, sharedBy }) => {
      if (!isIn(channelId) || sharedAt >= before || sharedAt < after) return false;
      const tags = new Set(tagsOf(file, sharedBy));
      const hasAny = (some: readonly string[]) => some.some((tag) => tags.has(tag));
      return groups.every(hasAny) && !hasAny(notTags);
    });
  });
}
