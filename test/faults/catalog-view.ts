/** What the catalog says, read while the bots run. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { WORK } from '../../src/catalog/queue/due.ts';

export interface CatalogFile {
  file_id: string;
  state: string;
  reason: string | null;
  error_code: string | null;
  attempts: number;
  object_key: string | null;
  sha256: string | null;
  stored_bytes: number | null;
  lease_owner: string | null;
  due_at: number | null;
}

/** An older version of a file. */
export interface CatalogVersion {
  file_id: string;
  number: number;
  object_key: string;
  sha256: string;
  stored_bytes: number;
}

/** How far a document is with being read. */
export interface CatalogReading {
  file_id: string;
  state: 'waiting' | 'read' | 'unread';
  reason: string | null;
  attempts: number;
  lease_owner: string | null;
}

export interface CatalogView {
  readings(): Promise<CatalogReading[]>;
  /** Older versions of files. */
  versions(): Promise<CatalogVersion[]>;
  /** Changed files that are still to be looked at. */
  changes(): Promise<number>;
  /** All files; throws while the database does not answer. */
  files(): Promise<CatalogFile[]>;
  /** Messages that are still to be posted or edited. */
  postsDue(): Promise<number>;
  /** How many channels the bot knows that it is in. */
  channelsMet(): Promise<number>;
  /** Ends the leases of dead processes, as time would: `alive` are the ids of the running processes. */
  endDeadLeases(alive: number[]): Promise<void>;
}

const FILES = `select file_id, state, reason, error_code, attempts, object_key, sha256, stored_bytes,
  lease_owner, due_at from file`;
const VERSIONS = `select file_id, number, object_key, sha256, stored_bytes from file_version
  where lost_at is null order by file_id, number`;
const READINGS = 'select file_id, state, reason, attempts, lease_owner from reading';
const CHANGES = 'select count(*) as due from file_change';
const POSTS_DUE = 'select count(*) as due from post where due_at is not null and dropped_code is null';

const CHANNELS_MET = `select count(*) as met from sweep where channel_id <> ''`;

export function sqliteView(dataDir: string): CatalogView {
  const path = join(dataDir, 'vault.db');
  const read = <T>(query: string): T[] => {
    // Before the first start there is no catalog, and nothing in it.
    if (!existsSync(path)) return [];
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    try {
      return database.prepare(query).all() as T[];
    } finally {
      database.close();
    }
  };
  return {
    files: async () => read<CatalogFile>(FILES),
    versions: async () => read<CatalogVersion>(VERSIONS),
    readings: async () => read<CatalogReading>(READINGS),
    changes: async () => read<{ due: number }>(CHANGES)[0]?.due ?? 0,
    postsDue: async () => read<{ due: number }>(POSTS_DUE)[0]?.due ?? 0,
    channelsMet: async () => read<{ met: number }>(CHANNELS_MET)[0]?.met ?? 0,
    // A SQLite bot ends them itself when it starts.
    endDeadLeases: async () => {},
  };
}

export function postgresView(url: string): CatalogView {
  const query = async <T>(text: string, values: unknown[] = []): Promise<T[]> => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query(text, values)).rows as T[];
    } finally {
      await client.end().catch(() => {});
    }
  };
  return {
    files: async () =>
      (await query<CatalogFile>(FILES)).map((row) => ({
        ...row,
        stored_bytes: row.stored_bytes === null ? null : Number(row.stored_bytes),
      })),
    readings: () => query<CatalogReading>(READINGS),
    versions: async () =>
      (await query<CatalogVersion>(VERSIONS)).map((row) => ({
        ...row,
        ...{ number: Number(row.number), stored_bytes: Number(row.stored_bytes) },
      })),
    changes: async () => Number((await query<{ due: string }>(CHANGES))[0]?.due ?? 0),
    postsDue: async () => Number((await query<{ due: string }>(POSTS_DUE))[0]?.due ?? 0),
    channelsMet: async () => Number((await query<{ met: string }>(CHANNELS_MET))[0]?.met ?? 0),
    async endDeadLeases(alive) {
      // An owner is named after its process: `<pid>-<random>`.
      for (const table of new Set(Object.values(WORK).map((work) => work.table))) {
        await query(
          `update ${table} set due_at = 0
           where lease_owner is not null and split_part(lease_owner, '-', 1) <> all($1)`,
          [alive.map(String)],
        );
      }
    },
  };
}
