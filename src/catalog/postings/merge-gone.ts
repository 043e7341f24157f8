import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Catalog, Scope } from '../db/schema.ts';
import { type MergeOptions, mergeSegments } from './merge.ts';

/** Documents that are gone now leave all segments. Where another process merges, it is waited for. Throws what `onStep` throws. */
export async function mergeGone(catalog: Catalog, options: Omit<MergeOptions, 'all'>): Promise<void> {
  const { onStep = async () => {} } = options;
  const { rows } = await sql<{ last: number | null }>`select max(id) as last from content_segment`.execute(
    catalog.db,
  );
  // Those that come meanwhile have nothing of what is gone now: else it would not end while much is read anew.
  const all = rows[0]?.last ?? 0;
  for (;;) {
    if (await mergeSegments(catalog, { ...options, all })) continue;
    if (!(await hasGone(catalog, all))) return;
    await pause(WAIT_MS);
    await onStep();
  }
}

/** Another process takes some seconds for a segment. */
const WAIT_MS = 500;

/** Whether one of the segments up to this one may have something of documents that are gone. */
async function hasGone({ db }: Scope, last: number): Promise<boolean> {
  const { rows } = await sql`select 1 from content_segment s where s.id <= ${last}
    and (s.level < 0 or s.gone is not null or exists (select 1 from content_gone g where g.segment_id = s.id)) limit 1`.execute(
    db,
  );
  return rows.length > 0;
}
