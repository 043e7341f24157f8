import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import { type FoundPage, findFiles } from '../../../src/catalog/search/find.ts';
import { runs } from '../../runs.ts';
import { databases, empty } from '../databases.ts';
import { sampleFile, sampleShare, T0, TEAM } from '../samples.ts';

interface Plain {
  isMine: boolean;
  /** Newest last. */
  shares: Array<[at: number, channelId: string]>;
}

const CHANNELS = ['C1', 'C2', 'C3'];
const file: fc.Arbitrary<Plain> = fc.record({
  isMine: fc.boolean(),
  shares: fc
    .uniqueArray(fc.tuple(fc.nat({ max: 9 }), fc.constantFrom(...CHANNELS)), {
      ...{ minLength: 1, maxLength: 3 },
      selector: ([, channelId]) => channelId,
    })
    .map((shares) => shares.sort(([a, one], [b, other]) => a - b || (one < other ? -1 : 1))),
});

/** The index knows all files that have the word, so none is walked to; more than four are put in order of time first. */
const pace = { few: 20, step: 10 };

function plainly(files: readonly Plain[], channelIds: readonly string[], ascending: boolean): string[] {
  const shown = files.flatMap(({ isMine, shares }, place) => {
    const seen = shares.filter(([, channelId]) => channelIds.includes(channelId));
    const [at, channelId] = (seen.length === 0 && isMine ? shares : seen).at(-1) ?? [];
    return at === undefined ? [] : [{ at, row: `F${10 + place} ${channelId}` }];
  });
  const sorted = shown.sort((a, b) => b.at - a.at || (a.row < b.row ? 1 : -1)).map(({ row }) => row);
  return ascending ? sorted.reverse() : sorted;
}

const rows = ({ files }: FoundPage) =>
  files.map(({ fileId, listedChannelId }) => `${fileId} ${listedChannelId}`);

describe.each(databases)(
  'candidates that are checked in the order of where they stand, on $name',
  ({ fresh }) => {
    let catalog: Catalog;
    beforeAll(async () => {
      catalog = await fresh();
    });
    afterAll(() => catalog?.close());

    async function fill(files: readonly Plain[]) {
      await empty(catalog);
      for (const [place, { isMine, shares }] of files.entries()) {
        const uploaderId = isMine ? 'U1' : 'U2';
        const described = sampleFile(`F${10 + place}`, { name: 'a plan', title: null, uploaderId });
        const sightings = shares.map(([at, channelId]) => ({
          file: described,
          share: sampleShare(channelId, T0 + at, { userId: uploaderId }),
        }));
        await recordShares(catalog, TEAM, sightings, T0);
      }
    }

    it('come in order, each once, page by page, forwards and backwards', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(file, { minLength: 6, maxLength: 18 }),
          fc.subarray(CHANNELS),
          fc.integer({ min: 1, max: 4 }),
          fc.boolean(),
          async (files, channelIds, limit, ascending) => {
            await fill(files);
            const viewer = { teamId: TEAM, channelIds, ownUserId: 'U1' };
            const filter = ascending ? { patterns: ['*plan*'] } : { text: 'plan' };
            const o = { viewer, filter, limit, pace, ascending };
            const pages: FoundPage[] = [await findFiles(catalog, o)];
            for (let page = pages[0]; page?.older; ) {
              page = await findFiles(catalog, { ...o, cursor: page.older });
              pages.push(page);
            }
            expect(pages.flatMap(rows)).toEqual(plainly(files, channelIds, ascending));
            for (let at = pages.length - 1, page = pages[at]; page?.newer; ) {
              page = await findFiles(catalog, { ...o, cursor: page.newer });
              at -= 1;
              expect(rows(page)).toEqual(rows(pages[at] as FoundPage));
            }
          },
        ),
        { numRuns: runs(60) },
      );
    }, 120_000);

    it('are the first ones of all where the time is up, and where these fill the page, nothing is missing', async () => {
      // The oldest are shown where they were shared last, behind all others.
      const later = [0, 1, 2].map(
        (at): Plain => ({
          isMine: false,
          shares: [
            [at, 'C1'],
            [20 + at, 'C2'],
          ],
        }),
      );
      const once = [3, 4, 5, 6, 7, 8].map((at): Plain => ({ isMine: false, shares: [[at, 'C1']] }));
      const files = [...later, ...once];
      await fill(files);
      const viewer = { teamId: TEAM, channelIds: CHANNELS };
      for (const ascending of [true, false]) {
        const all = plainly(files, CHANNELS, ascending);
        const filter = ascending ? { patterns: ['*plan*'] } : { text: 'plan' };
        const o = { viewer, filter, limit: 3, pace, ascending };
        for (let looks = 0, isWhole = false; !isWhole; looks++) {
          let looked = -1;
          const budget = new Budget(60_000, () => (looked++ < looks ? 0 : 60_001));
          const page = await findFiles(catalog, { ...o, budget });
          expect(rows(page), `after ${looks}`).toEqual(all.slice(0, page.files.length));
          if (page.stopped) expect(page.older, `after ${looks}`).toBeNull();
          else expect(page.files).toHaveLength(3);
          isWhole = !page.stopped;
          expect(looks).toBeLessThan(100);
        }
      }
    });
  },
);
