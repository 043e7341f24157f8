import { BitReader, BitWriter } from './bits.ts';

/**
 * A run of keys of a segment, in their order, with the slots of those that have each. It begins with its first key (six bytes), how many
 * keys it has (two bytes), and of how many bits the distance of two keys is (one byte). Then each key: its distance from the one before,
 * how many slots it has, and these.
 */
const HEAD = 9;
/** Its number of keys has two bytes. */
const MOST_KEYS = 0xffff;
/** Two of them fit on a page of SQLite's, four on one of PostgreSQL's. In bytes. */
const LARGEST = 1_950;

/** So many are written and read at once. */
const BITS = 24;

const bitsOf = (documents: number) => 32 - Math.clz32(Math.max(0, documents - 1));

/** Of how many low bits the distance of two slots is. */
const lowOfSlots = (documents: number, count: number) =>
  Math.max(0, 31 - Math.clz32(Math.floor(documents / count)));

/** Puts postings, in the order of their keys, into parts; `documents` is how many the segment has. */
export class PartMaker {
  readonly #documents: number;
  readonly #keys: number[] = [];
  readonly #counts: number[] = [];
  #slots = new BitWriter();
  #marks: number[] = [];
  #countBits = 0;

  constructor(documents: number) {
    this.#documents = documents;
  }

  /** Adds postings; returns the part that is full without them, if it is. */
  add(key: number, slots: readonly number[], isOtherKind: boolean): Buffer | undefined {
    let full: Buffer | undefined;
    if (this.#keys.length > 0 && (isOtherKind || this.#isFull(key, slots.length))) full = this.end();
    this.#keys.push(key);
    this.#counts.push(slots.length);
    this.#countBits += 2 * (31 - Math.clz32(slots.length)) + 1;
    this.#marks.push(this.#slots.size);
    writeSlots(this.#slots, slots, this.#documents);
    return full;
  }

  /** The last part; undefined when nothing is left. */
  end(): Buffer | undefined {
    if (this.#keys.length === 0) return undefined;
    const keys = this.#keys;
    const first = keys[0] as number;
    const low = lowOfKeys(first, keys.at(-1) as number, keys.length);
    const out = new BitWriter();
    out.wide(first, 48);
    out.write(keys.length & 0xff, 8);
    out.write(keys.length >>> 8, 8);
    out.write(low, 8);
    const size = this.#slots.size;
    const slots = new BitReader(this.#slots.bytes());
    for (const [at, key] of keys.entries()) {
      if (at > 0) out.rice(key - (keys[at - 1] as number) - 1, low);
      out.count(this.#counts[at] as number);
      const end = this.#marks[at + 1] ?? size;
      while (slots.at < end) {
        const bits = Math.min(BITS, end - slots.at);
        out.write(slots.read(bits), bits);
      }
    }
    this.#keys.length = 0;
    this.#counts.length = 0;
    this.#marks = [];
    this.#countBits = 0;
    this.#slots = new BitWriter();
    return out.bytes();
  }

  #isFull(key: number, count: number): boolean {
    const keys = this.#keys.length + 1;
    if (keys > MOST_KEYS) return true;
    const low = lowOfKeys(this.#keys[0] as number, key, keys);
    const slots = isDense(this.#documents, count)
      ? this.#documents
      : count * (lowOfSlots(this.#documents, count) + 2);
    const own = 2 * (31 - Math.clz32(count)) + 1 + slots;
    const bits = this.#countBits + this.#slots.size + own + keys * (low + 2);
    return HEAD * 8 + bits > LARGEST * 8;
  }
}

/** Distances are a fraction of this, on average. */
function lowOfKeys(first: number, last: number, keys: number): number {
  return Math.max(0, Math.floor(Math.log2(Math.max(1, (last - first) / keys))));
}

/** Where so many have a key, it takes less to say of each whether it has. */
const isDense = (documents: number, count: number) => count * 4 > documents && count > 1;

function writeSlots(out: BitWriter, slots: readonly number[], documents: number): void {
  if (slots.length === 1) {
    out.write(slots[0] as number, bitsOf(documents));
    return;
  }
  if (isDense(documents, slots.length)) {
    let next = 0;
    for (let first = 0; first < documents; first += BITS) {
      let bits = 0;
      for (; next < slots.length && (slots[next] as number) < first + BITS; next++)
        bits |= 1 << ((slots[next] as number) - first);
      out.write(bits, Math.min(BITS, documents - first));
    }
    return;
  }
  const low = lowOfSlots(documents, slots.length);
  let before = -1;
  for (const slot of slots) {
    out.rice(slot - before - 1, low);
    before = slot;
  }
}

/** Goes through a part; `documents` is how many its segment has. */
export class PartReader {
  readonly #bits: BitReader;
  readonly #documents: number;
  readonly #low: number;
  #left: number;
  #isFirst = true;
  /** The key where it stands; `count` slots of it come next. */
  key: number;
  count = 0;

  constructor(part: Uint8Array, documents: number) {
    this.#bits = new BitReader(part);
    this.#documents = documents;
    this.key = this.#bits.wide(48);
    this.#left = this.#bits.read(16);
    this.#low = this.#bits.read(8);
  }

  /** Goes on to the next key, after the slots were read or passed over. False at the end. */
  next(): boolean {
    if (this.#left === 0) return false;
    this.#left -= 1;
    if (!this.#isFirst) this.key += this.#bits.rice(this.#low) + 1;
    this.#isFirst = false;
    this.count = this.#bits.count();
    return true;
  }

  /** The slots of this key, one after the other. */
  slots(take: (slot: number) => void): void {
    const { count } = this;
    if (count === 1) take(this.#bits.read(bitsOf(this.#documents)));
    else if (isDense(this.#documents, count)) this.#dense(take);
    else this.#distances(count, take);
  }

  #distances(count: number, take: (slot: number) => void): void {
    const low = lowOfSlots(this.#documents, count);
    let slot = -1;
    for (let left = count; left > 0; left--) {
      slot += this.#bits.rice(low) + 1;
      take(slot);
    }
  }

  #dense(take: (slot: number) => void): void {
    for (let first = 0; first < this.#documents; first += BITS)
      for (let bits = this.#bits.read(Math.min(BITS, this.#documents - first)); bits !== 0; bits &= bits - 1)
        take(first + 31 - Math.clz32(bits & -bits));
  }

  pass(): void {
    const { count } = this;
    if (count === 1) this.#bits.at += bitsOf(this.#documents);
    else if (isDense(this.#documents, count)) this.#bits.at += this.#documents;
    else this.#passDistances(count);
  }

  #passDistances(count: number): void {
    const low = lowOfSlots(this.#documents, count);
    for (let left = count; left > 0; left--) {
      this.#bits.zeros();
      this.#bits.at += low;
    }
  }
}

/** Calls `take` with the slots of those that have this key, if it stands in the part. */
export function slotsOf(
  part: Uint8Array,
  documents: number,
  key: number,
  take: (slot: number) => void,
): void {
  const reader = new PartReader(part, documents);
  while (reader.next() && reader.key <= key) {
    if (reader.key === key) reader.slots(take);
    else reader.pass();
  }
}

/** Calls `take` with the slots of those that have one of these keys. */
export function slotsOfAny(
  part: Uint8Array,
  documents: number,
  keys: ReadonlySet<number>,
  take: (slot: number) => void,
): void {
  const reader = new PartReader(part, documents);
  while (reader.next()) {
    if (keys.has(reader.key)) reader.slots(take);
    else reader.pass();
  }
}
