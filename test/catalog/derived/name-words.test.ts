import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { databases } from '../databases.ts';
import { found, T0, TEAM } from '../samples.ts';

const NAMES = [
  'Budget2026_final-v2.xlsx',
  `it's "quoted" \\ back/slash [a] {b} (c) 100%~^*\`|`,
  'tab\there\nline\u001funit',
  'Übersicht für Straße—lang.pdf',
  'ab abc abcdefghijklmnopqrstuvwx abcdefghijklmnopqrstuvwxy',
  '日本語の資料 👩‍👩‍👧 emoji😀😀😀.png',
  '<html>&amp;;:+=#!?@$,.',
];

it.each(databases)(
  'the words of names on $name are the same for one new file and for many',
  async ({ fresh }) => {
    const catalog = await fresh();
    const files = NAMES.map((name, i) => found(`F${i}WORDS00`, 'C1', T0 + i, { name, title: name }));
    const words = async () => {
      const { rows } = await sql<{ word: string }>`select word from find_word order by word`.execute(
        catalog.db,
      );
      await sql`delete from find_word`.execute(catalog.db);
      return rows.map(({ word }) => word).sort();
    };
    // One by one, the trigger splits them.
    for (const file of files) await recordShares(catalog, TEAM, [file], T0);
    const single = await words();
    const again = files.map((one) => ({ ...one, file: { ...one.file, fileId: `${one.file.fileId}B` } }));
    await recordShares(catalog, TEAM, again, T0);
    expect(await words()).toEqual(single);
    expect(single).toContain('budget');
    // It is over with the transaction: the next one is the trigger's again.
    await recordShares(catalog, TEAM, [found('F9', 'C1', T0, { name: 'afterwards.txt', title: null })], T0);
    expect(await words()).toContain('afterwards');
    await catalog.close();
  },
);
