import { type RawBuilder, sql } from 'kysely';
import { IS_LISTED, IS_STORED } from '../db/conditions.ts';
import { type FileRecord, toFileRow } from '../db/schema.ts';
import { channelOfKey } from '../files/channel-keys.ts';
import type { ListedFile } from '../model.ts';
import type { Direction, Place, Search } from './spans.ts';

export type ListedRecord = FileRecord & Pick<ListedFile, 'listedChannelId' | 'listedAt' | 'listedBy'>;

export const toListed =
  ({ lean = false }: Search) =>
  (record: ListedRecord): ListedFile => {
    const listedChannelId = channelOfKey(record.listedChannelId);
    // A lean one has only what `LeanFile` names; gather.ts reads it as that.
    if (lean) return { ...record, listedChannelId } as unknown as ListedFile;
    return { ...toFileRow(record), listedChannelId };
  };

/** What is read of a file and its entry of `channel_file`. */
export const columns = ({ lean = false }: Search, entry: 'c' | 'e') => {
  const file = lean
    ? sql`f.id, f.team_id, f.file_id, f.folded, f.state, f.size, f.stored_bytes, f.stored_at, f.sha256, f.older_versions`
    : sql`f.*`;
  const of = (column: string) => sql.ref(`${entry}.${column}`);
  return sql`${file}, ${of('channel_id')} as listed_channel_id, ${of('shared_at')} as listed_at,
    coalesce(${of('shared_by')}, f.uploader_id) as listed_by`;
};

export function beyond(direction: Direction, from: Place | null): RawBuilder<unknown> {
  if (from === null) return sql`1 = 1`;
  const compare = direction === 'older' ? sql`<` : sql`>`;
  return sql`(e.shared_at, e.file_id) ${compare} (${from.sharedAt}, ${from.fileId})`;
}

export function ordered(direction: Direction): RawBuilder<unknown> {
  const way = direction === 'older' ? sql`desc` : sql`asc`;
  return sql`order by e.shared_at ${way}, e.file_id ${way}`;
}

export const meets = ({ conditions, storedOnly }: Search, words: RawBuilder<boolean>[]) =>
  sql.join([sql`f.${storedOnly ? IS_STORED : IS_LISTED}`, ...conditions, ...words], sql` and `);
