import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withoutNewWords } from '../../../src/capture/words.ts';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { fillIn } from '../../../src/catalog/files/capture.ts';
import { fileById } from '../../../src/catalog/files/lookup.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import type { Share, SharedFile, Sighting } from '../../../src/catalog/model.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { newsAmong } from '../../../src/catalog/sweep/news.ts';
import { runs } from '../../runs.ts';
import { databases, empty } from '../databases.ts';
import { sampleFile, sampleShare, sampleStub, storeFile, T0, TEAM } from '../samples.ts';

/** A picture as Slack tells of it: with this description, or none (null). */
function picture(altText: string | null): SharedFile {
  return sampleFile('F1', { altText, ...(altText === null ? {} : { facts: { altText } }) });
}

describe.each(databases)('how a picture is described, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog?.close());
  beforeEach(() => empty(catalog));

  const seen = (file: SharedFile, share: Partial<Share> = {}): Sighting => ({
    file,
    share: sampleShare('C1', T0, share),
  });
  const told = (...sightings: Sighting[]) => recordShares(catalog, TEAM, sightings, T0);
  const factsNow = async () => (await fileById(catalog, { teamId: TEAM, fileId: 'F1' }))?.facts;
  const kept = async () => (await factsNow())?.altText ?? null;
  async function finds(text: string) {
    const viewer = { teamId: TEAM, channelIds: ['C1'] };
    const filter = { text, where: 'text' as const };
    return (await findFiles(catalog, { viewer, filter, limit: 5, said: true })).files.length;
  }

  it('goes when it was taken away in Slack: from the file, and from searches', async () => {
    await told(seen(picture('a red house')));
    await storeFile(catalog, 'F1');
    expect(await finds('house')).toBe(1);
    await told(seen(picture(null), { askedAt: T0 + 5_000 }));
    expect(await finds('house')).toBe(0);
    expect(JSON.stringify(await factsNow())).not.toContain('house');
  });

  it('goes by what files.info told of a change, too', async () => {
    await told(seen(picture('a red house')));
    await fillIn(catalog, picture(null), T0 + 5_000);
    expect(await kept()).toBeNull();
  });

  it('a stub, or an object that says nothing of it, takes nothing away', async () => {
    await told(seen(picture('a red house')));
    await told(
      seen(sampleStub('F1'), { askedAt: T0 + 5_000 }),
      seen(sampleFile('F1'), { askedAt: T0 + 6_000 }),
    );
    expect(await kept()).toBe('a red house');
  });

  it('is known once its message tells it, also where Slack was asked before and nobody had described it yet', async () => {
    await told(seen(sampleStub('F1')));
    await told(seen(picture('a red house')));
    expect(await kept()).toBe('a red house');
  });

  it('the later one counts, in whatever order they are told', async () => {
    const tellings = [
      seen(picture('first')),
      seen(picture('second'), { shownAt: T0 + 1_000 }),
      seen(picture(null), { askedAt: T0 + 2_000 }),
    ];
    const last = seen(picture('third'), { askedAt: T0 + 3_000 });
    const order = fc.shuffledSubarray([1, 2, 0, 1, 2, 0], { minLength: 6 });
    await fc.assert(
      fc.asyncProperty(order, fc.boolean(), async (indexes, isBack) => {
        await empty(catalog);
        const all = indexes.map((index) => tellings[index] as Sighting);
        for (const one of isBack ? [...all, last, ...all] : all) await told(one);
        expect(await kept()).toBe(isBack ? 'third' : null);
      }),
      { numRuns: runs(20) },
    );
  });

  it('a sweep brings what no event told, once', async () => {
    await told(seen(picture('a red house')));
    const ask = (one: Sighting) => newsAmong(catalog, { teamId: TEAM, channelId: 'C1' }, [one]);
    const gone = (askedAt: number) => seen(picture(null), { askedAt });
    expect(await ask(seen(picture('a red house'), { askedAt: T0 + 5_000 }))).toEqual([]);
    expect(await ask(gone(T0 + 5_000))).toHaveLength(1);
    await told(gone(T0 + 5_000));
    expect(await ask(gone(T0 + 9_000))).toEqual([]);
  });

  it('where words are not kept any more, it stays until it is edited, and nothing comes in its place', async () => {
    const untold = (altText: string | null, askedAt: number) =>
      withoutNewWords(seen(picture(altText), { askedAt }));
    await told(seen(picture('a red house')));
    await told(untold('a red house', T0 + 1_000));
    expect(await kept()).toBe('a red house');
    await told(untold('a blue house', T0 + 2_000));
    expect(await kept()).toBeNull();
    const again = [untold('a blue house', T0 + 3_000)];
    expect(await newsAmong(catalog, { teamId: TEAM, channelId: 'C1' }, again)).toEqual([]);
    await told(seen(picture('a blue house'), { askedAt: T0 + 4_000 }));
    expect(await kept()).toBe('a blue house');
  });
});
