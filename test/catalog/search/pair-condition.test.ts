import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import type { DatabaseKind } from '../../../src/catalog/db/schema.ts';
import { dropWords, IDS_OF_PIECES, indexWords } from '../../../src/catalog/reading/index-words.ts';
import {
  LARGEST_PIECE,
  MOST_PAIRS,
  pairNumber,
  pairsOfPhrases,
  piecesOf,
  probeOf,
  wordsOfPhrases,
} from '../../../src/catalog/reading/pairs.ts';
import { mayHavePairs } from '../../../src/catalog/search/pair-condition.ts';
import { placeOfPhrases } from '../../../src/contents/phrases.ts';
import { indexedText } from '../../../src/contents/words-of.ts';
import { runs } from '../../runs.ts';
import { databases } from '../databases.ts';

it('the bits of a pair are the same for ever, and so is what they are put into', () => {
  // The catalog has them for years: what the function gives now, it gave then.
  expect(pairsOfPhrases(['year end', 'End years', 'year'])).toEqual([-1_768_951_215, 1_883_109_870]);
  const long = Array.from({ length: 15 }, (_, i) => `w${i}`).join(' ');
  expect(pairsOfPhrases([long, 'year end', 'end year', 'a b c'])).toHaveLength(16);
  const hex = (kind: DatabaseKind, many: number) =>
    piecesOf(
      kind,
      Int32Array.from({ length: many }, (_, i) => pairNumber(i, 1)),
    ).map((piece) => piece.toString('hex'));
  expect([hex('sqlite', 4), hex('postgres', 4)]).toEqual([['aa1085aa4010ca05c0'], ['d212ad3b']]);
  const first = ({ piece, bits: [bit] }: ReturnType<typeof probeOf>) => [piece, bit];
  expect(first(probeOf('postgres', -1_768_951_215))).toEqual([1_032_773_245, { byte: 63_469_344, bit: 0 }]);
});

it('a document has some bits for each pair, in pieces of the same size', () => {
  const sizes = (kind: DatabaseKind, many: number) =>
    piecesOf(
      kind,
      Int32Array.from({ length: many }, (_, i) => i),
    ).map(({ length }) => length);
  expect(sizes('sqlite', 0)).toEqual([1]);
  expect(sizes('sqlite', 100)).toEqual([225]);
  expect(sizes('postgres', 100)).toEqual([78]);
  expect(sizes('postgres', 660)).toEqual([512]);
  expect(sizes('postgres', 661)).toEqual([257, 257]);
  const many = sizes('sqlite', MOST_PAIRS);
  expect(Math.max(...many)).toBeLessThanOrEqual(LARGEST_PIECE);
  expect(new Set(many).size).toBe(1);
  expect(many.length).toBeLessThan(IDS_OF_PIECES);
});

/** Words that are often neighbours, in all kinds of writing; some are the same when they are searched. */
const word = fc.constantFrom(
  ...['year', 'years', 'end', 'the', 'a', 'Vertrag', 'Verträge', 'x2', '14', "it's", 'e-mail', '½', 'ﬁne'],
  ...['می\u200cخواهم', '契約書の納期', '会議', '会', '承诺abc', 'ไทยแลนด์', 'ꙮ', '\u0301', 'İstanbul', '…'],
);
const text = fc.array(fc.tuple(word, fc.constantFrom(' ', '\n', ', ', ' – ', '')), { maxLength: 30 });
const asText = (words: Array<[string, string]>) => words.map((pair) => pair.join('')).join('');
/** A page may come in several parts. */
const part = fc.record({ page: fc.constantFrom(null, 1, 2), text: text.map(asText) });

