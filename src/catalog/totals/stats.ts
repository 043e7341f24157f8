import { type RawBuilder, sql } from 'kysely';
import { idTable } from '../db/dialect.ts';
import type { Catalog } from '../db/schema.ts';

export interface Sum {
  files: number;
  bytes: number;
}

/** A part of what is stored: of one month (`2026-11`), type, channel or person. */
export interface Part extends Sum {
  name: string;
}

export interface Stats {
  /** Each stored file once. */
  total: Sum;
  /** What was first shared in each month from `since` on, UTC, oldest first. */
  months: Part[];
  /** The largest first; the name is Slack's filetype, empty when unknown. */
  types: Part[];
  /** The largest first. A file that was shared in two channels counts in both. */
  channels: Part[];
  /** By who uploaded them, the largest first. */
  people: Part[];
}

/**
 * How much the vault holds that is visible through these channels, in several ways. With `whole` all except
 * `channels` is about everything, also files in none of them. Exact; reads the sums that every change keeps, never
 * files.
 */
export async function stats(
  catalog: Catalog,
  o: { teamId: string; channelIds: string[]; whole: boolean; since: string; limit: number },
): Promise<Stats> {
  const { teamId, limit } = o;
  const within = withinReach(catalog, o);
  const largest = sql`order by bytes desc, files desc, name limit ${limit}`;
  const [[total], months, types, people, channels] = await Promise.all([
    run(
      catalog,
      sql`select '' as name, ${SUMS} from (select id as audience_id, team_id, files, bytes from audience) s
        where s.team_id = ${teamId} and ${within}`,
    ),
    monthSums(catalog, o),
    run(
      catalog,
      sql`select s.name as name, ${SUMS} from breakdown s
        where s.team_id = ${teamId} and s.part = 'type' and ${within} and s.files > 0
        group by s.name ${largest}`,
    ),
    run(
      catalog,
      sql`select s.uploader_id as name, ${SUMS} from tally s
        where s.team_id = ${teamId} and ${within} and s.files > 0 and s.uploader_id <> ''
        group by s.uploader_id ${largest}`,
    ),
    channelSums(catalog, o),
  ]);
  const { files = 0, bytes = 0 } = total ?? {};
  return { total: { files, bytes }, months, types, channels, people };
}

/**
 * How much the vault holds that is visible through these channels, each file counted once, plus the person's
 * own uploads elsewhere. Exact; reads sums, not files.
 */
export async function totals(
  catalog: Catalog,
  o: { teamId: string; channelIds: string[]; ownUserId?: string },
): Promise<Sum> {
  const visible = channelSetsWithin(catalog, o);
  const own = sql`select t.files, t.bytes from tally t
    where t.team_id = ${o.teamId} and t.uploader_id = ${o.ownUserId ?? null}
      and t.audience_id not in ${visible}`;
  const { rows } = await sql<Sum>`
    select ${SUMS} from (select files, bytes from audience where id in ${visible} union all ${own}) s`.execute(
    catalog.db,
  );
  return rows[0] ?? { files: 0, bytes: 0 };
}

/** The stored sums of each month from `since` (`2026-01`) on, by the month of the first share, UTC, oldest first. */
function monthSums(
  catalog: Catalog,
  o: { teamId: string; channelIds: string[]; whole: boolean; since: string },
): Promise<Part[]> {
  return run(
    catalog,
    sql`select s.name as name, ${SUMS} from breakdown s
      where s.team_id = ${o.teamId} and s.part = 'month' and ${withinReach(catalog, o)} and s.name >= ${o.since} and s.files > 0
      group by s.name order by name`,
  );
}

function withinReach(
  catalog: Catalog,
  o: { teamId: string; channelIds: string[]; whole: boolean },
): RawBuilder<boolean> {
  return o.whole ? sql`1 = 1` : sql`s.audience_id in ${channelSetsWithin(catalog, o)}`;
}

function channelSetsWithin(
  { kind }: Catalog,
  { teamId, channelIds }: { teamId: string; channelIds: string[] },
): RawBuilder<unknown> {
  // `cross join` keeps SQLite from going through all ids for every channel set.
  return sql`(select a.audience_id from ${idTable(kind, channelIds)} ids
    cross join audience_channel a where a.team_id = ${teamId} and a.channel_id = ids.id)`;
}

/** The largest of these channels and what each holds; channels without files are left out. */
function channelSums(
  catalog: Catalog,
  o: { teamId: string; channelIds: string[]; limit: number },
): Promise<Part[]> {
  return run(
    catalog,
    sql`select ids.id as name, ${SUMS} from ${idTable(catalog.kind, o.channelIds)} ids
      cross join audience_channel a
      join audience s on s.id = a.audience_id
      where a.team_id = ${o.teamId} and a.channel_id = ids.id and s.files > 0 group by ids.id order by bytes desc, files desc, name limit ${o.limit}`,
  );
}

/** Files listed without being stored: those not kept, by reason, and those on their way. */
export interface UnkeptSums {
  /** The most frequent reason first. */
  notKept: Array<{ reason: string; files: number }>;
  /** Waiting, being captured, or failed and tried again. */
  waiting: number;
}

/** The same for what is visible through these channels, each file once; with `whole`, for everything. */
export async function unkeptSums(
  catalog: Catalog,
  o: { teamId: string; channelIds: string[]; whole: boolean },
): Promise<UnkeptSums> {
  const { rows } = await sql<{ part: 'not_kept' | 'waiting'; name: string; files: number }>`
    select s.part as part, s.name as name, cast(sum(s.files) as bigint) as files from breakdown s
    where s.team_id = ${o.teamId} and s.part in ('not_kept', 'waiting') and ${withinReach(catalog, o)} and s.files > 0
    group by s.part, s.name order by files desc, name`.execute(catalog.db);
  return {
    notKept: rows
      .filter(({ part }) => part === 'not_kept')
      .map(({ name, files }) => ({ reason: name, files })),
    waiting: rows.find(({ part }) => part === 'waiting')?.files ?? 0,
  };
}

/** How many files the trash holds, and their size. For the people who run the vault. */
export async function trashTotal(catalog: Catalog, teamId: string): Promise<Sum> {
  const { rows } = await sql<Sum>`
    select ${SUMS} from breakdown s where s.team_id = ${teamId} and s.part = 'trash'`.execute(catalog.db);
  return rows[0] ?? { files: 0, bytes: 0 };
}

/** How much this person uploaded that is stored now, wherever it was shared. */
export async function uploadedBy(catalog: Catalog, teamId: string, userId: string): Promise<Sum> {
  const { rows } = await sql<Sum>`
    select ${SUMS} from tally s where s.team_id = ${teamId} and s.uploader_id = ${userId}`.execute(
    catalog.db,
  );
  return rows[0] ?? { files: 0, bytes: 0 };
}

const SUMS = sql`cast(coalesce(sum(s.files), 0) as bigint) as files,
  cast(coalesce(sum(s.bytes), 0) as bigint) as bytes`;

async function run(catalog: Catalog, query: RawBuilder<unknown>): Promise<Part[]> {
  const { rows } = await (query as RawBuilder<Part>).execute(catalog.db);
  return rows;
}
