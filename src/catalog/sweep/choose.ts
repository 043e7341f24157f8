import { sql } from 'kysely';
import { idTable } from '../db/dialect.ts';
import type { Catalog } from '../db/schema.ts';

/** A file as Slack lists it for the whole workspace, with the channels where it was shared. */
export interface PlacedFile {
  fileId: string;
  channelIds: readonly string[];
}

/** The channels where one of these files was shared and the catalog does not know it. */
export async function placesUnknown(
  { db, kind }: Catalog,
  teamId: string,
  files: readonly PlacedFile[],
): Promise<Set<string>> {
  if (files.length === 0) return new Set();
  const ids = idTable(kind, [...new Set(files.map(({ fileId }) => fileId))]);
  const { rows } = await sql<{ fileId: string; channelId: string }>`
    select s.file_id, s.channel_id from ${ids} ids
    cross join share s where s.team_id = ${teamId} and s.file_id = ids.id`.execute(db);
  const known = new Set(rows.map(({ fileId, channelId }) => `${fileId} ${channelId}`));
  const unknown = files.flatMap(({ fileId, channelIds }) =>
    channelIds.filter((channelId) => !known.has(`${fileId} ${channelId}`)),
  );
  return new Set(unknown);
}

/**
 * Those of these channels that a round walks when it cannot walk all of them: at most `most`, and besides those of `first`.
 * Channels that wait for their walk count; then come those that were never walked, and those walked longest ago.
 */
export async function channelsToWalk(
  { db }: Catalog,
  o: {
    teamId: string;
    channelIds: readonly string[];
    /** Of these channels nothing more is shared: once is enough. */
    archived: ReadonlySet<string>;
    first: ReadonlySet<string>;
    most: number;
  },
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('sweep')
    .select(['channelId', 'sweptAt', 'dueAt', 'wantedAt', 'errorCode'])
    .where('teamId', '=', o.teamId)
    .execute();
  const known = new Map(rows.map((row) => [row.channelId, row]));
  const chosen = new Set<string>();
  const waiting = new Set(o.channelIds.filter((channelId) => known.get(channelId)?.dueAt != null)).size;
  const left = () => o.most - waiting - chosen.size;
  for (const channelId of o.channelIds) if (o.first.has(channelId)) chosen.add(channelId);
  const others = o.channelIds
    .filter((channelId) => !chosen.has(channelId) && known.get(channelId)?.dueAt == null)
    .filter((channelId) => !o.archived.has(channelId) || known.get(channelId)?.sweptAt == null)
    .sort((a, b) => lastTurn(known.get(a)) - lastTurn(known.get(b)));
  for (const channelId of others) {
    if (left() <= 0) break;
    chosen.add(channelId);
  }
  return chosen;
}

/** When it was walked. A channel that cannot be read has had its turn when it was last to be walked. */
function lastTurn(
  row: { sweptAt: number | null; wantedAt: number; errorCode: string | null } | undefined,
): number {
  if (row === undefined) return 0;
  return Math.max(row.sweptAt ?? 0, row.errorCode === null ? 0 : row.wantedAt);
}
