import { sql } from 'kysely';
import type { Catalog } from '../db/schema.ts';
import type { FileState, SkipReason } from '../model.ts';

/** A file as a channel's manifest lists it. */
export interface ManifestFile {
  fileId: string;
  name: string | null;
  title: string | null;
  filetype: string | null;
  mimetype: string | null;
  storedBytes: number | null;
  sha256: string | null;
  uploaderId: string | null;
  /** Who shared it last in this channel, and when. */
  sharedBy: string | null;
  sharedAt: number;
  storedAt: number | null;
  objectKey: string | null;
  /** `storing` is shown as `pending`. */
  state: FileState;
  /** Why it is not kept. */
  reason: SkipReason | null;
  /** Where the file lives, when that is not Slack. */
  externalUrl: string | null;
  /** The number of the newest version, and how many older ones the bucket holds. */
  version: number;
  olderVersions: number;
}

/**
 * Every file of a channel that lists show (also those on their way and not kept), in the order in which they were
 * shared there, read a page at a time.
 */
export async function* manifestFiles(
  catalog: Catalog,
  { teamId, channelId, pageSize }: { teamId: string; channelId: string; pageSize: number },
): AsyncGenerator<ManifestFile> {
  let after = { sharedAt: Number.MIN_SAFE_INTEGER, fileId: '' };
  for (;;) {
    const { rows } = await sql<ManifestFile>`
      select f.file_id, f.name, f.title, f.filetype, f.mimetype, f.stored_bytes, f.sha256, f.uploader_id,
        c.shared_by, l.shared_at, f.stored_at, f.object_key,
        case when f.state = 'storing' then 'pending' else f.state end as state, f.reason, f.external_url,
        f.version, f.older_versions
      from (select * from listing where team_id = ${teamId} and channel_id = ${channelId} and tag = ''
          and (shared_at, file_id) > (${after.sharedAt}, ${after.fileId})
        order by shared_at, file_id limit ${pageSize}) l
      join file f on f.team_id = l.team_id and f.file_id = l.file_id
      join channel_file c on c.team_id = l.team_id and c.file_id = l.file_id and c.channel_id = l.channel_id
      order by l.shared_at, l.file_id`.execute(catalog.db);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = last;
  }
}
