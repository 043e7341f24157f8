import { sql } from 'kysely';
import { rowTable } from '../db/dialect.ts';
import { prepared } from '../db/prepared.ts';
import type { FileRecord, Scope, ShareRecord } from '../db/schema.ts';
import { channelSetOf, countNew } from '../totals/count-file.ts';
import { indexOwnWords } from './own-words.ts';
import { placesOf } from './update.ts';

/** A file that was written down in this transaction, and is not stored yet. */
export interface NewFile {
  file: FileRecord;
  shares: ShareRecord[];
}

/**
 * The same as `updateDerived` for new files, many of them in few statements: the search indexes and the sums are written once for
 * all of them. Nothing else may touch these files before it.
 */
export async function deriveNew(scope: Scope, files: readonly NewFile[]): Promise<void> {
  if (files.length === 0) return;
  const places: unknown[][] = [];
  const entries: unknown[][] = [];
  const sets = new Map<string, { teamId: string; channelIds: string[]; files: FileRecord[] }>();
  for (const { file, shares } of files) {
    const { teamId, fileId } = file;
    const own = placesOf(scope, file, shares);
    for (const { channelId, sharedAt, sharedBy, tags } of own) {
      places.push([teamId, fileId, channelId, sharedAt, sharedBy, tags?.join(' ') ?? null]);
      for (const tag of tags ?? []) entries.push([teamId, channelId, tag, sharedAt, fileId]);
    }
    const channelIds = own.map(({ channelId }) => channelId).sort();
    await indexOwnWords(scope, undefined, file, { were: [], are: channelIds });
    const key = `${teamId} ${channelIds.join(' ')}`;
    const set = sets.get(key) ?? { teamId, channelIds, files: [] };
    set.files.push(file);
    sets.set(key, set);
  }
  await newPlaces(scope, { rows: JSON.stringify(places) });
  await newEntries(scope, { rows: JSON.stringify(entries) });
  const placed: FileRecord[] = [];
  // Always in the same order, so that two transactions never wait for each other.
  for (const [, set] of [...sets].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const audienceId = await channelSetOf(scope, set.teamId, set.channelIds);
    const ids = JSON.stringify(set.files.map(({ id }) => [id]));
    await setChannelSets(scope, { audienceId, ids });
    placed.push(...set.files.map((file) => ({ ...file, audienceId })));
  }
  await countNew(scope, placed);
}

const newPlaces = prepared(
  ({ kind }: Scope, { rows }: { rows: string }) => sql`
    insert into channel_file (team_id, file_id, channel_id, shared_at, shared_by, listed_as)
    select a, b, c, cast(d as bigint), e, f from ${rowTable(kind, rows, 6)} n`,
);

const newEntries = prepared(
  ({ kind }: Scope, { rows }: { rows: string }) => sql`
    insert into listing (team_id, channel_id, tag, shared_at, file_id)
    select a, b, c, cast(d as bigint), e from ${rowTable(kind, rows, 5)} n where true on conflict do nothing`,
);

const setChannelSets = prepared(
  ({ kind }: Scope, { audienceId, ids }: { audienceId: number; ids: string }) => sql`
    update file set audience_id = ${audienceId}
    where id in (select cast(a as bigint) from ${rowTable(kind, ids, 1)} n)`,
);
