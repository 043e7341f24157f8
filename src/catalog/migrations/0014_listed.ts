import { type RawBuilder, sql } from 'kysely';
import { type DatabaseKind, type Db, run } from './frozen/database.ts';

/** What lists show from now on; so far it was only what is stored. */
const LISTED = `state in ('pending', 'storing', 'stored', 'failed', 'skipped')`;
const UNKEPT = `state in ('pending', 'storing', 'failed', 'skipped')`;
/** Gone before it had a name: there is nothing to show of it. */
const NAMELESS = `(state = 'skipped' and reason in ('tombstone', 'deleted_in_slack')
  and trim(coalesce(name, '')) = '' and trim(coalesce(title, '')) = '')`;
const NEWLY_LISTED = `${UNKEPT} and not ${NAMELESS}`;

const FILES_AT_ONCE = 2_000;

/**
 * What is on its way and what is not kept is found and listed beside what is stored, and summed apart from it. The
 * indexes that finding goes along take it in, and files that are there already get their places in the lists.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const statements = [
    'drop index file_named',
    'drop index file_bytes',
    'drop index file_uploader',
    `create index file_named on file (team_id, substr(folded, 1, 120)) where ${LISTED}`,
    `create index file_bytes on file (team_id, coalesce(stored_bytes, size)) where ${LISTED}`,
    `create index file_uploader on file (team_id, uploader_id, shared_at, file_id) where ${LISTED}`,
    ...unkeptSums(),
    `insert into tally (team_id, uploader_id, audience_id, files, bytes)
      select distinct team_id, coalesce(uploader_id, ''), audience_id, 0, 0
      from file where ${NEWLY_LISTED} and audience_id is not null
      on conflict (team_id, uploader_id, audience_id) do nothing`,
  ];
  await run(db, statements);
  await enlistAll(db, kind);
}

/** The sums of what is on its way and of what is not kept. */
export function unkeptSums(): string[] {
  const fill = (part: string, name: string, condition: string) =>
    `insert into breakdown (team_id, audience_id, part, name, files, bytes)
      select team_id, audience_id, '${part}', ${name}, count(*), 0
      from file where ${condition} and not ${NAMELESS} and audience_id is not null
      group by team_id, audience_id, ${name}`;
  return [
    fill('not_kept', `coalesce(reason, '')`, `state = 'skipped'`),
    `insert into breakdown (team_id, audience_id, part, name, files, bytes)
      select team_id, audience_id, 'waiting', '', count(*), 0
      from file where state in ('pending', 'storing', 'failed') and audience_id is not null
      group by team_id, audience_id`,
  ];
}

interface Unlisted {
  id: number;
  teamId: string;
  fileId: string;
  /** Null for a file that was shared nowhere. */
  channelId: string | null;
  sharedAt: number;
  sharedBy: string | null;
  uploaderId: string | null;
  name: string | null;
  mimetype: string | null;
  filetype: string | null;
}

/** Goes through the files that are not stored, some at a time. */
async function enlistAll(db: Db, kind: DatabaseKind): Promise<void> {
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const { rows } = await sql<Unlisted>`
      select f.id as id, f.team_id as "teamId", f.file_id as "fileId", c.channel_id as "channelId",
        c.shared_at as "sharedAt", c.shared_by as "sharedBy", f.uploader_id as "uploaderId", f.name as name,
        f.mimetype as mimetype, f.filetype as filetype
      from (select * from file where id > ${after} and ${sql.raw(NEWLY_LISTED)} order by id limit ${FILES_AT_ONCE}) f
      left join channel_file c on c.team_id = f.team_id and c.file_id = f.file_id
      order by f.id`.execute(db);
    const last = rows.at(-1);
    if (!last) return;
    await enlist(db, kind, rows);
    after = Number(last.id);
  }
}

async function enlist(db: Db, kind: DatabaseKind, rows: Unlisted[]): Promise<void> {
  const places = rows.flatMap((row) => {
    const { teamId, fileId, channelId, sharedAt } = row;
    return channelId === null ? [] : [{ teamId, fileId, channelId, sharedAt, tags: tagsOf(row) }];
  });
  const all = places.map((p) => [p.teamId, p.fileId, p.channelId, p.tags.join(' ')]);
  await sql`update channel_file set listed_as = n.d from ${cells(kind, all)} n
    where channel_file.team_id = n.a and channel_file.file_id = n.b and channel_file.channel_id = n.c`.execute(
    db,
  );
  const entries = places.flatMap((p) =>
    p.tags.map((tag) => [p.teamId, p.channelId, tag, p.fileId, String(p.sharedAt)]),
  );
  await sql`insert into listing (team_id, channel_id, tag, file_id, shared_at)
    select n.a, n.b, n.c, n.d, cast(n.e as bigint) from ${cells(kind, entries)} n
    where true on conflict do nothing`.execute(db);
}

/** A table expression with the columns `a` to `e`, as one parameter whatever the number of its rows. */
function cells(kind: DatabaseKind, rows: string[][]): RawBuilder<unknown> {
  const json = JSON.stringify(rows);
  const collation = kind === 'postgres' ? ' collate "C"' : '';
  const columns = ['a', 'b', 'c', 'd', 'e'].map((name, i) => `(value->>${i})${collation} as ${name}`);
  const from = kind === 'postgres' ? sql`jsonb_array_elements(${json}::jsonb)` : sql`json_each(${json})`;
  return sql`(select ${sql.raw(columns.join(', '))} from ${from})`;
}

/** As the catalog tagged files when this migration was written. */
function tagsOf({ uploaderId, sharedBy, name, mimetype, filetype }: Unlisted): string[] {
  const tags = new Set(['']);
  for (const person of [uploaderId, sharedBy]) if (person) tags.add(`@${person}`);
  const extension = /\.([a-z0-9]{1,12})$/i.exec(name ?? '')?.[1];
  const family = /^[a-z]+(?=\/)/i.exec(mimetype ?? '')?.[0];
  for (const type of [filetype, extension, family]) {
    if (type && !/[\s@]/.test(type)) tags.add(type.toLowerCase());
  }
  return [...tags];
}
