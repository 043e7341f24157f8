import { type RawBuilder, sql } from 'kysely';
import { numberTable } from '../db/dialect.ts';
import type { DatabaseKind } from '../db/schema.ts';

/** Numbers above 2^31 have no shift. */
const byteOf = (id: number) => (id < 0x8000_0000 ? id >>> 3 : Math.floor(id / 8));

/** Numbers of rows, from 1. */
export class IdSet {
  #bits = new Uint8Array(1_024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(id: number): void {
    const at = byteOf(id);
    if (at >= this.#bits.length) {
      const larger = new Uint8Array(Math.max(at + 1, this.#bits.length * 2));
      larger.set(this.#bits);
      this.#bits = larger;
    }
    const bit = 1 << (id & 7);
    if ((this.#bits[at] as number) & bit) return;
    this.#bits[at] = (this.#bits[at] as number) | bit;
    this.#size += 1;
  }

  copy(): IdSet {
    const copy = new IdSet();
    copy.#bits = this.#bits.slice();
    copy.#size = this.#size;
    return copy;
  }

  has(id: number): boolean {
    return ((this.#bits[byteOf(id)] ?? 0) & (1 << (id & 7))) !== 0;
  }

  /** In their order. */
  *[Symbol.iterator](): Generator<number> {
    for (const [at, byte] of this.#bits.entries())
      for (let bits = byte; bits !== 0; bits &= bits - 1) yield at * 8 + 31 - Math.clz32(bits & -bits);
  }

  /** The numbers from 1 to `last` that are not in it; undefined where there are `most` or more. */
  others(last: number, most: number): number[] | undefined {
    if (last - this.#size >= most) return undefined;
    const others: number[] = [];
    for (let id = 1; id <= last; id++) {
      if (this.#bits[Math.floor(id / 8)] === 255) id += 7 - (id % 8);
      else if (!this.has(id)) others.push(id);
    }
    return others.length < most ? others : undefined;
  }

  /** The lowest bit of the first byte is for nought. Never empty. */
  get bytes(): Buffer {
    return Buffer.from(this.#bits.buffer);
  }
}

/** With more, a bit for each number is looked at sooner than a list. */
const MOST_LISTED = 500;

/** SQLite has no bytes of a value as numbers, but as letters: the place among these is what a half of one is worth. */
const HALVES = sql.lit('123456789ABCDEF');

/** The condition that a number is in a set. Each step of a search has it anew: the whole set goes to the database. */
export function isInSet(kind: DatabaseKind, set: IdSet, id: RawBuilder<unknown>): RawBuilder<boolean> {
  // The sign keeps the databases from going through the rows by the list.
  if (set.size <= MOST_LISTED) return sql`+${id} in (select l.id from ${numberTable(kind, [...set])} l)`;
  const { bytes } = set;
  const last = bytes.length * 8 - 1;
  if (kind === 'postgres')
    return sql`case when ${id} > ${last}::bigint then false else get_bit(${bytes}::bytea, ${id}) = 1 end`;
  const half = sql`substr(hex(substr(${bytes}, 1 + (${id} >> 3), 1)), 2 - ((${id} >> 2) & 1), 1)`;
  return sql`(case when ${id} > ${last} then 0 else (instr(${HALVES}, ${half}) >> (${id} & 3)) & 1 end)`;
}
