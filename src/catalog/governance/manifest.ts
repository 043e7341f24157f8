import { sql } from 'kysely';
import { idTable } from '../db/dialect.ts';
import type { Catalog } from '../db/schema.ts';
import { channelOfKey } from '../files/channel-keys.ts';
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

/** How many channels of a file are named. */
const PLACES = 50;

/** Every file of the vault that lists show, oldest id first, with the ids of the channels that it is listed in. */
export async function* workspaceFiles(
  catalog: Catalog,
  { teamId, pageSize }: { teamId: string; pageSize: number },
): AsyncGenerator<ManifestFile & { channelIds: string[] }> {
  let after = '';
  for (;;) {
    const { rows } = await sql<ManifestFile>`
      select f.file_id, f.name, f.title, f.filetype, f.mimetype, f.stored_bytes, f.sha256, f.uploader_id,
        null as shared_by, f.shared_at, f.stored_at, f.object_key,
        case when f.state = 'storing' then 'pending' else f.state end as state, f.reason, f.external_url,
        f.version, f.older_versions
      from file f where f.team_id = ${teamId} and f.file_id > ${after} and f.state <> 'purged'
      order by f.file_id limit ${pageSize}`.execute(catalog.db);
    const ids = idTable(
      catalog.kind,
      rows.map(({ fileId }) => fileId),
    );
    const places = await sql<{ fileId: string; channelId: string }>`select c.file_id, c.channel_id
      from ${ids} ids cross join channel_file c where c.team_id = ${teamId} and c.file_id = ids.id
      order by c.channel_id`.execute(catalog.db);
    const byFile = Map.groupBy(places.rows, ({ fileId }) => fileId);
    for (const row of rows) {
      const channelIds = (byFile.get(row.fileId) ?? []).map(({ channelId }) => channelOfKey(channelId));
      yield { ...row, channelIds: channelIds.slice(0, PLACES) };
    }
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = last.fileId;
  }
}
