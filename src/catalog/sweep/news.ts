import { sql } from 'kysely';
import { wordsSaid } from '../../text/said-words.ts';
import { idTable } from '../db/dialect.ts';
import type { Catalog } from '../db/schema.ts';
import { hasChanged } from '../files/edited.ts';
import { comesBack, isWhole, UNWANTED } from '../files/merge.ts';
import { mergeTold, toldAt } from '../files/merge-facts.ts';
import type { Said } from '../files/said-model.ts';
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
  sharedAt: number;
}

/** A share that is known, and how new what is kept of its words is. */
interface KnownShare {
  fileId: string;
  ts: string;
  at: number | null;
  rootAt: number | null;
}

/**
 * Picks those files seen in a channel that would tell the catalog something: unknown files, shares that it
 * lacks or believes to be taken back, whole descriptions of files known in part, and files that Slack did not give
 * when asked, unless it refused them for good. With `unwanted`, also files left out by the owner's rules, which may
 * have changed, and words that were said with a file. `onlyWords` gets those that tell nothing else. Only reads, so that looking again costs no write.
 */
export async function newsAmong<T extends Seen>(
  { db, kind }: Catalog,
  o: { teamId: string; channelId: string; unwanted?: boolean; onlyWords?: T[] },
  seen: T[],
): Promise<T[]> {
  if (seen.length === 0) return [];
  const ids = idTable(kind, [...new Set(seen.map(({ file }) => file.fileId))]);
  // The cross joins make SQLite begin with these files, not with all of them.
  const { rows: files } = await sql<Known>`
    select f.file_id, f.known_as, f.state, f.reason, f.error_code, f.facts, f.mode, f.filetype,
      f.updated_at, f.stored_at, f.shared_at from ${ids} ids
    cross join file f where f.team_id = ${o.teamId} and f.file_id = ids.id`.execute(db);
  const { rows: shares } = await sql<KnownShare>`
    select s.file_id, s.ts, d.at, d.root_at from ${ids} ids
    cross join share s left join said d on d.team_id = s.team_id and d.file_id = s.file_id
      and d.channel_id = s.channel_id and d.ts = s.ts
    where s.team_id = ${o.teamId} and s.file_id = ids.id and s.channel_id = ${o.channelId}
      and s.removed_at is null`.execute(db);
  const recordOf = new Map(files.map((file) => [file.fileId, file]));
  const places = new Map(
    shares.flatMap((known) => [
      [known.fileId, known],
      [`${known.fileId} ${known.ts}`, known],
    ]),
  );
  const isNews = ({ file, share, skip }: T) => {
    const record = recordOf.get(file.fileId);
    if (record === undefined || (file.complete && !isWhole(record))) return true;
    // An edit that no delivery told of.
    if (record.state === 'stored' && hasChanged(record, file)) return true;
    // More of the words spoken in a recording, an attachment that Slack did not offer before, another description of a picture, or none.
    if (record.state !== 'purged' && mergeTold(record, file, toldAt(share)) !== record.facts) return true;
    const isUnwanted = record.reason !== null && UNWANTED.includes(record.reason);
    if (isUnwanted) {
      if (o.unwanted) return true;
    } else if (skip === undefined && comesBack(record, { isWhole: file.complete })) return true;
    return !places.has(share.ts === null ? file.fileId : `${file.fileId} ${share.ts}`);
  };
  return seen.filter((one) => {
    if (isNews(one)) return true;
    const { file, share } = one;
    if (recordOf.get(file.fileId)?.state === 'purged') return false;
    if (!tellsWords(places.get(`${file.fileId} ${share.ts}`), share)) return false;
    o.onlyWords?.push(one);
    return true;
  });
}

/** Whether words are told that are not kept, or were changed since. */
function tellsWords(known: KnownShare | undefined, { said, rootSaid }: Share): boolean {
  const isNew = (told: Said | undefined, at: number | null | undefined) =>
    told !== undefined && (at ?? null) !== null
      ? told.at > (at as number)
      : told !== undefined && wordsSaid(told) !== '';
  return isNew(said, known?.at) || isNew(rootSaid, known?.rootAt);
}
