import { sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import { limitTo, numberTable } from '../db/dialect.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { newSegment, writeParts } from './documents.ts';
import { idsIn } from './ids.ts';
import { BEING_MADE, discard, hasLeft, making, OF_NO_USE, removeLeft, STAYS_MS } from './left-over.ts';
import { MOST_DOCUMENTS, merged, type Source } from './segment.ts';
import { goneSlots } from './slots.ts';

/**
 * Each document comes as a segment of its own. A search looks into all of them, so sixteen of about a size are merged into one, up to
 * segments of 4,096 documents; so each document is merged three times. What is gone is left out, and a segment of which a quarter is gone
 * is made anew. Segments never change: a new one is made beside the old ones, in small steps, and takes their place in one transaction.
 * What is left of one that was not finished is removed by the next.
 */

/** So many segments of a level become one. */
const AT_ONCE = 16;
/** Documents that a segment of a level has at least. */
const LEVELS = [0, AT_ONCE, AT_ONCE ** 2, MOST_DOCUMENTS / 2 + 1];
const LAST_LEVEL = LEVELS.length - 1;

/** Parts are read and written so many at a time: a few ms, for which everybody else waits. */
const PARTS = 16;

/** A segment has a bit for each document that is gone; of these, so many are in a list until then. */
const LISTED = 200;

interface Row {
  id: number;
  level: number;
  documents: number;
  /** Documents that are gone, and how many of them are in the list. */
  gone: number;
  listed: number;
}

const isToFold = ({ listed }: Row) => listed > LISTED;

/** Whether segments are to be merged, or removed. Segments of which much is gone are not asked for here, as that takes longer. */
export async function isMergeDue(scope: Scope, now: number): Promise<boolean> {
  const { rows } = await sql`select level from content_segment where level >= 0 and level < ${LAST_LEVEL}
    group by level having count(*) >= ${AT_ONCE}`.execute(scope.db);
  return rows.length > 0 || hasLeft(scope, now);
}

export interface MergeOptions {
  /** The time (ms). */
  now: () => number;
  /** Runs after each small step; what it throws ends the work. */
  onStep?: () => Promise<unknown>;
  /** Documents that are gone leave every segment up to this one. */
  all?: number;
}

/**
 * Merges some segments, if that is due; False when nothing is left to do, or another process does it. Throws what `onStep` throws; then
 * what was made until then is thrown away.
 */
export async function mergeSegments(catalog: Catalog, options: MergeOptions): Promise<boolean> {
  const { now, all = 0 } = options;
  const staysMs = all > 0 ? 0 : STAYS_MS;
  if (!(await removeLeft(catalog, now(), staysMs))) return false;
  const there = await rowsOf(catalog);
  for (const { id } of there.filter(isToFold)) await foldGone(catalog, id);
  const rows = nextOf(there, all);
  if (rows === undefined) return false;
  const sources = await sourcesOf(catalog, rows);
  if (sources === undefined) return true;
  const ids = sources.flatMap(({ ids, slots }) => [...ids].filter((_, slot) => (slots[slot] as number) >= 0));
  const id = await inTransaction(catalog, async (scope) => {
    const made = await newSegment(scope, { level: BEING_MADE, ids, at: now() });
    making.add(made);
    return made;
  });
  try {
    if (!(await make(catalog, { id, documents: ids.length, sources }, options))) return false;
    await takePlace(catalog, { id, ids, now: now() }, sources);
  } catch (error) {
    await discard(catalog, id).catch(() => {});
    throw error;
  } finally {
    making.delete(id);
  }
  await removeLeft(catalog, now(), staysMs);
  return true;
}

/** Writes the parts of a segment. False when somebody else took it for one that was cut off. */
async function make(
  catalog: Catalog,
  { id, documents, sources }: { id: number; documents: number; sources: readonly Source[] },
  { now, onStep }: MergeOptions,
): Promise<boolean> {
  let step: Buffer[] = [];
  const write = async () => {
    const parts = step;
    step = [];
    const isOurs = await inTransaction(catalog, async (scope) => {
      const { rows } = await sql`update content_segment set at = ${now()}
        where id = ${id} and level = ${BEING_MADE} returning id`.execute(scope.db);
      if (rows.length > 0) await writeParts(scope, id, parts);
      return rows.length > 0;
    });
    await othersTurn();
    await onStep?.();
    return isOurs;
  };
  for await (const part of merged(documents, sources)) {
    step.push(part);
    if (step.length < PARTS) await othersTurn();
    else if (!(await write())) return false;
  }
  return write();
}

async function rowsOf({ db }: Scope): Promise<Row[]> {
  const { rows } = await sql<Omit<Row, 'gone'> & { bits: Uint8Array | null }>`
    select s.id, s.level, s.documents, s.gone as bits,
      (select count(*) from content_gone g where g.segment_id = s.id) as listed
    from content_segment s where s.level >= 0 order by s.id`.execute(db);
  return rows.map(({ bits, listed, ...row }) => ({
    ...row,
    listed: Number(listed),
    gone: Number(listed) + [...goneSlots(bits, null)].length,
  }));
}

/** Documents of a segment that are gone have a bit from now on. */
async function foldGone(catalog: Catalog, id: number): Promise<void> {
  await inTransaction(catalog, async ({ db, kind }) => {
    const { rows } = await sql<{ documents: number; gone: Uint8Array | null }>`
      select documents, gone from content_segment where id = ${id} and level >= 0
      ${kind === 'postgres' ? sql`for update` : sql``}`.execute(db);
    const [segment] = rows;
    if (segment === undefined) return;
    const listed = await sql<{ slot: number }>`
      delete from content_gone where segment_id = ${id} returning slot`.execute(db);
    const bits = Buffer.alloc(Math.ceil(segment.documents / 8));
    bits.set(segment.gone ?? []);
    for (const { slot } of listed.rows) bits[slot >>> 3] = (bits[slot >>> 3] as number) | (1 << (slot & 7));
    await sql`update content_segment set gone = ${bits} where id = ${id}`.execute(db);
  });
}

/** Those that are to become one. Up to the segment `all`, also one of which anything is gone. */
function nextOf(rows: readonly Row[], all = 0): Row[] | undefined {
  for (let level = 0; level < LAST_LEVEL; level++) {
    const same = rows.filter((row) => row.level === level);
    if (same.length < AT_ONCE) continue;
    const some: Row[] = [];
    let documents = 0;
    for (const row of same.toSorted((a, b) => a.documents - b.documents || a.id - b.id)) {
      documents += row.documents;
      if (documents > MOST_DOCUMENTS || some.length === AT_ONCE) break;
      some.push(row);
    }
    return some;
  }
  const worn = rows.find(({ id, gone, documents }) => gone > 0 && (id <= all || gone * 4 >= documents));
  return worn && [worn];
}

interface Found extends Source {
  id: number;
  ids: Float64Array;
}

/** Undefined when one of them is not there any more. */
async function sourcesOf(catalog: Catalog, rows: readonly Row[]): Promise<Found[] | undefined> {
  const { db } = catalog;
  const sources: Found[] = [];
  let next = 0;
  for (const { id } of rows) {
    const found = await sql<{ documents: number; ids: Uint8Array; gone: Uint8Array | null }>`
      select documents, ids, gone from content_segment where id = ${id} and level >= 0`.execute(db);
    const segment = found.rows[0];
    if (segment === undefined) return undefined;
    const { documents } = segment;
    const since = await sql<{ slot: number }>`select slot from content_gone where segment_id = ${id}`.execute(
      db,
    );
    const gone = new Set([...goneSlots(segment.gone, null), ...since.rows.map(({ slot }) => slot)]);
    const slots = Int32Array.from({ length: documents }, (_, slot) => (gone.has(slot) ? -1 : next++));
    sources.push({ id, documents, ids: idsIn(segment.ids, documents), slots, parts: partsIn(catalog, id) });
  }
  return sources;
}

async function* partsIn({ db }: Scope, segmentId: number): AsyncGenerator<Buffer> {
  for (let after = -1; ; ) {
    const { rows } = await sql<{ firstKey: number; bits: Uint8Array }>`
      select first_key, bits from content_part where segment_id = ${segmentId} and first_key > ${after}
      order by first_key ${limitTo(PARTS)}`.execute(db);
    for (const { bits } of rows) yield Buffer.from(bits);
    if (rows.length < PARTS) return;
    after = (rows.at(-1) as { firstKey: number }).firstKey;
  }
}

/** The new segment counts from now on, and those that it was made of do not: all at once, or not at all. */
async function takePlace(
  catalog: Catalog,
  { id, ids, now }: { id: number; ids: readonly number[]; now: number },
  sources: readonly Found[],
): Promise<void> {
  const slotOf = new Map(ids.map((one, slot) => [one, slot]));
  await inTransaction(catalog, async (scope) => {
    const { db, kind } = scope;
    const old = sources.map((source) => source.id);
    const lock = kind === 'postgres' ? sql`for update` : sql``;
    const { rows } = await sql<{ id: number }>`select id from content_segment
      where (id in (select m.id from ${numberTable(kind, old)} m) and level >= 0) or (id = ${id} and level = ${BEING_MADE})
      order by id ${lock}`.execute(db);
    // Another process was sooner.
    if (rows.length < old.length + 1) return discard(scope, id);
    // Whoever takes a document out just now is waited for, or waits.
    const there = await sql<{ id: number }>`select d.id from content_document d
      where d.id in (select m.id from ${numberTable(kind, ids)} m)
        and d.segment_id in (select m.id from ${numberTable(kind, old)} m) order by d.id ${lock}`.execute(db);
    const left = there.rows.map((row) => row.id);
    const gone = new Set(ids);
    for (const one of left) gone.delete(one);
    const slots = JSON.stringify(left.map((one) => [one, slotOf.get(one)]));
    const pairs =
      kind === 'postgres'
        ? sql`(select (value->>0)::bigint as id, (value->>1)::bigint as slot from jsonb_array_elements(${slots}::jsonb))`
        : sql`(select value->>0 as id, value->>1 as slot from json_each(${slots}))`;
    await sql`update content_document set segment_id = ${id}, slot = p.slot from ${pairs} p
      where content_document.id = p.id`.execute(db);
    await sql`delete from content_gone where segment_id in (select m.id from ${numberTable(kind, old)} m)`.execute(
      db,
    );
    await sql`insert into content_gone (segment_id, slot)
      select cast(${id} as bigint), m.id from ${numberTable(
        kind,
        [...gone].map((one) => slotOf.get(one) as number),
      )} m`.execute(db);
    await sql`update content_segment set level = ${OF_NO_USE}, at = ${now} where id in (select m.id from ${numberTable(kind, old)} m)`.execute(
      db,
    );
    const level = ids.length === 0 ? OF_NO_USE : LEVELS.findLastIndex((least) => left.length >= least);
    await sql`update content_segment set level = ${level} where id = ${id}`.execute(db);
  });
}
