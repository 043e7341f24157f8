/** In which sums a file is counted. Changes keep the sums by these rules (count-file.ts), a recount makes them anew. */
import type { FileRecord } from '../db/schema.ts';
import type { AudienceTotalsTable } from '../db/schema-stats.ts';
import { isListed } from '../derived/listed.ts';

/** What of a file's record decides about its sums. */
export type Summed = Pick<
  FileRecord,
  | ('teamId' | 'audienceId' | 'state' | 'reason' | 'name' | 'title')
  | ('uploaderId' | 'sharedAt' | 'filetype' | 'storedBytes' | 'olderBytes')
>;

/** A stored file: it counts for its channels, its uploader, its month and its type. */
export interface Counted {
  teamId: string;
  audienceId: number;
  uploaderId: string;
  month: string;
  type: string;
  bytes: number;
}

/** How a stored file counts; undefined for any other. */
export function counted(file: Summed): Counted | undefined {
  if (file.state !== 'stored' || file.audienceId === null) return undefined;
  const { teamId, audienceId, uploaderId } = file;
  return {
    teamId,
    audienceId,
    uploaderId: uploaderId ?? '',
    month: monthOf(file.sharedAt),
    type: file.filetype ?? '',
    bytes: allBytes(file),
  };
}

/** How a file in the trash counts; undefined for any other. */
export function inTrash(
  file: Summed,
): Pick<AudienceTotalsTable, 'teamId' | 'audienceId' | 'bytes'> | undefined {
  const { teamId, audienceId, state } = file;
  if (state !== 'trashed' || audienceId === null) return undefined;
  return { teamId, audienceId, bytes: allBytes(file) };
}

/** How a file counts that is listed without being stored; undefined for any other. */
export function unkept(
  file: Summed,
): Pick<AudienceTotalsTable, 'teamId' | 'audienceId' | 'part' | 'name'> | undefined {
  const { teamId, audienceId, state, reason } = file;
  if (state === 'stored' || audienceId === null || !isListed(file)) return undefined;
  return state === 'skipped'
    ? { teamId, audienceId, part: 'not_kept', name: reason ?? '' }
    : { teamId, audienceId, part: 'waiting', name: '' };
}

/** What the bucket holds of a file: the newest version and all older ones. */
function allBytes({ storedBytes, olderBytes }: Summed): number {
  return (storedBytes ?? 0) + olderBytes;
}

/** The month of a moment (ms), UTC, e.g. `2026-11`. */
function monthOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7);
}
