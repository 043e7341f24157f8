import { type Selectable, sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import { idTable } from '../db/dialect.ts';
import type { FileRecord, JournalKind, Schema, Scope } from '../db/schema.ts';
import {
  type JournalRecord,
  tellFile,
  tellHold,
  tellSaid,
  tellScan,
  tellShare,
  tellVersion,
} from './journal-record.ts';

/** All kinds, in the order in which they are told. */
export const WALK: [JournalKind, ...JournalKind[]] = ['file', 'channel', 'gone', 'audit', 'hold', 'rule'];

/** The column that names a thing, besides the team. */
const KEY: Record<JournalKind, string> = {
  ...{ file: 'file_id', channel: 'channel_id', gone: 'file_id', audit: 'id' },
  ...{ hold: 'hold_id', rule: 'channel_id' },
};

/** Things read in one go. On SQLite the whole process waits for it, some 5 ms at this number. */
const READ_AT_ONCE = 250;

/** One thing that the journal tells of. `key` is its id within the workspace. */
export interface Thing {
  kind: JournalKind;
  teamId: string;
  key: string;
}

/** The next things of a kind, in the order of their keys. */
export async function readPage(
  { db }: Scope,
  kind: JournalKind,
  after: string,
  limit: number,
): Promise<Thing[]> {
  const place: [string, string] = after === '' ? ['', ''] : JSON.parse(after);
  const key = sql.ref(KEY[kind]);
  const { rows } =
    kind === 'audit'
      ? await sql<Thing>`select team_id, cast(id as text) as key from audit
          where id > ${Number(place[1] || Number.MIN_SAFE_INTEGER)} order by id limit ${limit}`.execute(db)
      : await sql<Thing>`select team_id, ${key} as key from ${sql.table(kind)}
          where (team_id, ${key}) > (${place[0]}, ${place[1]})
          order by team_id, ${key} limit ${limit}`.execute(db);
  return rows.map(({ teamId, key: found }) => ({ kind, teamId, key: found }));
}

/** Where {@link readPage} goes on. */
export function cursorAfter(page: Thing[]): string {
  const last = page.at(-1);
  return JSON.stringify([last?.teamId, last?.key]);
}

/** A thing's name, the same for the same thing. */
export const thingName = ({ kind, teamId, key }: Thing): string => `${kind} ${teamId} ${key}`;

/** The names of all things whose last change no segment tells yet. */
export async function untoldNames({ db }: Scope): Promise<Set<string>> {
  const rows = await db.selectFrom('journalDirty').select(['kind', 'teamId', 'key']).execute();
  return new Set(rows.map(thingName));
}

/** Those of these things whose last change no segment tells yet. */
export async function untoldAmong({ db, kind: database }: Scope, things: Thing[]): Promise<Thing[]> {
  const untold: Thing[] = [];
  for (const [kind, group] of Map.groupBy(things, (thing) => thing.kind)) {
    const ids = idTable(database, [...new Set(group.map(({ key }) => key))]);
    const { rows } = await sql<Thing>`select distinct kind, team_id, key from journal_dirty
      where kind = ${kind} and key in (select id from ${ids} ids)`.execute(db);
    untold.push(...rows);
  }
  return untold;
}

/** The present state of these things, each once. A thing that is gone is told as removed. */
export async function tell(scope: Scope, things: Thing[]): Promise<JournalRecord[]> {
  const groups = new Map<string, { kind: JournalKind; teamId: string; keys: Set<string> }>();
  for (const { kind, teamId, key } of things) {
    const name = JSON.stringify([kind, teamId]);
    const group = groups.get(name) ?? { kind, teamId, keys: new Set<string>() };
    groups.set(name, group);
    group.keys.add(key);
  }
  const records: JournalRecord[] = [];
  for (const { kind, teamId, keys } of groups.values()) {
    for (const some of chunks([...keys], READ_AT_ONCE)) {
      const told = await TELL[kind](scope, teamId, some);
      records.push(...told.values());
      if (kind !== 'audit')
        for (const key of some) if (!told.has(key)) records.push({ kind: 'removed', of: kind, teamId, key });
      await othersTurn();
    }
  }
  return records;
}

function* chunks<T>(all: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

type Tell = (scope: Scope, teamId: string, keys: string[]) => Promise<Map<string, JournalRecord>>;

const TELL: Record<JournalKind, Tell> = {
  async file(scope, teamId, keys) {
    const files = await rowsOf<FileRecord>(scope, 'file', 'file_id', teamId, keys);
    const shares = await rowsOf<Selectable<Schema['share']>>(scope, 'share', 'file_id', teamId, keys);
    const byFile = Map.groupBy(shares, (share) => share.fileId);
    const older = files.some(({ version }) => version > 1)
      ? await rowsOf<Selectable<Schema['fileVersion']>>(scope, 'file_version', 'file_id', teamId, keys)
      : [];
    const versions = Map.groupBy(older, (version) => version.fileId);
    const scanned = await rowsOf<Selectable<Schema['scan']>>(scope, 'scan', 'file_id', teamId, keys);
    const scans = Map.groupBy(scanned, (scan) => scan.fileId);
    const words = await rowsOf<Selectable<Schema['said']>>(scope, 'said', 'file_id', teamId, keys);
    const said = Map.groupBy(words, (one) => one.fileId);
    return new Map(
      files.map((file) => [
        file.fileId,
        {
          kind: 'file',
          file: tellFile(file),
          shares: (byFile.get(file.fileId) ?? []).map(tellShare),
          // Most files have none, and nothing is written for them.
          ...(versions.has(file.fileId) ? { versions: versions.get(file.fileId)?.map(tellVersion) } : {}),
          ...(scans.has(file.fileId) ? { scans: scans.get(file.fileId)?.map(tellScan) } : {}),
          ...(said.has(file.fileId) ? { said: said.get(file.fileId)?.map(tellSaid) } : {}),
        },
      ]),
    );
  },
  async channel(scope, teamId, keys) {
    const rows = await rowsOf<Schema['channel']>(scope, 'channel', 'channel_id', teamId, keys);
    return new Map(rows.map((channel) => [channel.channelId, { kind: 'channel', channel }]));
  },
  async gone(scope, teamId, keys) {
    const rows = await rowsOf<Schema['gone']>(scope, 'gone', 'file_id', teamId, keys);
    return new Map(rows.map((gone) => [gone.fileId, { kind: 'gone', gone }]));
  },
  async hold(scope, teamId, keys) {
    const rows = await rowsOf<Selectable<Schema['hold']>>(scope, 'hold', 'hold_id', teamId, keys);
    return new Map(rows.map((hold) => [hold.holdId, { kind: 'hold', hold: tellHold(hold) }]));
  },
  async rule(scope, teamId, keys) {
    const rows = await rowsOf<Schema['rule']>(scope, 'rule', 'channel_id', teamId, keys);
    return new Map(rows.map((rule) => [rule.channelId, { kind: 'rule', rule }]));
  },
  async audit(scope, _teamId, keys) {
    const { rows } = await sql<Selectable<Schema['audit']>>`
      select a.* from ${idTable(scope.kind, keys)} ids cross join audit a where a.id = cast(ids.id as bigint)
      order by a.id`.execute(scope.db);
    return new Map(rows.map((audit) => [String(audit.id), { kind: 'audit', audit }]));
  },
};

/** The rows with these keys. The cross join makes SQLite begin with the keys, not with the table. */
async function rowsOf<Row>(
  { db, kind }: Scope,
  table: 'file' | 'share' | 'file_version' | 'scan' | 'said' | 'channel' | 'gone' | 'hold' | 'rule',
  key: string,
  teamId: string,
  keys: string[],
): Promise<Row[]> {
  const { rows } = await sql<Row>`select t.* from ${idTable(kind, keys)} ids
    cross join ${sql.table(table)} t where t.team_id = ${teamId} and t.${sql.ref(key)} = ids.id`.execute(db);
  return rows;
}
