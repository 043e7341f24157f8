import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { up } from '../../../src/catalog/migrations/0039_word_numbers.ts';
import { wordNumber } from '../../../src/catalog/reading/word-number.ts';
import { databases } from '../databases.ts';

/** The numbers of different words, in order. */
const wordNumbers = (words: Iterable<string>): number[] =>
  [...new Set([...words].map(wordNumber))].sort((a, b) => a - b);

it('a word always has the same number of 32 bits, and different words have different ones', () => {
  // The index has them for years: what the function gives now, it gave then.
  expect(wordNumbers(['report', 'über', 'report', '会議'])).toEqual([
    -2_074_177_149, -1_256_422_079, 1_870_522_596,
  ]);
  const many = Array.from({ length: 50_000 }, (_, i) => `word${i}`);
  expect(wordNumbers(many).length).toBeGreaterThan(49_990);
});

describe.each(databases.filter(({ name }) => name === 'PostgreSQL'))(
  'the words of before, on $name',
  ({ fresh }) => {
    let catalog: Catalog;
    beforeAll(async () => {
      catalog = await fresh();
    });
    afterAll(() => catalog.close());

    it('become their numbers, whatever letters they have; who may see them stays', async () => {
      const { db } = catalog;
      const words = ['report', 'über', '会議', `it's`, 'back\\slash', 'ꙮ'.repeat(40)];
      await sql`drop table if exists file_contents`.execute(db);
      await sql`create table file_contents (id bigint primary key, audience_id bigint, words tsvector not null)`.execute(
        db,
      );
      await sql`create index file_contents_words on file_contents using gin ((array[audience_id]), words)`.execute(
        db,
      );
      await sql`insert into file_contents (id, audience_id, words) values
      (1, 7, array_to_tsvector(${words}::text[])), (-2, null, array_to_tsvector(array['report'])), (3, 7, ''::tsvector)`.execute(
        db,
      );
      await up(db as unknown as Kysely<unknown>, 'postgres');
      const { rows } = await sql`select id, audience_id, words from file_contents order by id`.execute(db);
      expect(rows).toEqual([
        { id: -2, audienceId: null, words: wordNumbers(['report']) },
        { id: 1, audienceId: 7, words: wordNumbers(words) },
      ]);
    });
  },
);
