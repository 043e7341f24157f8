import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import { reachOf } from '../../../src/catalog/search/reach.ts';
import type { Search } from '../../../src/catalog/search/spans.ts';
import { filesOf, type LastStep } from '../../../src/catalog/search/step-files.ts';
import { runs } from '../../runs.ts';
import { databases } from '../databases.ts';
import { sampleFile, sampleShare, T0, TEAM } from '../samples.ts';

const FILES = 60;

describe.each(databases)('the files of a step of a walk, on $name', ({ fresh }) => {
  let catalog: Catalog;
  let search: Search;
  /** The file of each entry, in the order of time. */
  const shared: string[] = [];
  const ids = new Map<string, number>();

  beforeAll(async () => {
    catalog = await fresh();
    const share = async (fileId: string) => {
      const sighting = { file: sampleFile(fileId), share: sampleShare('C1', T0 + shared.length) };
      await recordShares(catalog, TEAM, [sighting], T0);
      shared.push(fileId);
    };
    // Every seventh file is shared once more much later, in another channel, and others are of nobody here.
    for (let i = 0; i < FILES; i++) {
      await share(`F${i}`);
      if (i % 5 === 0) {
        const hidden = { file: sampleFile(`H${i}`), share: sampleShare('C9', T0 + i) };
        await recordShares(catalog, TEAM, [hidden], T0);
      }
    }
    for (let i = 0; i < FILES; i += 7) {
      const again = { file: sampleFile(`F${i}`), share: sampleShare('C2', T0 + shared.length) };
      await recordShares(catalog, TEAM, [again], T0);
      shared.push(`F${i}`);
    }
    const rows = await catalog.db.selectFrom('file').select(['id', 'fileId']).execute();
    for (const { id, fileId } of rows) ids.set(fileId, id);
    const reach = await reachOf(catalog, { teamId: TEAM, channelIds: ['C1', 'C2'] });
    search = {
      ...{ reach, pace: { few: 1, step: 10 }, budget: new Budget(), storedOnly: false },
      ...{ tags: [], conditions: [], words: [], candidates: [] },
    };
  }, 60_000);
  afterAll(() => catalog?.close());

  const inSpan = (low: number, high: number) =>
    [...new Set(shared.slice(low, high + 1))].map((fileId) => ids.get(fileId)).sort();

  it('are the same, wherever the last ones are said to stand', async () => {
    const place = fc.nat({ max: FILES + 20 });
    const step = fc.record({ low: place, long: fc.nat({ max: 30 }), isOlder: fc.boolean() });
    const last = fc.option(
      fc.record({ low: place, width: fc.nat({ max: 40 }), files: fc.integer({ min: 1, max: 40 }) }),
      {
        nil: undefined,
      },
    );
    await fc.assert(
      fc.asyncProperty(step, last, async ({ low, long, isOlder }, known) => {
        const lastStep: LastStep = known
          ? { ids: { low: known.low, high: known.low + known.width, files: known.files } }
          : {};
        const span: [number, number] = [T0 + low, T0 + low + long];
        const asked = { span, entries: long, direction: isOlder ? ('older' as const) : ('newer' as const) };
        const files = await filesOf(catalog, search, asked, lastStep);
        expect(new Set(files).size).toBe(files.length);
        expect(files.sort()).toEqual(inSpan(low, low + long));
      }),
      { numRuns: runs(150) },
    );
  });

  it('are learnt from one step for the next, where they lie close together', async () => {
    const lastStep: LastStep = {};
    for (const low of [50, 40, 30, 20]) {
      const span: [number, number] = [T0 + low, T0 + low + 9];
      const files = await filesOf(catalog, search, { span, entries: 10, direction: 'older' }, lastStep);
      expect(files.sort()).toEqual(inSpan(low, low + 9));
      expect(lastStep.ids).toMatchObject({ files: 10 });
    }
    // What was shared again stands all over the place.
    const span: [number, number] = [T0 + FILES, T0 + FILES + 8];
    await filesOf(catalog, search, { span, entries: 9, direction: 'newer' }, lastStep);
    expect(lastStep.ids).toBeUndefined();
  });
});
