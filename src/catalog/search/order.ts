import { sql } from 'kysely';
import { IS_SHOWN } from '../db/conditions.ts';
import { idTable, isAmong, lookUpFew, numberTable } from '../db/dialect.ts';
import { type Catalog, type FileRecord, type Scope, toFileRow } from '../db/schema.ts';
import { channelOfKey } from '../files/channel-keys.ts';
import type { FoundFile, ListCursor, ListedFile } from '../model.ts';
import { type Budget, within } from './budget.ts';
import { NAME_START } from './index-terms.ts';
import { type Reach, reachOf, type Viewer } from './reach.ts';

/** An order that an index has. */
export type IndexedOrder = 'name' | 'name-down' | 'largest' | 'smallest';

/** The size by which files are put in order: as stored, else as Slack said. Word for word as in the index. */
const BYTES = sql<number>`coalesce(stored_bytes, size, 0)`;

/** This many channel sets are looked at in one step. */
const SETS = 400;

interface Placed {
  id: number;
  fileId: string;
  key: string | number;
}

/**
 * The next files of a list by name or size, from a place (not included) or from its beginning; `back` goes towards the
 * beginning, nearest first. Each channel set that the viewer may see gives its first few by an index, and the first of
 * all are among these: the work does not grow with the number of files. Undefined when the time was up.
 */
export async function inOrder(
  catalog: Catalog,
  o: {
    viewer: Viewer;
    order: IndexedOrder;
    back: boolean;
    from: ListCursor | null;
    limit: number;
    budget: Budget;
  },
): Promise<FoundFile[] | undefined> {
  return within(catalog, o.budget, async (scope) => {
    const reach = await reachOf(scope, o.viewer);
    const { open, own } = await setsOf(scope, reach);
    const placed: Placed[] = [];
    for (const { sets, ownOnly } of [...chunks(open, false), ...chunks(own, true)]) {
      if (!o.budget.hasTime()) break;
      placed.push(...(await firstOf(scope, sets, ownOnly ? reach.ownUserId : null, o)));
    }
    const sign = isDown(o) ? -1 : 1;
    placed.sort((a, b) => sign * (compareKeys(a.key, b.key) || compareKeys(a.fileId, b.fileId)));
    return rowsOf(scope, reach, placed.slice(0, o.limit));
  });
}

const isDown = ({ order, back }: { order: IndexedOrder; back: boolean }) =>
  (order === 'name-down' || order === 'largest') !== back;

/** As both databases compare: numbers by value, text by its bytes. */
export function compareKeys(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

function chunks(sets: number[], ownOnly: boolean): Array<{ sets: number[]; ownOnly: boolean }> {
  return Array.from({ length: Math.ceil(sets.length / SETS) }, (_, i) => ({
    sets: sets.slice(i * SETS, (i + 1) * SETS),
    ownOnly,
  }));
}

/** The channel sets whose files the viewer may see, and those where they see only their own uploads. */
export async function setsOf(scope: Scope, { teamId, channelIds, ownUserId, hidden }: Reach) {
  const seen = await sql<{ id: number }>`
    select distinct a.audience_id as id from ${idTable(scope.kind, channelIds)} ids
    cross join audience_channel a where a.team_id = ${teamId} and a.channel_id = ids.id`.execute(scope.db);
  const open = seen.rows.map(({ id }) => id);
  if (hidden.length === 0) return { open, own: [] };
  // Where one of the channels is asked for: others may be left out.
  const uploaded = await sql<{ id: number }>`
    select distinct t.audience_id as id from tally t where t.team_id = ${teamId} and t.uploader_id = ${ownUserId}
      and exists (select 1 from audience_channel a where a.team_id = t.team_id and a.audience_id = t.audience_id
        and ${isAmong(scope.kind, 'a.channel_id', hidden)})`.execute(scope.db);
  const known = new Set(open);
  return { open, own: uploaded.rows.map(({ id }) => id).filter((id) => !known.has(id)) };
}

async function firstOf(
  { db, kind }: Scope,
  sets: number[],
  uploaderId: string | null,
  o: { order: IndexedOrder; back: boolean; from: ListCursor | null; limit: number },
): Promise<Placed[]> {
  const byName = o.order === 'name' || o.order === 'name-down';
  const key = byName ? NAME_START : BYTES;
  const [beyond, way] = isDown(o) ? [sql`<`, sql`desc`] : [sql`>`, sql`asc`];
  const at = byName ? (o.from?.name ?? '') : (o.from?.sharedAt ?? 0);
  const conditions = [
    sql`l.audience_id = s.id and ${IS_SHOWN}`,
    ...(o.from === null
      ? []
      : [sql`${key} ${beyond}= ${at} and (${key}, l.file_id) ${beyond} (${at}, ${o.from.fileId})`]),
    ...(uploaderId === null ? [] : [sql`l.uploader_id = ${uploaderId}`]),
  ];
  const firsts = lookUpFew(
    kind,
    't',
    sql`select l.id from file l where ${sql.join(conditions, sql` and `)}
      order by ${key} ${way}, l.file_id ${way} limit ${o.limit}`,
  );
  const { rows } = await sql<Placed>`
    select id, file_id, ${key} as key from file
    where id in (select t.id from ${numberTable(kind, sets)} s ${firsts})
    order by ${key} ${way}, file_id ${way} limit ${o.limit}`.execute(db);
  return rows;
}

type Place = { fileId: string; channelId: string; sharedAt: number; sharedBy: string | null };

/** The files with the share at which this viewer finds each: the newest that they can see. */
async function rowsOf(scope: Scope, reach: Reach, placed: Placed[]): Promise<FoundFile[]> {
  if (placed.length === 0) return [];
  const ids = placed.map(({ fileId }) => fileId);
  const [files, places] = await Promise.all([
    sql<FileRecord>`select * from file where id in (select m.id from ${numberTable(
      scope.kind,
      placed.map(({ id }) => id),
    )} m)`.execute(scope.db),
    sql<Place>`select c.file_id, c.channel_id, c.shared_at, c.shared_by
      from ${idTable(scope.kind, ids)} ids cross join channel_file c
      where c.team_id = ${reach.teamId} and c.file_id = ids.id and c.listed_as is not null
      order by c.shared_at desc, c.channel_id desc`.execute(scope.db),
  ]);
  const records = new Map(files.rows.map((record) => [record.fileId, record]));
  const [seen, hidden] = [new Set(reach.channelIds), new Set(reach.hidden)];
  return ids.flatMap((fileId) => {
    const record = records.get(fileId);
    const own = places.rows.filter((place) => place.fileId === fileId);
    const place =
      own.find(({ channelId }) => seen.has(channelId)) ??
      own.find(({ channelId }) => record?.uploaderId === reach.ownUserId && hidden.has(channelId));
    return record === undefined || place === undefined ? [] : [found(record, place)];
  });
}

function found(record: FileRecord, { channelId, sharedAt, sharedBy }: Place): FoundFile {
  const file = toFileRow(record) as ListedFile;
  const listedBy = sharedBy ?? file.uploaderId;
  return { ...file, listedChannelId: channelOfKey(channelId), listedAt: sharedAt, listedBy, rank: 0 };
}
