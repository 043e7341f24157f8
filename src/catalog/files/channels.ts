import { prepared } from '../db/prepared.ts';
import type { Catalog, Schema, Scope } from '../db/schema.ts';
import type { ChannelRow } from '../model.ts';

export type KnownOfChannel = Partial<ChannelRow> & Pick<ChannelRow, 'teamId' | 'channelId'>;

/**
 * Records what is known of a channel; values that are not given stay. A channel first heard of counts as private,
 * because that shows its files to fewer people.
 */
export async function upsertChannel(scope: Scope, channel: KnownOfChannel): Promise<void> {
  const { isMember, isArchived, ...given } = channel;
  await setChannel(scope, {
    ...given,
    ...(isMember === undefined ? {} : { isMember: Number(isMember) }),
    ...(isArchived === undefined ? {} : { isArchived: Number(isArchived) }),
  });
}

const UNKNOWN = {
  name: null,
  kind: 'private' as const,
  isMember: 0,
  isArchived: 0,
  imUserId: null,
  imOtherId: null,
  checkedAt: 0,
};

type KnownColumns = Partial<Schema['channel']> & Pick<Schema['channel'], 'teamId' | 'channelId'>;

const setChannel = prepared(({ db }: Scope, known: KnownColumns) =>
  db
    .insertInto('channel')
    .values({ ...UNKNOWN, ...known })
    .onConflict((conflict) => conflict.columns(['teamId', 'channelId']).doUpdateSet(known)),
);

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

/** Whether the catalog knows of this channel: the channel itself, or a file that was shared there. */
export async function isKnownChannel(catalog: Catalog, teamId: string, channelId: string): Promise<boolean> {
  if ((await channelById(catalog, teamId, channelId)) !== undefined) return true;
  const shared = await catalog.db
    .selectFrom('audienceChannel')
    .select('channelId')
    .where('teamId', '=', teamId)
    .where('channelId', '=', channelId)
    .limit(1)
    .executeTakeFirst();
  return shared !== undefined;
}

/**
 * Files that people upload only for themselves are in a direct message that Slack does not know, under the person's
 * own id: nobody else sees it, and there is nothing to sweep.
 */
export function holdsPrivateUploads({ channelId, imUserId }: ChannelRow): boolean {
  return channelId === imUserId;
}

/** All channels that the catalog knows, by name. */
export async function channels({ db }: Scope, teamId: string): Promise<ChannelRow[]> {
  const rows = await db.selectFrom('channel').selectAll().where('teamId', '=', teamId).execute();
  return rows.map(toChannelRow).sort((a, b) => (a.name ?? '').localeCompare(b.name ?? ''));
}

/** The names of these channels, as Slack last told them; direct and group messages have none. */
export async function channelNames(
  catalog: Catalog,
  teamId: string,
  channelIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (channelIds.length === 0) return new Map();
  const rows = await catalog.db
    .selectFrom('channel')
    .select(['channelId', 'name'])
    .where('teamId', '=', teamId)
    .where('kind', 'in', ['public', 'private'])
    .where('channelId', 'in', channelIds)
    .execute();
  return new Map(rows.flatMap(({ channelId, name }) => (name ? [[channelId, name] as const] : [])));
}

/** The workspaces of an organisation that these channels are in, as far as they are known. */
export async function workspacesOfChannels(
  catalog: Catalog,
  teamId: string,
  channelIds: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  const rows = await catalog.db
    .selectFrom('channel')
    .select(['channelId', 'workspaces'])
    .where('teamId', '=', teamId)
    .where('channelId', 'in', channelIds)
    .execute();
  return new Map(
    rows.map(({ channelId, workspaces }) => [channelId, (workspaces ?? '').split(' ').filter(Boolean)]),
  );
}

/** The channels that any file was ever shared in, also channels that the bot has left. */
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
