import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader, BitWriter } from '../../../src/catalog/postings/bits.ts';
import { idsIn, packedIds } from '../../../src/catalog/postings/ids.ts';
import {
  channelSetKey,
  nameKey,
  pairKey,
  UNKNOWN_PAIRS,
  wordKey,
} from '../../../src/catalog/postings/keys.ts';
import { PartReader, slotsOf, slotsOfAny } from '../../../src/catalog/postings/part.ts';
import { merged, partsOf } from '../../../src/catalog/postings/segment.ts';
import { runs } from '../../runs.ts';

/** The catalog has them for years: what the code writes now, it wrote then. */
describe('what stands in the index', () => {
  it('of a word, of a channel set and of neighbours is always the same number', () => {
    expect(['report', 'über', '会議'].map(wordKey)).toEqual([
      568_522_277_651, 777_867_575_664, 478_853_784_714,
    ]);
    expect(nameKey('report')).toBe(2 ** 40 + 568_522_277_651);
    expect([channelSetKey(7), pairKey(-1), pairKey(0x1234_5678), UNKNOWN_PAIRS]).toEqual([
      2_199_023_255_559, 4_398_063_288_319, 4_398_047_704_150, 8_796_093_022_208,
    ]);
  });

  it('of some documents is always the same bytes', () => {
    const documents = Array.from({ length: 40 }, (_, i) => [
      ...Array.from({ length: 60 }, (_, n) => wordKey(`w${(i * n) % 97}`)),
      wordKey('all'),
      channelSetKey(i % 3),
      ...Array.from({ length: 50 }, (_, n) => pairKey(Math.imul(i + n, 0x9e37_79b1))),
      ...(i === 5 ? [UNKNOWN_PAIRS] : []),
    ]);
    const bytes = Buffer.concat([...partsOf(documents)]);
    expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([
      1_781,
      '85474dc3ee277a36d08e1bd51e027781badaa7bfcc9d642fcceb9c10e7b1d9f5',
    ]);
    expect(packedIds([1, 2, 3, -70, 1_000_000_000_000, 7]).toString('hex')).toBe(
      '02020291018cc1a8ca9a3af1bfa8ca9a3a',
    );
  });
});

const number = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 2 ** 24 }), fc.maxSafeNat());
const writing = fc.oneof(
  fc.record({ what: fc.constant('write' as const), bits: fc.nat({ max: 24 }), value: number }),
  fc.record({ what: fc.constant('wide' as const), bits: fc.nat({ max: 53 }), value: number }),
  fc.record({ what: fc.constant('rice' as const), bits: fc.nat({ max: 45 }), value: number }),
  fc.record({
    what: fc.constant('count' as const),
    bits: fc.constant(0),
    value: fc.integer({ min: 1, max: 2 ** 30 }),
  }),
);

describe('numbers as bits', () => {
  it('are read as they were written, whatever comes before and after', () => {
    fc.assert(
      fc.property(fc.array(writing, { maxLength: 60 }), (all) => {
        const fitting = all.map((one) => {
          if (one.what === 'write' || one.what === 'wide')
            return { ...one, value: one.value % 2 ** one.bits };
          return one.what === 'rice' ? { ...one, value: one.value % (2 ** one.bits * 200) } : one;
        });
        const out = new BitWriter();
        for (const { what, bits, value } of fitting)
          if (what === 'count') out.count(value);
          else out[what](value, bits);
        const size = out.size;
        const bytes = out.bytes();
        expect(bytes.length).toBe(Math.ceil(size / 8));
        const from = new BitReader(bytes);
        for (const { what, bits, value } of fitting) {
          const read = {
            write: () => from.read(bits),
            wide: () => from.wide(bits),
            rice: () => from.rice(bits),
            count: () => from.count(),
          };
          expect(read[what](), `${what} ${bits}`).toBe(value);
        }
        expect(from.at).toBe(size);
      }),
      { numRuns: runs(300) },
    );
  });

  it('that were cut off are told from numbers', () => {
    expect(() => new BitReader(Buffer.alloc(3)).zeros()).toThrow('The bits end too soon.');
  });

  it('that are ids come back, older versions and gaps as well', () => {
    const id = fc.oneof(
      fc.integer({ min: -300, max: 300 }),
      fc.maxSafeInteger().map((one) => Math.floor(one / 4)),
    );
    fc.assert(
      fc.property(fc.array(id, { maxLength: 50 }), (ids) => {
        expect([...idsIn(packedIds(ids), ids.length)]).toEqual(ids);
      }),
    );
  });
});

