import { sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import { idTable } from '../db/dialect.ts';
import type { Catalog } from '../db/schema.ts';
import { coversScope, type HoldScope } from './holds.ts';

/** Files looked at in one step, and how long a person waits for the count (ms). */
const STEP = 2_000;
const PATIENCE_MS = 2_500;

/** How many files a hold would cover, and their bytes; `atLeast` when there was no time to look at all. */
export interface Covered {
  files: number;
  bytes: number;
  atLeast: boolean;
}

/** Counts what a hold would cover, before it is set. */
export async function countCovered(
  catalog: Catalog,
  { teamId, scope }: { teamId: string; scope: HoldScope },
): Promise<Covered> {
  const { db, kind } = catalog;
  const sum = sql`cast(count(*) as bigint) as files, cast(coalesce(sum(f.stored_bytes + f.older_bytes), 0) as bigint) as bytes`;
  const covered = sql`f.team_id = ${teamId} and f.state <> 'purged' and ${coversScope(scope)}`;
  const named = scope.fileIds ?? (scope.fileId === null ? null : [scope.fileId]);
  if (named !== null) {
    const { rows } = await sql<Omit<Covered, 'atLeast'>>`select ${sum}
      from ${idTable(kind, named)} ids cross join file f where f.file_id = ids.id and ${covered}`.execute(db);
    return { files: rows[0]?.files ?? 0, bytes: rows[0]?.bytes ?? 0, atLeast: false };
  }
  const until = performance.now() + PATIENCE_MS;
  const total: Covered = { files: 0, bytes: 0, atLeast: false };
  const { rows: ends } = await sql<{ last: number | null }>`select max(id) as last from file`.execute(db);
  for (let high = ends[0]?.last ?? 0; high > 0; high -= STEP) {
    if (performance.now() > until) return { ...total, atLeast: true };
    const { rows } = await sql<Omit<Covered, 'atLeast'>>`select ${sum} from file f
      where f.id > ${high - STEP} and f.id <= ${high} and ${covered}`.execute(db);
    total.files += rows[0]?.files ?? 0;
    total.bytes += rows[0]?.bytes ?? 0;
    await othersTurn();
  }
  return total;
}
