import { sql } from 'kysely';
import { lookUpFew } from '../db/dialect.ts';
import { type Catalog, type FileRecord, toFileRow } from '../db/schema.ts';
import type { FileRef, FileRow } from '../model.ts';
import { held } from './holds.ts';

/** A file in the trash, and why it goes or does not go. */
export interface TrashedFile extends FileRow {
  /** Its time in its channels was over; nobody deleted it. */
  byRetention: boolean;
  /** A hold covers it. */
  isHeld: boolean;
  /** Its removal has begun. */
  isPurging: boolean;
  /** Its removal has begun, and the bucket does not let it go before `purgeAt`. */
  isRetained: boolean;
}

/** A place in the trash: behind this file. */
export interface TrashCursor {
  trashedAt: number;
  fileId: string;
}

/** Files of these channels in the trash, the last deleted first. */
export async function trashOf(
  catalog: Catalog,
  o: { teamId: string; channelIds: readonly string[]; after: TrashCursor | null; limit: number },
): Promise<{ files: TrashedFile[]; hasMore: boolean }> {
  const after = o.after ?? { trashedAt: Number.MAX_SAFE_INTEGER, fileId: '~' };
  // The last files of each channel set that the channel is in; the last of all are among these.
  const lastOf = lookUpFew(
    catalog.kind,
    't',
    sql`select l.id from file l
      where l.audience_id = a.audience_id and l.state = 'trashed'
        and (l.trashed_at, l.file_id) < (${after.trashedAt}, ${after.fileId})
      order by l.trashed_at desc, l.file_id desc limit ${o.limit + 1}`,
  );
  const { rows } = await sql<Row>`select f.*, ${about} from file f
    where f.id in (select t.id from audience_channel a ${lastOf}
      where a.team_id = ${o.teamId} and a.channel_id in (${sql.join(o.channelIds)}))
    order by f.trashed_at desc, f.file_id desc limit ${o.limit + 1}`.execute(catalog.db);
  return { files: rows.slice(0, o.limit).map(toTrashed), hasMore: rows.length > o.limit };
}

/** One file of the trash; undefined when it is not there. */
export async function trashedFile(catalog: Catalog, ref: FileRef): Promise<TrashedFile | undefined> {
  const { rows } = await sql<Row>`select f.*, ${about} from file f
    where f.team_id = ${ref.teamId} and f.file_id = ${ref.fileId} and f.state = 'trashed'`.execute(
    catalog.db,
  );
  return rows[0] && toTrashed(rows[0]);
}

type Row = FileRecord & { isHeld: number };

const about = sql`case when ${held('f')} then 1 else 0 end as is_held`;

function toTrashed({ isHeld, ...record }: Row): TrashedFile {
  return {
    ...toFileRow(record),
    byRetention: record.trashedBy === 'vault' && record.slackDeletedAt === null,
    isHeld: isHeld === 1,
    isPurging: record.leaseOwner !== null,
    // A try ends within its lease; only what is retained waits for its own time.
    isRetained: record.leaseOwner !== null && record.dueAt === record.purgeAt,
  };
}
