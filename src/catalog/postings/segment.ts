import { endOfKind, KINDS } from './keys.ts';
import { PartMaker, PartReader } from './part.ts';

/** So many documents a segment has at most. */
export const MOST_DOCUMENTS = 4_096;

/** The slots of those documents that have a key. */
export type Postings = readonly [key: number, slots: readonly number[]];

/** The parts of a segment of documents, from the keys of each (keys.ts); the first of them has slot 0. At most {@link MOST_DOCUMENTS}. */
export function partsOf(documents: ReadonlyArray<Iterable<number>>): Generator<Buffer> {
  return made(documents.length, postingsOf(documents));
}

function* postingsOf(documents: ReadonlyArray<Iterable<number>>): Generator<Postings> {
  // With its slot, a key is a number below 2^53, if it is counted from the first of its kind.
  const kinds = Object.values(KINDS).map((first) => ({ first, all: [] as number[] }));
  for (const [slot, keys] of documents.entries())
    for (const key of keys) {
      const kind = kinds.findLast(({ first }) => first <= key) as (typeof kinds)[number];
      kind.all.push((key - kind.first) * MOST_DOCUMENTS + slot);
    }
  for (const { first, all } of kinds) {
    let key = -1;
    let slots: number[] = [];
    for (const one of Float64Array.from(all).sort()) {
      const slot = one % MOST_DOCUMENTS;
      const next = (one - slot) / MOST_DOCUMENTS;
      if (next !== key && slots.length > 0) {
        yield [first + key, slots];
        slots = [];
      }
      key = next;
      if (slots.at(-1) !== slot) slots.push(slot);
    }
    if (slots.length > 0) yield [first + key, slots];
  }
}

/** Puts postings, in the order of their keys, into parts. */
function* made(documents: number, postings: Iterable<Postings>): Generator<Buffer> {
  const maker = new PartMaker(documents);
  let end = 0;
  for (const [key, slots] of postings) {
    const full = maker.add(key, slots, key >= end);
    if (key >= end) end = endOfKind(key);
    if (full) yield full;
  }
  const last = maker.end();
  if (last) yield last;
}

/** A segment that goes into a larger one. */
export interface Source {
  documents: number;
  /** The slot of each of its documents in the new one; -1 for one that is gone. In order. */
  slots: Int32Array;
  /** Its parts, in order. */
  parts: AsyncIterator<Buffer>;
}

/** The parts of one segment in place of several, of as many documents. */
export async function* merged(documents: number, sources: readonly Source[]): AsyncGenerator<Buffer> {
  const maker = new PartMaker(documents);
  const open: Array<Source & { reader: PartReader }> = [];
  for (const source of sources) {
    const reader = await nextPart(source);
    if (reader) open.push({ ...source, reader });
  }
  let end = 0;
  while (open.length > 0) {
    let key = Number.POSITIVE_INFINITY;
    for (const { reader } of open) if (reader.key < key) key = reader.key;
    const slots: number[] = [];
    for (let at = open.length - 1; at >= 0; at--) {
      const one = open[at] as (typeof open)[number];
      if (one.reader.key !== key) continue;
      one.reader.slots((slot) => {
        const now = one.slots[slot] as number;
        if (now >= 0) slots.push(now);
      });
      if (one.reader.next()) continue;
      const reader = await nextPart(one);
      if (reader) one.reader = reader;
      else open.splice(at, 1);
    }
    if (slots.length === 0) continue;
    slots.sort((a, b) => a - b);
    const full = maker.add(key, slots, key >= end);
    if (key >= end) end = endOfKind(key);
    if (full) yield full;
  }
  const last = maker.end();
  if (last) yield last;
}

/** At its first key. */
async function nextPart({ parts, documents }: Source): Promise<PartReader | undefined> {
  const { value, done } = await parts.next();
  if (done) return undefined;
  const reader = new PartReader(value, documents);
  reader.next();
  return reader;
}
