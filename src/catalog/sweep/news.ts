import { sql } from 'kysely';
import { idTable } from '../db/dialect.ts';
import type { Catalog } from '../db/schema.ts';
import { hasChanged } from '../files/edited.ts';
import { comesBack, isWhole, mergeFacts, UNWANTED } from '../files/merge.ts';
import type { FileState, Share, SharedFile, SkipReason } from '../model.ts';

interface Seen {
  file: SharedFile;
  share: Share;
  skip?: SkipReason;
}

interface Known {
  fileId: string;
  knownAs: number;
  state: FileState;
  reason: SkipReason | null;
  errorCode: string | null;
  facts: string;
  mode: string | null;
  filetype: string | null;
  updatedAt: number | null;
  storedAt: number | null;
}

/**
 * Picks those files seen in a channel that would tell the catalog something: unknown files, shares that it
 * lacks or believes to be taken back, whole descriptions of files known in part, and files that Slack did not give
 * when asked, unless it refused them for good. With `unwanted`, also files left out by the owner's rules, which may
 * have changed. Only reads, so that looking again costs no write.
 */
export async function newsAmong<T extends Seen>(
  { db, kind }: Catalog,
  o: { teamId: string; channelId: string; unwanted?: boolean },
  seen: T[],
): Promise<T[]> {
  if (seen.length === 0) return [];
  const ids = idTable(kind, [...new Set(seen.map(({ file }) => file.fileId))]);
  // The cross joins make SQLite begin with these files, not with all of them.
  const { rows: files } = await sql<Known>`
    select f.file_id, f.known_as, f.state, f.reason, f.error_code, f.facts, f.mode, f.filetype,
      f.updated_at, f.stored_at from ${ids} ids
    cross join file f where f.team_id = ${o.teamId} and f.file_id = ids.id`.execute(db);
  const { rows: shares } = await sql<{ fileId: string; ts: string }>`
    select s.file_id, s.ts from ${ids} ids
    cross join share s where s.team_id = ${o.teamId} and s.file_id = ids.id and s.channel_id = ${o.channelId}
      and s.removed_at is null`.execute(db);
  const recordOf = new Map(files.map((file) => [file.fileId, file]));
  const places = new Set(shares.flatMap(({ fileId, ts }) => [`${fileId} ${ts}`, fileId]));
  return seen.filter(({ file, share, skip }) => {
    const record = recordOf.get(file.fileId);
    if (record === undefined || (file.complete && !isWhole(record))) return true;
    // An edit that no delivery told of.
    if (record.state === 'stored' && hasChanged(record, file)) return true;
    // More of the words spoken in a recording, or an attachment that Slack did not offer before.
    if (mergeFacts(record.facts, file.facts) !== record.facts) return true;
    const isUnwanted = record.reason !== null && UNWANTED.includes(record.reason);
    if (isUnwanted) {
      if (o.unwanted) return true;
    } else if (skip === undefined && comesBack(record, { isWhole: file.complete })) return true;
    return !places.has(share.ts === null ? file.fileId : `${file.fileId} ${share.ts}`);
  });
}