/** Some keys are in many documents, some in few. */
const key = fc.oneof(
  fc.nat({ max: 40 }),
  fc.nat({ max: 2_000 }).map((n) => n * 523_000_111),
  fc.nat({ max: 5 }).map(channelSetKey),
  fc.nat({ max: 3_000 }).map((n) => pairKey(n << 9)),
  fc.constant(UNKNOWN_PAIRS),
);
const documents = (most: number) =>
  fc.array(fc.array(key, { maxLength: 90 }), { minLength: 1, maxLength: most });

/** The documents of each key, as anybody would write them down. */
function plainly(all: ReadonlyArray<readonly number[]>): Map<number, number[]> {
  const slots = new Map<number, number[]>();
  for (const [slot, keys] of all.entries())
    for (const one of new Set(keys)) slots.set(one, [...(slots.get(one) ?? []), slot]);
  return slots;
}

/** The same of parts. */
function readAll(parts: readonly Buffer[], many: number): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const part of parts) {
    const reader = new PartReader(part, many);
    while (reader.next()) {
      const slots: number[] = [];
      reader.slots((slot) => slots.push(slot));
      expect(found.has(reader.key)).toBe(false);
      found.set(reader.key, slots);
    }
  }
  return found;
}

const firstKey = (part: Buffer) => part.readUIntLE(0, 6);

describe('a segment of documents', () => {
  it('has every key of each, in parts that are in order and fit on a page', () => {
    fc.assert(
      fc.property(documents(70), (all) => {
        const parts = [...partsOf(all)];
        const expected = plainly(all);
        expect(readAll(parts, all.length)).toEqual(new Map([...expected].sort(([a], [b]) => a - b)));
        expect(Math.max(0, ...parts.map(({ length }) => length))).toBeLessThan(2_040);
        expect(parts.map(firstKey)).toEqual(parts.map(firstKey).toSorted((a, b) => a - b));
        for (const asked of [...expected.keys(), 41, 7 * 523_000_111 + 1]) {
          const part = parts.findLast((one) => firstKey(one) <= asked);
          const slots: number[] = [];
          const any: number[] = [];
          if (part) {
            slotsOf(part, all.length, asked, (slot) => slots.push(slot));
            slotsOfAny(part, all.length, new Set([asked, -1]), (slot) => any.push(slot));
          }
          expect(slots).toEqual(expected.get(asked) ?? []);
          expect(any).toEqual(slots);
        }
      }),
      { numRuns: runs(100) },
    );
  });

  it('of several is what all of them would have made, without those that are gone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(documents(20), { minLength: 1, maxLength: 5 }),
        fc.infiniteStream(fc.nat({ max: 4 })),
        async (segments, random) => {
          let next = 0;
          const left: number[][] = [];
          const sources = segments.map((all) => ({
            documents: all.length,
            slots: Int32Array.from(all, (keys) => {
              if (random.next().value === 0) return -1;
              left.push(keys);
              return next++;
            }),
            parts: (async function* () {
              yield* partsOf(all);
            })(),
          }));
          const parts: Buffer[] = [];
          for await (const part of merged(next, sources)) parts.push(part);
          expect(Buffer.concat(parts).toString('hex')).toBe(
            Buffer.concat([...partsOf(left)]).toString('hex'),
          );
        },
      ),
      { numRuns: runs(100) },
    );
  });

  it('takes few bytes for what nearly all have, and for what few have', () => {
    const many = 4_096;
    const bytes = (has: (slot: number) => boolean) =>
      Buffer.concat([...partsOf(Array.from({ length: many }, (_, slot) => (has(slot) ? [7] : [])))]).length;
    expect(bytes(() => true)).toBeLessThan(530);
    expect(bytes((slot) => slot % 100 !== 0)).toBeLessThan(530);
    expect(bytes((slot) => slot % 100 === 0)).toBeLessThan(60);
    expect(bytes((slot) => slot === 99)).toBe(11);
  });
});
