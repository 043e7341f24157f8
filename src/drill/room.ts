import { statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Catalog } from '../catalog/db/schema.ts';
import { RetryableError } from '../errors.ts';

/** Beside what the catalog takes. In bytes. */
const SPARE = 64 * 1024 ** 2;

/**
 * The folder for the scratch catalog: SQLite's own variable, else beside a SQLite catalog, where there is room for one,
 * else the system's temporary folder.
 */
export function scratchFolder(kind: Catalog['kind'], dataDir: string): string {
  return process.env.SQLITE_TMPDIR || (kind === 'sqlite' ? dataDir : tmpdir());
}

/** Throws a {@link RetryableError} `drill_no_room` when a second catalog of the same size has no room there. */
export async function needRoom(live: Catalog, dataDir: string, folder: string): Promise<void> {
  const needed = (await sizeOf(live, dataDir)) + SPARE;
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= needed) return;
  throw new RetryableError(
    'drill_no_room',
    `A restore drill needs ${inGigabytes(needed)} GB in ${folder}, and ${inGigabytes(free)} GB are free: make room there, or name another folder in SQLITE_TMPDIR.`,
  );
}

async function sizeOf({ db, kind }: Catalog, dataDir: string): Promise<number> {
  if (kind === 'sqlite') return statSync(join(dataDir, 'vault.db')).size;
  const { rows } = await sql<{ bytes: number }>`
    select pg_database_size(current_database()) as bytes`.execute(db);
  return rows[0]?.bytes ?? 0;
}

const inGigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
