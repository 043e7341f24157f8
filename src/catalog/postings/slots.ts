/** Slots of a segment as bits, the lowest of the first word for slot 0. */

/** All slots of so many documents. */
export function allSlots(documents: number): Uint32Array {
  const bits = new Uint32Array(Math.ceil(documents / 32)).fill(0xffff_ffff);
  if (documents % 32 > 0) bits[bits.length - 1] = 2 ** (documents % 32) - 1;
  return bits;
}

export function unset(bits: Uint32Array, slot: number): void {
  bits[slot >>> 5] = (bits[slot >>> 5] as number) & ~(1 << (slot & 31));
}

/** Of the first, only those that are in the other, too. */
export function keepOnly(bits: Uint32Array, others: Uint32Array): void {
  for (let at = 0; at < bits.length; at++) bits[at] = (bits[at] as number) & (others[at] as number);
}

/** What sets one after the other. */
export const setter = (bits: Uint32Array) => (slot: number) => {
  bits[slot >>> 5] = (bits[slot >>> 5] as number) | (1 << (slot & 31));
};

/** Those that are in one of some; `length` is in words. */
export function anyOf(some: readonly Uint32Array[], length: number): Uint32Array {
  const all = new Uint32Array(length);
  for (const bits of some)
    for (let at = 0; at < length; at++) all[at] = (all[at] as number) | (bits[at] as number);
  return all;
}

export function countSet(bits: Uint32Array): number {
  let count = 0;
  for (let at = 0; at < bits.length; at++) count += bitsSet(bits[at] as number);
  return count;
}

/** How many bits of a word are set: halves, quarters and eighths are added up side by side. */
function bitsSet(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** The slots that are gone: a bit for each, and a list of those that went since. */
export function* goneSlots(gone: Uint8Array | null, slots: string | null): Generator<number> {
  for (const [at, byte] of (gone ?? []).entries())
    for (let bits = byte; bits !== 0; bits &= bits - 1) yield at * 8 + 31 - Math.clz32(bits & -bits);
  if (slots !== null) for (const slot of slots.split(',')) yield Number(slot);
}
