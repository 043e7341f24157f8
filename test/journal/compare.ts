import { sql } from 'kysely';
import type { Catalog } from '../../src/catalog/db/open.ts';

/**
 * Everything of a catalog that a rebuild promises to bring back, in a fixed order: not row ids, leases and
 * attempts, private URLs, nor what was still to be posted.
 */
export async function contentOf({ db }: Catalog): Promise<Record<string, unknown[]>> {
  const rows = async (query: string) => (await sql.raw<object>(query).execute(db)).rows;
  const files = await db.selectFrom('file').selectAll().orderBy('teamId').orderBy('fileId').execute();
  const shares = await db
    .selectFrom('share')
    .selectAll()
    .orderBy('fileId')
    .orderBy('channelId')
    .orderBy('ts')
    .execute();
  const holds = await db.selectFrom('hold').selectAll().orderBy('holdId').execute();
  return {
    files: files.map(({ id, dueAt, leaseOwner, attempts, url, audienceId, backfillId, ...file }) => ({
      ...file,
      state: file.state !== 'storing' ? file.state : file.errorCode === null ? 'pending' : 'failed',
      // While a purge is under way, its lease takes the place of its date.
      purge: file.state !== 'trashed' ? null : leaseOwner === null ? dueAt : file.purgeAt,
    })),
    versions:
      await rows(`select team_id, file_id, number, object_key, stored_bytes, sha256, crc32, etag, version_id,
      proof, stored_type, stored_at, lost_at, hold_applied from file_version order by team_id, file_id, number`),
    shares: shares.map(({ id, ...share }) => share),
    channelFiles: await rows('select * from channel_file order by team_id, file_id, channel_id'),
    listing: await rows('select * from listing order by team_id, channel_id, tag, shared_at, file_id'),
    audiences: await rows(
      'select team_id, channels, files, bytes from audience where files > 0 order by channels',
    ),
    tallies: await rows(`select t.team_id, t.uploader_id, a.channels, t.files, t.bytes from tally t
      join audience a on a.id = t.audience_id where t.files > 0 order by t.uploader_id, a.channels`),
    reach: await rows(`select c.team_id, c.channel_id, a.channels from audience_channel c
      join audience a on a.id = c.audience_id where a.files > 0 order by a.channels, c.channel_id`),
    channels: await rows('select * from channel order by team_id, channel_id'),
    gone: await rows('select * from gone order by team_id, file_id'),
    holds: holds.map(({ id, dueAt, leaseOwner, attempts, walkedTo, walked, ...hold }) => hold),
    rules: await rows('select * from rule order by team_id, channel_id'),
    audit: await rows('select * from audit order by id'),
  };
}
