import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Catalog } from '../catalog/db/schema.ts';
import { RetryableError } from '../errors.ts';

/** Beside what the catalog takes. In bytes. */
const SPARE = 64 * 1024 ** 2;

/** Throws a {@link RetryableError} `drill_no_room` when a second catalog of the same size has no room there. */
export async function needRoom(live: Catalog, dataDir: string, folder: string): Promise<void> {
  const needed = (await sizeOf(live, dataDir)) + SPARE;
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free < needed) throw noRoom({ needed, free, folder });
}

/** What is needed is rounded up and what is free down, so that the sentence never says that there is enough. In bytes. */
export function noRoom(o: { needed: number; free: number; folder: string }): RetryableError {
  const inWords = (bytes: number, round: (n: number) => number) =>
    bytes < 1e9 ? `${round(bytes / 1e6)} MB` : `${(round(bytes / 1e8) / 10).toFixed(1)} GB`;
  return new RetryableError(
    'drill_no_room',
    `A restore drill needs ${inWords(o.needed, Math.ceil)} in ${o.folder}, and ${inWords(o.free, Math.floor)} are free: make room there, or name another folder in SQLITE_TMPDIR.`,
  );
}

async function sizeOf({ db, kind }: Catalog, dataDir: string): Promise<number> {
  if (kind === 'sqlite') return statSync(join(dataDir, 'vault.db')).size;
  const { rows } = await sql<{ bytes: number }>`
    select pg_database_size(current_database()) as bytes`.execute(db);
  return rows[0]?.bytes ?? 0;
}
