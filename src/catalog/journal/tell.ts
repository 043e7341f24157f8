import { type Selectable, sql } from 'kysely';
import { idTable } from '../db/dialect.ts';
import type { FileRecord, JournalKind, Schema, Scope } from '../db/schema.ts';
import {
  type JournalRecord,
  tellFile,
  tellHold,
  tellScan,
  tellShare,
  tellVersion,
} from './journal-record.ts';

type Tell = (scope: Scope, teamId: string, keys: string[]) => Promise<Map<string, JournalRecord>>;

/** How the present state of each kind of thing is told, by its key. */
export const TELL: Record<JournalKind, Tell> = {
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
  table: 'file' | 'share' | 'file_version' | 'scan' | 'channel' | 'gone' | 'hold' | 'rule',
  key: string,
  teamId: string,
  keys: string[],
): Promise<Row[]> {
  const { rows } = await sql<Row>`select t.* from ${idTable(kind, keys)} ids
    cross join ${sql.table(table)} t where t.team_id = ${teamId} and t.${sql.ref(key)} = ids.id`.execute(db);
  return rows;
}
