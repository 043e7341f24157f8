import { type RawBuilder, sql } from 'kysely';
import { finds, hasWord, idTable, isAmong } from '../db/dialect.ts';
import type { Scope } from '../db/schema.ts';
import { channelSetsIn, MOST_CHANNEL_SETS } from './word-index.ts';

/** Whose files are searched: those shared in these channels, and this person's own uploads anywhere. */
export interface Viewer {
  teamId: string;
  channelIds: string[];
  ownUserId?: string;
}

/**
 * Where a viewer's files are. In `channelIds` they may see everything. In `hidden`, which they cannot see any more,
 * they see only their own uploads. Channels without files, and those that nobody asked for, are left out.
 */
export interface Reach {
  teamId: string;
  channelIds: string[];
  hidden: string[];
  ownUserId: string;
  /** The channel sets of all these channels' files, if there are few enough to list. */
  channelSets?: number[];
}

export async function reachOf(
  catalog: Scope,
  viewer: Viewer,
  mostChannelSets: number = MOST_CHANNEL_SETS.names[catalog.kind],
  notChannelIds: readonly string[] = [],
): Promise<Reach> {
  const { teamId, ownUserId = '' } = viewer;
  const isAsked = (id: string) => id !== '' && !notChannelIds.includes(id);
  const { rows } = await sql<{ id: string }>`
    select ids.id from ${idTable(catalog.kind, [...new Set(viewer.channelIds.filter(isAsked))])} ids
    where exists (select 1 from audience_channel a where a.team_id = ${teamId} and a.channel_id = ids.id)`.execute(
    catalog.db,
  );
  const channelIds = rows.map((row) => row.id);
  // Also where none of theirs is stored: files on their way or not kept are theirs too.
  const own = await catalog.db
    .selectFrom('tally')
    .innerJoin('audience', 'audience.id', 'tally.audienceId')
    .select('audience.channels')
    .where('tally.teamId', '=', teamId)
    .where('tally.uploaderId', '=', ownUserId)
    .execute();
  const seen = new Set(channelIds);
  const elsewhere = ownUserId === '' ? [] : own.map(({ channels }) => channels.split(' '));
  const others = new Set(elsewhere.filter((places) => !places.some((id) => seen.has(id))).flat());
  const hidden = [...others].filter(isAsked);
  const channelSets = await channelSetsIn(catalog, teamId, [...channelIds, ...hidden], mostChannelSets);
  return { teamId, channelIds, hidden, ownUserId, ...(channelSets ? { channelSets } : {}) };
}

/** What an entry of `channel_file` must meet, besides being within reach. */
export interface Entries {
  /** It must have a tag of every group. */
  tags: string[][];
  /** It must have none of these tags. */
  notTags?: string[];
  /** Shared before (exclusive) and at or after (inclusive), ms. */
  before?: number;
  after?: number;
}

/** The condition that an entry with this alias has the tags and the dates. `o` is a row of `channel_file`. */
export function asked(
  catalog: Scope,
  reach: Reach,
  { tags, notTags = [], before, after }: Entries,
  alias: 'e' | 'o',
): RawBuilder<unknown> {
  const of = (column: string) => sql.ref(`${alias}.${column}`);
  const conditions = [sql`1 = 1`];
  if (before !== undefined) conditions.push(sql`${of('shared_at')} < ${before}`);
  if (after !== undefined) conditions.push(sql`${of('shared_at')} >= ${after}`);
  const carries = (group: string[]) => {
    if (alias === 'o') return hasWord(catalog.kind, 'o.listed_as', group);
    const entry = sql`select 1 from listing p
      where p.team_id = ${reach.teamId} and p.channel_id = ${of('channel_id')} and p.tag in (${sql.join(group)})
        and p.shared_at = ${of('shared_at')} and p.file_id = ${of('file_id')}`;
    return finds(catalog.kind, entry);
  };
  for (const group of tags) conditions.push(carries(group));
  if (notTags.length > 0) conditions.push(sql`not ${carries(notTags)}`);
  return sql.join(conditions, sql` and `);
}

/**
 * The condition that a viewer may see the file `f` by its entry `e`, and that it is to be shown there. A file is
 * shown once, at its newest share that is asked for, and at a hidden one only when all of them are hidden.
 */
export function shownHere(catalog: Scope, reach: Reach, entries: Entries): RawBuilder<unknown> {
  const isIn = (alias: 'e' | 'o', ids: string[]) => isAmong(catalog.kind, `${alias}.channel_id`, ids);
  const seen = (alias: 'e' | 'o') => isIn(alias, reach.channelIds);
  const newer = sql`(o.shared_at, o.channel_id) > (e.shared_at, e.channel_id)`;
  // By the id of `f`, so that the name of a file is looked at before its other shares: most names are not like it.
  const other = (condition: RawBuilder<unknown>) => {
    const share = sql`select 1 from channel_file o
      where o.team_id = ${reach.teamId} and o.file_id = f.file_id and o.channel_id <> e.channel_id
        and ${condition}`;
    return finds(catalog.kind, share);
  };
  const better = sql`${newer} and ${asked(catalog, reach, entries, 'o')}`;
  const openly = sql`(${seen('e')} and not ${other(sql`${better} and ${seen('o')}`)})`;
  if (reach.hidden.length === 0) return openly;
  const own = sql`(f.uploader_id = ${reach.ownUserId} and ${isIn('e', reach.hidden)}
    and not ${other(sql`(${seen('o')} or (${better} and ${isIn('o', reach.hidden)}))`)})`;
  return sql`(${openly} or ${own})`;
}
