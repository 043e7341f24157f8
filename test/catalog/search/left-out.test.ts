import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import { claimReadings, readingDone } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { searchedWords } from '../../../src/catalog/reading/words.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import { notInContents, othersThan } from '../../../src/catalog/search/contents.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { reachOf } from '../../../src/catalog/search/reach.ts';
import { databases } from '../databases.ts';
import { found, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

const MINUTE = 60_000;
const FILES = 40;

/** Every text has these words, but that of one file; and they were said with all. */
describe.each(databases)('a word of nearly all files without another, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
    await startReading(catalog);
    for (let i = 0; i < FILES; i++) {
      const said = { author: 'U1', text: 'the offer', at: T0 };
      const share = sampleShare('C1', T0 + i * MINUTE, { said });
      await recordShares(catalog, TEAM, [{ ...found(`F${i}`, 'C1', T0 + i * MINUTE), share }], T0);
      await storeFile(catalog, `F${i}`);
      const [row] = await claimReadings(catalog, { owner: 'a', limit: 1, leaseMs: 60_000, now: T0 });
      const words = new Set(searchedWords(i === 17 ? 'offer' : 'offer price'));
      if (row) await readingDone(catalog, row, 'a', { words, state: 'read', reason: null });
    }
    await recordShares(catalog, TEAM, [found('G', 'C2', T0)], T0);
  }, 60_000);
  afterAll(() => catalog?.close());

  const viewer = { teamId: TEAM, channelIds: ['C1'] };

  it('is found, and nothing need be looked at but the files that have not the other', async () => {
    const asked = { viewer, limit: 10, contents: true, said: true };
    const { files } = await findFiles(catalog, { ...asked, filter: { text: 'offer', notText: ['price'] } });
    expect(files.map(({ fileId }) => fileId)).toEqual(['F17']);
    const question = { reach: await reachOf(catalog, viewer), budget: new Budget() };
    const others = async (texts: string[]) => {
      const conditions = await notInContents(catalog, texts, question, true);
      const ids = (await othersThan(catalog, conditions)).flatMap(({ known = [] }) => known);
      const rows = await catalog.db
        .selectFrom('file')
        .select('fileId')
        .where('id', 'in', [0, ...ids])
        .execute();
      return rows.map(({ fileId }) => fileId);
    };
    expect(await others(['price'])).toEqual(['F17', 'G']);
    expect(new Set(await others(['offer', 'price']))).toEqual(new Set(['F17', 'G']));
    expect(await others(['nowhere'])).toHaveLength(FILES + 1);
    // In a channel that is not read, files are not left out by their texts.
    const own = { ...NO_OVERRIDES, text: 'words' } as const;
    await saveOverrides(catalog, { teamId: TEAM, channelId: 'C2', own, actorId: 'U9', now: T0 });
    question.reach = await reachOf(catalog, { ...viewer, channelIds: ['C1', 'C2'] });
    expect(await others(['price'])).toEqual([]);
  });
});
