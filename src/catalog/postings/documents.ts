import { sql } from 'kysely';
import type { Scope } from '../db/schema.ts';
import { packedIds } from './ids.ts';

/** So many parts are written by one statement. */
const PARTS = 50;

/**
 * Puts a document into the index, in the place of what was there under its id: as a segment of its own, of these parts, which is merged
 * with others later (merge.ts).
 */
export async function putDocument(scope: Scope, id: number, parts: readonly Buffer[]): Promise<void> {
  await dropDocument(scope, id);
  const segmentId = await newSegment(scope, { level: 0, ids: [id] });
  for (let at = 0; at < parts.length; at += PARTS)
    await writeParts(scope, segmentId, parts.slice(at, at + PARTS));
  await sql`insert into content_document (id, segment_id, slot) values (${id}, ${segmentId}, 0)`.execute(
    scope.db,
  );
}

/** Takes a document out of the index, if it is there: a trigger writes down where it stood. */
export async function dropDocument({ db }: Scope, id: number): Promise<void> {
  await sql`delete from content_document where id = ${id}`.execute(db);
}

/** The number of a new segment. `at`: when it was last worked on, while it is being made (ms). */
export async function newSegment(
  { db }: Scope,
  { level, ids, at = 0 }: { level: number; ids: readonly number[]; at?: number },
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into content_segment (level, documents, ids, at) values (${level}, ${ids.length}, ${packedIds(ids)}, ${at})
    returning id`.execute(db);
  return (rows[0] as { id: number }).id;
}

export async function writeParts({ db }: Scope, segmentId: number, parts: readonly Buffer[]): Promise<void> {
  if (parts.length === 0) return;
  const rows = parts.map((bits) => sql`(${segmentId}, ${bits.readUIntLE(0, 6)}, ${bits})`);
  await sql`insert into content_part (segment_id, first_key, bits) values ${sql.join(rows)}`.execute(db);
}
