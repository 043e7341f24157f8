import fc from 'fast-check';
import { CompiledQuery, type KyselyPlugin, type RootOperationNode } from 'kysely';
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
/** Files that a backfill brought, the newest first. */
const BROUGHT = 40;
const T1 = T0 + 1_000;

describe.each(databases)('the files of a step of a walk, on $name', ({ name, fresh }) => {
  let catalog: Catalog;
  let search: Search;
  /** The file of each entry, in the order of time. */
  const shared: string[] = [];
  const ids = new Map<string, number>();
  let statements: RootOperationNode[] = [];
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      statements.push(node);
      return node;
    },
    transformResult: async ({ result }) => result,
  };

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
    for (let i = BROUGHT - 1; i >= 0; i--) {
      const brought = { file: sampleFile(`B${i}`), share: sampleShare('C3', T1 + i) };
      await recordShares(catalog, TEAM, [brought], T0);
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

  /** How many statements each step of a walk to what is older takes, down to the oldest file. */
  async function walked(channelId: string, from: number, to: number): Promise<number[]> {
    const counted = { ...catalog, db: catalog.db.withPlugin(counting) };
    const reach = await reachOf(catalog, { teamId: TEAM, channelIds: [channelId] });
    const lastStep: LastStep = {};
    const each: number[] = [];
    for (let high = to; high > from; high -= 10) {
      statements = [];
      const asked = { span: [high - 9, high] as [number, number], entries: 10, direction: 'older' as const };
      expect(await filesOf(counted, { ...search, reach }, asked, lastStep)).toHaveLength(10);
      each.push(statements.length);
    }
    return each;
  }

  it('are read in a row on whichever side they stand: a backfill brings the newest first', async () => {
    const [asCame, brought] = [await walked('C1', T0, T0 + 49), await walked('C3', T1, T1 + BROUGHT - 1)];
    const isRead = catalog.kind === 'postgres';
    expect(asCame).toEqual(isRead ? [1, 2, 2, 2, 2] : [1, 1, 1, 1, 1]);
    // Once in vain, as nobody knows the side before.
    expect(brought).toEqual(isRead ? [1, 3, 2, 2] : [1, 1, 1, 1]);
  });

  it.runIf(name === 'PostgreSQL')(
    'are read by their ids alone, also from a table that nobody has counted',
    async () => {
      await walked('C1', T0, T0 + 49);
      const { db } = catalog;
      const plans: string[] = [];
      for (const node of statements) {
        const { sql, parameters } = db.getExecutor().compileQuery(node, { queryId: 'plan' });
        if (!sql.includes('id between')) continue;
        const { rows } = await db.executeQuery(CompiledQuery.raw(`explain ${sql}`, [...parameters]));
        plans.push(JSON.stringify(rows));
      }
      expect(plans).toHaveLength(1);
      for (const plan of plans) {
        expect(plan).toContain('file_pkey');
        expect(plan).not.toContain('file_team_id');
      }
    },
  );
});
