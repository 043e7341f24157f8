import type { ChannelRow } from './model.ts';
import type { Catalog, Schema } from './tables/schema.ts';

/**
 * Records what is known of a channel; what is not given stays as it was. A channel first heard of is taken for
 * private, because that shows its files to fewer people.
 */
export async function upsertChannel(
  catalog: Catalog,
  channel: Partial<ChannelRow> & Pick<ChannelRow, 'teamId' | 'channelId'>,
): Promise<void> {
  const { isMember, isArchived, ...given } = channel;
  const known = {
    ...given,
    ...(isMember === undefined ? {} : { isMember: Number(isMember) }),
    ...(isArchived === undefined ? {} : { isArchived: Number(isArchived) }),
  };
  const unknown = {
    name: null,
    kind: 'private' as const,
    isMember: 0,
    isArchived: 0,
    imUserId: null,
    checkedAt: 0,
  };
  await catalog.db
    .insertInto('channel')
    .values({ ...unknown, ...known })
    .onConflict((conflict) => conflict.columns(['teamId', 'channelId']).doUpdateSet(known))
    .execute();
}

export async function channelById(
  catalog: Catalog,
  teamId: string,
  channelId: string,
): Promise<ChannelRow | undefined> {
  const row = await catalog.db
    .selectFrom('channel')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('channelId', '=', channelId)
    .executeTakeFirst();
  return row && toChannelRow(row);
}

/**
 * What somebody uploads for themselves alone stands in a direct message that Slack knows nothing of, under the
 * person's own id: nobody else sees it, and there is nothing to sweep.
 */
export function holdsPrivateUploads({ channelId, imUserId }: ChannelRow): boolean {
  return channelId === imUserId;
}

/** All channels that the catalog knows, by name. */
export async function channels(catalog: Catalog, teamId: string): Promise<ChannelRow[]> {
  const rows = await catalog.db.selectFrom('channel').selectAll().where('teamId', '=', teamId).execute();
  return rows.map(toChannelRow).sort((a, b) => (a.name ?? '').localeCompare(b.name ?? ''));
}

/** The channels that any file was ever shared in, also those that the bot has left. */
export async function channelIdsWithFiles(catalog: Catalog, teamId: string): Promise<string[]> {
  const rows = await catalog.db
    .selectFrom('audienceChannel')
    .select('channelId')
    .distinct()
    .where('teamId', '=', teamId)
    .orderBy('channelId')
    .execute();
  return rows.map((row) => row.channelId);
}

function toChannelRow(row: Schema['channel']): ChannelRow {
  return { ...row, isMember: row.isMember !== 0, isArchived: row.isArchived !== 0 };
}
