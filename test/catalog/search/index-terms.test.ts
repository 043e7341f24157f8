import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { channelSetToken, INDEXED_NAME_LENGTH, wordPieces } from '../../../src/catalog/search/index-terms.ts';
import { databases } from '../databases.ts';
import { found, T0, TEAM } from '../samples.ts';

it.each(databases)(
  'code reads the search indexes as the migrations made them, on $name',
  async ({ fresh }) => {
    const catalog = await fresh();
    const read = async (query: ReturnType<typeof sql<{ found: string | number }>>) =>
      (await query.execute(catalog.db)).rows.map((row) => row.found);
    // Every separator there is, each between two words.
    const signs = Array.from({ length: 95 }, (_, i) => String.fromCharCode(i + 32));
    const letters = (n: number) =>
      [...n.toString(26)].map((d) => String.fromCharCode(97 + Number.parseInt(d, 26)));
    const name = signs.map((sign, i) => `word${letters(i).join('')}x${sign}`).join('');
    await recordShares(
      catalog,
      TEAM,
      [found('F1', 'C1', T0, { name, title: 'ab abcdefghijklmnopqrstuvwxyz' })],
      T0,
    );

    const [folded] = await read(sql`select folded as found from file`);
    const words = wordPieces((folded as string).replaceAll('\n', ' ')).filter(
      ({ length }) => length >= 3 && length <= 24,
    );
    expect(words.length).toBeGreaterThan(30);
    expect(await read(sql`select word as found from find_word order by word`)).toEqual(
      [...new Set(words)].sort(),
    );
    const ofIndex =
      catalog.kind === 'sqlite'
        ? sql<{ found: string }>`select sql as found from sqlite_master where name = 'file_named'`
        : sql<{ found: string }>`select indexdef as found from pg_indexes where indexname = 'file_named'`;
    expect((await read(ofIndex))[0]).toMatch(new RegExp(`substr\\(folded, 1, ${INDEXED_NAME_LENGTH}\\)`));
    if (catalog.kind === 'sqlite') {
      const [audienceId] = await read(sql`select audience_id as found from file`);
      const token = `"${channelSetToken(audienceId as number)}"`;
      expect(
        await read(sql`select rowid as found from file_text where file_text match ${token}`),
      ).toHaveLength(1);
    }
    await catalog.close();
  },
);
