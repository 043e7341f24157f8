import { type Catalog, type Scope, toFileRow } from '../db/schema.ts';
import type { FileRef, FileRow, Share } from '../model.ts';
import { isCard } from '../notices/card-of.ts';
import { openShares } from './channel-keys.ts';
import { shareRecords } from './share-rows.ts';

/** One file as the catalog knows it, in any state; undefined when this id is unknown. */
export async function fileById(catalog: Catalog, ref: FileRef): Promise<FileRow | undefined> {
  const record = await catalog.db
    .selectFrom('file')
    .selectAll()
    .where('teamId', '=', ref.teamId)
    .where('fileId', '=', ref.fileId)
    .executeTakeFirst();
  return record && toFileRow(record);
}

/** Every known appearance of a file, oldest first; `removed` when that message is gone in Slack. */
export async function sharesOf(catalog: Catalog, ref: FileRef): Promise<Array<Share & { removed: boolean }>> {
  return (await shareRecords(catalog, ref)).map(
    ({ channelId, channelKind, ts, threadTs, userId, sharedAt, removedAt, viaVault }) => ({
      channelId,
      channelKind,
      ts: isCard(ts) ? null : ts || null,
      threadTs,
      userId,
      sharedAt,
      removed: removedAt !== null,
      ...(viaVault === 1 ? { viaVault: true } : {}),
    }),
  );
}

/** The channels that a file is open to: those that it was shared in, if the share was not taken back. */
export async function channelsOfFile(catalog: Catalog, ref: FileRef): Promise<string[]> {
  const shares = await catalog.db
    .selectFrom('share')
    .innerJoin('file', (join) =>
      join.onRef('file.teamId', '=', 'share.teamId').onRef('file.fileId', '=', 'share.fileId'),
    )
    .select(['share.channelId', 'share.removedAt', 'share.viaVault', 'file.slackDeletedAt'])
    .where('share.teamId', '=', ref.teamId)
    .where('share.fileId', '=', ref.fileId)
    .orderBy('share.channelId')
    .execute();
  const open = shares.flatMap((share) => openShares(catalog, share, [share]));
  return [...new Set(open.map((share) => share.channelId))];
}

/**
 * The channels that a file was ever shared in, also where the share was taken back; with `inSlack` only those where Slack
 * itself showed it.
 */
export async function everSharedIn(
  catalog: Catalog,
  ref: FileRef,
  { inSlack = false } = {},
): Promise<string[]> {
  const rows = await catalog.db
    .selectFrom('share')
    .select('channelId')
    .distinct()
    .where('teamId', '=', ref.teamId)
    .where('fileId', '=', ref.fileId)
    .$if(inSlack, (query) => query.where('viaVault', '=', 0))
    .orderBy('channelId')
    .execute();
  return rows.map((row) => row.channelId);
}

/** The ids of an e-mail's attachments; empty for every other file. */
export async function partsOf({ db }: Scope, { teamId, fileId }: FileRef): Promise<string[]> {
  const rows = await db
    .selectFrom('file')
    .select('fileId')
    .where('teamId', '=', teamId)
    .where('parentId', '=', fileId)
    .execute();
  // Sorted here: to have them in order, SQLite would go through all files.
  return rows.map((row) => row.fileId).sort();
}
