import { type RawBuilder, sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import { numberTable } from '../db/dialect.ts';
import { CatalogError } from '../db/errors.ts';
import type { Scope } from '../db/schema.ts';
import { IdSet } from './document-set.ts';
import { idsIn } from './ids.ts';
import { endOfKind, KINDS } from './keys.ts';
import { IS_WHOLE } from './left-over.ts';
import { slotsOf, slotsOfAny } from './part.ts';
import { allSlots, anyOf, countSet, goneSlots, keepOnly, setter, unset } from './slots.ts';

/** What documents are to have. */
export interface Sought {
  /** One of each of these keys (keys.ts). Those that few documents have come first. */
  groups: ReadonlyArray<readonly number[]>;
  /** One of these channel sets; undefined for any. */
  channelSets?: readonly number[] | undefined;
  /** Newest versions that have one key of each group of one of these are left out. */
  without?: ReadonlyArray<Sought['groups']>;
}

/** Documents, by what their ids mean. */
export interface Held {
  /** Newest versions: ids of files. */
  newest: IdSet;
  /** Older ones: ids of `file_version`. */
  older: IdSet;
  /** The part of all documents that are in the channel sets, from 0 to 1. */
  within: number;
}

/** Segments that others took the place of were removed meanwhile: it is looked up again, at most so often. */
const TRIES = 20;

/** Parts are read so many at a time: everybody else waits for a step on SQLite; PostgreSQL's answer takes memory. */
const STEP = { sqlite: 128, postgres: 1_024 };

interface Segment {
  id: number;
  documents: number;
  /** A bit for each of its documents that is sought, as far as is known. */
  bits: Uint32Array;
}

/**
 * The documents that have what is sought; of some alone, where `among` names their ids. Undefined when `hasTime` says that the time is
 * up.
 */
export async function lookUp(
  scope: Scope,
  sought: Sought,
  { among, hasTime = () => true }: { among?: readonly number[]; hasTime?: () => boolean } = {},
): Promise<Held | undefined> {
  for (let tries = 1; ; tries++) {
    const held = await lookUpOnce(scope, sought, hasTime, among);
    if (held !== 'again') return held;
    if (tries === TRIES)
      throw new CatalogError(
        'catalog_slow',
        'The index of what is in files was changed again and again while it was searched. Search once more.',
      );
  }
}

async function lookUpOnce(
  scope: Scope,
  { groups, channelSets, without = [] }: Sought,
  hasTime: () => boolean,
  among?: readonly number[],
): Promise<Held | 'again' | undefined> {
  let left = await segmentsOf(scope, among);
  const steps: Array<(some: Segment[]) => Promise<'again' | undefined>> = [
    // First of all, so that it takes no longer where others have what is sought.
    ...(channelSets ? [(some: Segment[]) => keepSets(scope, some, channelSets)] : []),
    ...groups.map((keys) => (some: Segment[]) => keepThose(scope, some, [keys])),
  ];
  // Where it may find what a person does not see, it takes as many steps as if there were nothing.
  const isTheirs = channelSets !== undefined || among !== undefined;
  const all = documentsIn(left);
  let within = 1;
  for (const [at, step] of steps.entries()) {
    if ((await step(left)) === 'again') return 'again';
    if (!hasTime()) return undefined;
    if (at === 0 && channelSets && all > 0) within = documentsIn(left) / all;
    if (isTheirs) left = left.filter(({ bits }) => bits.some((word) => word !== 0));
  }
  const out = new Map<Segment, Uint32Array[]>();
  for (const groups of without) {
    const copies = left.map((segment) => ({ ...segment, bits: segment.bits.slice() }));
    if ((await keepThose(scope, copies, groups)) === 'again') return 'again';
    if (!hasTime()) return undefined;
    for (const [at, { bits }] of copies.entries()) {
      const segment = left[at] as Segment;
      out.set(segment, [...(out.get(segment) ?? []), bits]);
    }
  }
  const held = await collect(scope, left, out, among);
  return held === 'again' ? held : { ...held, within };
}

const documentsIn = (segments: readonly Segment[]): number =>
  segments.reduce((sum, { bits }) => sum + countSet(bits), 0);

/** So many are gone through in a few ms, however much each has. */
const IN_A_TURN = 16;

/** Does this for each; everybody else has their turn between. */
async function inTurns<T>(all: readonly T[], work: (one: T) => void): Promise<void> {
  for (let at = 0; at < all.length; at += IN_A_TURN) {
    all.slice(at, at + IN_A_TURN).forEach(work);
    await othersTurn();
  }
}

/** All segments that may have them, with the documents that are still there. */
async function segmentsOf(scope: Scope, among?: readonly number[]): Promise<Segment[]> {
  const { db, kind } = scope;
  const which =
    among === undefined
      ? sql``
      : sql`and s.id in (select d.segment_id from content_document d
          where d.id in (select m.id from ${numberTable(kind, among)} m))`;
  const { rows } = await sql<{
    id: number;
    documents: number;
    gone: Uint8Array | null;
    slots: string | null;
  }>`
    select s.id, s.documents, s.gone, (select ${slotList(kind)} from content_gone g where g.segment_id = s.id) as slots
    from content_segment s where s.level >= 0 ${which}`.execute(db);
  return rows.map(({ id, documents, gone, slots }) => {
    const bits = allSlots(documents);
    for (const slot of goneSlots(gone, slots)) unset(bits, slot);
    return { id, documents, bits };
  });
}

const slotList = (kind: Scope['kind']): RawBuilder<unknown> =>
  kind === 'postgres' ? sql`string_agg(g.slot::text, ',')` : sql`group_concat(g.slot)`;

/** Keeps the documents of these segments that have a key of each group. */
async function keepThose(
  scope: Scope,
  segments: Segment[],
  groups: ReadonlyArray<readonly number[]>,
): Promise<'again' | undefined> {
  const keys = [...new Set(groups.flat())];
  const size = Math.max(1, Math.floor(STEP[scope.kind] / Math.max(1, keys.length)));
  for (let at = 0; at < segments.length; at += size) {
    const some = segments.slice(at, at + size);
    const parts = await partsWith(scope, some, keys);
    if (parts === 'again') return 'again';
    await inTurns(some, (segment) => {
      for (const group of groups) {
        const has = new Uint32Array(segment.bits.length);
        for (const key of group) {
          const part = parts.get(segment.id)?.get(key);
          if (part) slotsOf(part, segment.documents, key, setter(has));
        }
        keepOnly(segment.bits, has);
      }
    });
  }
  return undefined;
}

/** For each segment and key the part in which the key stands, if it stands anywhere. */
async function partsWith(
  { db, kind }: Scope,
  segments: readonly Segment[],
  keys: readonly number[],
): Promise<Map<number, Map<number, Uint8Array>> | 'again'> {
  const ids = segments.map(({ id }) => id);
  const { rows } = await sql<{ id: number; key: number; bits: Uint8Array | null }>`
    select s.id, k.id as key, (select p.bits from content_part p
        where p.segment_id = s.id and p.first_key <= k.id order by p.first_key desc limit 1) as bits
    from ${numberTable(kind, ids)} i cross join ${numberTable(kind, keys)} k
      join content_segment s on s.id = i.id and s.${IS_WHOLE}`.execute(db);
  if (rows.length < ids.length * keys.length) return 'again';
  const parts = new Map(ids.map((id) => [id, new Map<number, Uint8Array>()]));
  for (const { id, key, bits } of rows) if (bits) parts.get(id)?.set(key, bits);
  return parts;
}

/** Keeps the documents of one of these channel sets; the parts that have any are few, however many sets there are. */
async function keepSets(
  { db, kind }: Scope,
  segments: Segment[],
  channelSets: readonly number[],
): Promise<'again' | undefined> {
  const wanted = new Set(channelSets.map((id) => KINDS.channelSets + id));
  const size = STEP[kind] / 2;
  const end = endOfKind(KINDS.channelSets);
  for (let at = 0; at < segments.length; at += size) {
    const some = segments.slice(at, at + size);
    const { rows } = await sql<{ id: number; bits: Uint8Array | null }>`
      select s.id, p.bits from ${numberTable(
        kind,
        some.map(({ id }) => id),
      )} i join content_segment s on s.id = i.id and s.${IS_WHOLE}
        left join content_part p on p.segment_id = s.id and p.first_key >= ${KINDS.channelSets} and p.first_key < ${end}`.execute(
      db,
    );
    const parts = Map.groupBy(rows, ({ id }) => id);
    if (parts.size < some.length) return 'again';
    await inTurns(some, ({ id, documents, bits }) => {
      const has = new Uint32Array(bits.length);
      for (const part of parts.get(id) ?? [])
        if (part.bits) slotsOfAny(part.bits, documents, wanted, setter(has));
      keepOnly(bits, has);
    });
  }
  return undefined;
}

/** The ids of so many segments are read at a time. */
const SEGMENTS = 32;

/** Of the documents that are left, their ids. */
async function collect(
  scope: Scope,
  segments: readonly Segment[],
  out: ReadonlyMap<Segment, readonly Uint32Array[]>,
  among?: readonly number[],
): Promise<Omit<Held, 'within'> | 'again'> {
  const held: Omit<Held, 'within'> = { newest: new IdSet(), older: new IdSet() };
  const asked = among && new Set(among);
  const take = (id: number, isOut: boolean) => {
    if (asked?.has(id) === false) return;
    if (id < 0) held.older.add(-id);
    else if (!isOut) held.newest.add(id);
  };
  for (let at = 0; at < segments.length; at += SEGMENTS) {
    const some = segments.slice(at, at + SEGMENTS);
    const ids = await idsOf(scope, some);
    if (ids === 'again') return 'again';
    await inTurns(some, (segment) => {
      const own = ids.get(segment.id) as Float64Array;
      const leftOut = anyOf(out.get(segment) ?? [], segment.bits.length);
      for (let at = 0; at < segment.bits.length; at++)
        for (let bits = segment.bits[at] as number; bits !== 0; bits &= bits - 1) {
          const bit = 31 - Math.clz32(bits & -bits);
          take(own[at * 32 + bit] as number, ((leftOut[at] as number) & (1 << bit)) !== 0);
        }
    });
  }
  return held;
}

async function idsOf(
  { db, kind }: Scope,
  segments: readonly Segment[],
): Promise<Map<number, Float64Array> | 'again'> {
  const asked = segments.map(({ id }) => id);
  const { rows } = await sql<{ id: number; documents: number; ids: Uint8Array }>`
    select s.id, s.documents, s.ids from ${numberTable(kind, asked)} m join content_segment s on s.id = m.id`.execute(
    db,
  );
  if (rows.length < segments.length) return 'again';
  return new Map(rows.map(({ id, documents, ids }) => [id, idsIn(ids, documents)]));
}
