import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import { claimReadings, readingDone } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { searchedWords } from '../../../src/catalog/reading/words.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { gather } from '../../../src/catalog/search/gather.ts';
import { lastTrashed, trashedLike } from '../../../src/catalog/search/trashed-like.ts';
import { databases } from '../databases.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

/** The time of a question may be up between any two of its steps: what is shown then is right, and it says that it is not all. */
describe.each(databases)('a question whose time is up, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
    await startReading(catalog);
    const texts = ['our budget', 'the budget, only a draft', 'a plan', 'a draft of it', 'budget of the plan'];
    for (const [at, text] of [...texts, ...texts].entries()) {
      const [fileId, name] = [`F${at}`, at % 5 === 3 ? 'budget.pdf' : `f${at}.pdf`];
      await recordShares(catalog, TEAM, [found(fileId, 'C1', T0 + at, { name, title: name })], T0 + at);
      await storeFile(catalog, fileId, { now: T0 + at });
      const [row] = await claimReadings(catalog, { owner: 'a', limit: 9, leaseMs: 60_000, now: T0 });
      if (row === undefined) throw new Error('nothing is to be read');
      const words = new Set(searchedWords(text));
      await readingDone(catalog, row, 'a', { words, state: 'read', reason: null });
      if (at >= texts.length)
        await trashFile(catalog, {
          ...{ ref: { teamId: TEAM, fileId }, actorId: 'U1', channelId: 'C1' },
          purgeAt: T0 + 1e9,
          now: T0 + 99 + at,
        });
    }
  });
  afterAll(() => catalog.close());

  const viewer = { teamId: TEAM, channelIds: ['C1'], ownUserId: 'U1' };
  const ids = (files: ReadonlyArray<{ fileId: string }>) => files.map(({ fileId }) => fileId).sort();
  const asked = { viewer, limit: 10, contents: true, said: true };
  type Answer = { ids: string[]; isAll: boolean };
  const questions: Record<
    string,
    (budget: Budget, filter: { text: string; notText: string[] }) => Promise<Answer>
  > = {
    page: async (budget, filter) => {
      const { files, stopped } = await findFiles(catalog, { ...asked, filter, budget });
      return { ids: ids(files), isAll: !stopped };
    },
    'files that are gathered': async (budget, filter) => {
      const { files, more } = await gather(catalog, { ...asked, filter, budget });
      return { ids: ids(files), isAll: !more };
    },
    trash: async (budget, filter) => {
      const { fileIds, stopped } = await trashedLike(catalog, { ...asked, filter, budget });
      return { ids: fileIds.sort(), isAll: !stopped };
    },
    'last of the trash': async (budget, filter) => {
      const { files, stopped } = await lastTrashed(catalog, { ...asked, filter, budget });
      return { ids: ids(files), isAll: !stopped };
    },
  };

  it.each(Object.keys(questions))('of the %s', async (which) => {
    const ask = questions[which] as (typeof questions)[string];
    for (const filter of [
      { text: 'budget', notText: ['draft'] },
      { text: 'budget plan', notText: [] },
    ]) {
      const all = await ask(new Budget(60_000), filter);
      expect(all.ids.length).toBeGreaterThan(0);
      let whole = 0;
      for (let looks = 0; whole < 3; looks++) {
        let looked = -1;
        const some = await ask(new Budget(60_000, () => (looked++ < looks ? 0 : 60_001)), filter);
        expect(all.ids, `${which} after ${looks}`).toEqual(expect.arrayContaining(some.ids));
        if (some.isAll) expect(some.ids, `${which} after ${looks}`).toEqual(all.ids);
        if (some.isAll) whole += 1;
        expect(looks).toBeLessThan(500);
      }
    }
  });
});