describe.each(databases)('neighbours in the index, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog?.close());

  /** Which of these documents may have the pairs. */
  async function mayHave(pairs: number[]): Promise<number[]> {
    const { kind, db } = catalog;
    const condition = mayHavePairs(kind, pairs);
    const id = sql.ref(kind === 'postgres' ? 'h.id' : 'h.rowid');
    const { rows } = await sql<{ id: number }>`select ${id} as id from file_contents h
      where ${condition ? condition(id) : sql`1 = 1`} order by 1`.execute(db);
    return rows.map((row) => row.id);
  }
  const drop = async (...ids: number[]) => {
    for (const id of ids) await dropWords(catalog, id);
  };

  it('words that stand together are never ruled out, wherever they stand', async () => {
    let together = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { minLength: 1, maxLength: 4 }),
        fc.array(text.map(asText), { maxLength: 2 }),
        fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 25 })),
        async (parts, others, [which, from, length]) => {
          // Some of it is most likely there: a piece of the text as it was written.
          const whole = parts.slice(which % parts.length).map((one) => one.text);
          const phrases = [whole.join(' ').slice(from % 60, (from % 60) + length), ...others];
          await indexWords(catalog, { id: 7, audienceId: null }, await indexedText(parts));
          for (const phrase of phrases) {
            const place = await placeOfPhrases(parts, wordsOfPhrases([phrase]));
            if (place === null) continue;
            together += 1;
            expect(await mayHave(pairsOfPhrases([phrase])), phrase).toEqual([7]);
          }
        },
      ),
      { numRuns: runs(300) },
    );
    expect(together).toBeGreaterThan(runs(300) / 20);
    await drop(7);
  }, 60_000);

  it('also at the end of a long text, which has many pieces; and of other pairs, few are not', async () => {
    const most = [3, 60, 700, 3_000, 20_000];
    const wordOf = (document: number, i: number) => `d${document}w${i}`;
    for (const [document, many] of most.entries()) {
      const words = Array.from({ length: many + 1 }, (_, i) => wordOf(document, i)).slice(0, 20_000);
      const middle = Math.ceil(words.length / 2);
      const halves = [words.slice(0, middle), words.slice(middle)].map((half) => half.join(' '));
      const parts = halves.map((half) => ({ page: 4, text: half }));
      await indexWords(catalog, { id: document + 1, audienceId: 3 }, await indexedText(parts));
      const at = Math.min(many, words.length - 1);
      const ends = [
        [0, 1],
        [middle - 1, middle],
        [at - 1, at],
      ] as const;
      for (const [a, b] of ends) {
        const phrase = `${wordOf(document, a)} ${wordOf(document, b)}`;
        expect(await mayHave(pairsOfPhrases([phrase])), phrase).toContain(document + 1);
      }
    }
    let falsely = 0;
    const asked = runs(3_000);
    for (let i = 0; i < asked; i++) falsely += (await mayHave([pairNumber(i, 77_777)])).length;
    expect(falsely / asked / most.length).toBeLessThan(0.06);
    // All pairs of a phrase count.
    const two = [pairsOfPhrases(['d1w8 d1w9']), pairsOfPhrases(['d1w9 d1w8'])].flat();
    expect(await mayHave(two)).not.toContain(2);
    await drop(1, 2, 3, 4, 5);
    if (catalog.kind === 'sqlite')
      expect((await sql`select * from file_pairs`.execute(catalog.db)).rows).toEqual([]);
  }, 60_000);

  it('filters that were made with other bits for each pair are good as they are', async () => {
    const words = { words: new Set(['w']) };
    for (const id of [1, 2, 3]) await indexWords(catalog, { id, audienceId: null }, words);
    const pair = (i: number) => pairNumber(i, 1);
    // Four pairs, as they were put there at first; and a filter of two pieces.
    if (catalog.kind === 'sqlite') {
      const put = (at: number, pieces: number, bits: string) =>
        sql`insert into file_pairs (id, pieces, bits) values (${at}, ${pieces}, ${Buffer.from(bits, 'hex')})`.execute(
          catalog.db,
        );
      await put(2 * IDS_OF_PIECES, 1, 'ea41d5aa5491');
      for (const piece of [0, 1]) await put(3 * IDS_OF_PIECES + piece, 2, 'ff');
    } else {
      const put = (id: number, pairs: string) =>
        sql`update file_contents set pairs = ${Buffer.from(pairs, 'hex')} where id = ${id}`.execute(
          catalog.db,
        );
      await put(2, 'd212ad3b');
      await put(3, 'ff'.repeat(600));
    }
    for (const i of [0, 1, 2, 3]) expect(await mayHave([pair(i)])).toEqual([1, 2, 3]);
    const others = Array.from({ length: 40 }, (_, i) => pair(100 + i));
    const falsely = await Promise.all(others.map(async (one) => (await mayHave([one])).includes(2)));
    expect(falsely.filter(Boolean).length).toBeLessThan(20);
    await drop(1, 2, 3);
  });

  it('where nothing is known of them, nothing is ruled out', async () => {
    await indexWords(catalog, { id: 1, audienceId: null }, { words: new Set(['year', 'end']) });
    const apart = await indexedText([{ page: null, text: 'end of the year' }]);
    await indexWords(catalog, { id: -1, audienceId: null }, apart);
    await indexWords(catalog, { id: 2, audienceId: null }, apart);
    expect(await mayHave(pairsOfPhrases(['year end']))).toEqual([1]);
    expect(await mayHave(pairsOfPhrases(['the year']))).toEqual([-1, 1, 2]);
    await drop(1, -1, 2);
  });
});
