import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { type KyselyPlugin, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { IdSet, isInSet } from '../../../src/catalog/postings/document-set.ts';
import { dropDocument, putDocument } from '../../../src/catalog/postings/documents.ts';
import { channelSetKey } from '../../../src/catalog/postings/keys.ts';
import { lookUp, type Sought } from '../../../src/catalog/postings/look-up.ts';
import { isMergeDue, mergeSegments } from '../../../src/catalog/postings/merge.ts';
import { mergeGone } from '../../../src/catalog/postings/merge-gone.ts';
import { partsOf } from '../../../src/catalog/postings/segment.ts';
import { turnsOf } from '../../helpers/turns.ts';
import { runs } from '../../runs.ts';
import { databases, empty } from '../databases.ts';
import { T0 } from '../samples.ts';

/** What the index is to have: the keys of each document. */
type Plain = Map<number, Set<number>>;

/** The documents that have what is sought, as anybody would look for them. */
function plainly(plain: Plain, { groups, channelSets, without = [] }: Sought): number[] {
  return [...plain]
    .filter(([id, keys]) => {
      const hasAny = (some: readonly number[]) => some.some((key) => keys.has(key));
      const isOut = id > 0 && without.some((groups) => groups.every(hasAny));
      return (
        groups.every(hasAny) &&
        !isOut &&
        (channelSets === undefined || hasAny(channelSets.map(channelSetKey)))
      );
    })
    .map(([id]) => id)
    .sort((a, b) => a - b);
}

const asPlain = (held: Awaited<ReturnType<typeof lookUp>>) =>
  [...[...(held?.older ?? [])].map((id) => -id), ...(held?.newest ?? [])].sort((a, b) => a - b);

const key = fc.nat({ max: 12 });
const sought = fc.record({
  groups: fc.array(fc.array(key, { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
  channelSets: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 3 })), { nil: undefined }),
  without: fc.array(fc.array(fc.array(key, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }), {
    maxLength: 2,
  }),
});
const id = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: -9, max: -1 }));
const change = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ id, keys: fc.array(key, { maxLength: 8 }), set: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 2, arbitrary: fc.record({ dropped: id }) },
  { weight: 1, arbitrary: fc.record({ merged: fc.boolean() }) },
);

describe.each(databases)('the index of what is in files, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog?.close());
  beforeEach(() => empty(catalog));

  const now = () => T0;
  const put = async (plain: Plain, one: number, keys: Iterable<number>) => {
    const all = new Set(keys);
    await putDocument(catalog, one, [...partsOf([all])]);
    plain.set(one, all);
  };
  const drop = async (plain: Plain, one: number) => {
    await dropDocument(catalog, one);
    plain.delete(one);
  };
  const mergeAll = async () => {
    while (await mergeSegments(catalog, { now }));
  };
  const levels = async () =>
    (
      await sql<{
        level: number;
        documents: number;
      }>`select level, documents from content_segment where level >= 0 order by id`.execute(catalog.db)
    ).rows;
  const ask = async (asked: Sought) => asPlain(await lookUp(catalog, asked));

  it('finds what anybody would find, whatever came, went and was merged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 45 }),
        fc.array(sought, { minLength: 1, maxLength: 4 }),
        async (changes, questions) => {
          await empty(catalog);
          const plain: Plain = new Map();
          for (const one of changes) {
            if ('keys' in one) await put(plain, one.id, [...one.keys, channelSetKey(one.set)]);
            else if ('dropped' in one) await drop(plain, one.dropped);
            else if (one.merged) await mergeGone(catalog, { now });
            else await mergeSegments(catalog, { now });
          }
          for (const asked of questions) {
            expect(await ask(asked)).toEqual(plainly(plain, asked));
            const among = [...plain.keys()].filter((one) => one % 2 === 0);
            const some = new Map([...plain].filter(([one]) => one % 2 === 0));
            expect(asPlain(await lookUp(catalog, asked, { among }))).toEqual(plainly(some, asked));
          }
        },
      ),
      { numRuns: runs(60) },
    );
  }, 120_000);

  /** Of many documents: a key of all, of every third, of one in fifty, and one of its own. */
  const keysOf = (one: number) => [
    1,
    one % 3 === 0 ? 2 : 3,
    one % 50 === 0 ? 4 : 5,
    1_000 + one,
    channelSetKey(one % 7),
  ];
  const QUESTIONS: Sought[] = [
    { groups: [[1]] },
    { groups: [[4], [2]] },
    { groups: [[4, 1_007]], without: [[[2]]] },
    { groups: [[5]], channelSets: [3, 4] },
    { groups: [[1_123]] },
    { groups: [[99]] },
  ];
  const expectAll = async (plain: Plain) => {
    for (const asked of QUESTIONS) expect(await ask(asked)).toEqual(plainly(plain, asked));
  };

  it('becomes few segments of many documents, and shrinks when these go', async () => {
    const plain: Plain = new Map();
    for (let one = 1; one <= 300; one++) {
      await put(plain, one, keysOf(one));
      if (one % 40 === 0) await mergeAll();
    }
    await mergeAll();
    const merged = await levels();
    expect(merged.length).toBeLessThan(16);
    expect(Math.max(...merged.map(({ documents }) => documents))).toBe(256);
    expect(
      merged.every(({ level, documents }) => level === (documents >= 256 ? 2 : documents >= 16 ? 1 : 0)),
    ).toBe(true);
    await expectAll(plain);
    for (let one = 1; one <= 300; one++) if (one % 5 !== 0) await drop(plain, one);
    await expectAll(plain);
    await mergeAll();
    await expectAll(plain);
    expect((await levels()).reduce((sum, { documents }) => sum + documents, 0)).toBeLessThan(80);
    const { rows } = await sql`select 1 from content_gone`.execute(catalog.db);
    expect(rows.length).toBeLessThan(20);
    for (const one of [...plain.keys()]) await drop(plain, one);
    await mergeGone(catalog, { now });
    const left = async (table: string) =>
      (await sql`select 1 from ${sql.table(table)}`.execute(catalog.db)).rows.length;
    expect([await left('content_part'), await left('content_gone'), await left('content_document')]).toEqual([
      0, 0, 0,
    ]);
  }, 60_000);

  it('knows what is gone by a list, and by bits when the list is long', async () => {
    const plain: Plain = new Map();
    for (let one = 1; one <= 256; one++) await put(plain, one, keysOf(one));
    await mergeAll();
    await sql`update content_segment set level = 3 where level >= 0`.execute(catalog.db);
    const folded = async () =>
      (
        await sql<{
          gone: Uint8Array | null;
        }>`select gone from content_segment where level >= 0 order by id`.execute(catalog.db)
      ).rows.map(({ gone }) => gone !== null);
    for (let one = 1; one <= 40; one++) await drop(plain, one * 2);
    await mergeAll();
    expect(await folded()).toEqual([false]);
    await expectAll(plain);
    // A segment with as many that it is not made anew.
    const parts = Array.from({ length: 20 }, (_, i) => 2_000 + i);
    for (const one of parts) await put(plain, one, keysOf(one));
    await sql`insert into content_gone (segment_id, slot) select (select min(id) from content_segment where level >= 0), n.id
      from (${sql.join(
        Array.from({ length: 300 }, (_, i) => sql`select cast(${300 + i} as bigint) as id`),
        sql` union all `,
      )}) n`.execute(catalog.db);
    await sql`update content_segment set documents = 4096 where level = 3`.execute(catalog.db);
    await mergeSegments(catalog, { now });
    expect((await folded())[0]).toBe(true);
  });

  it('while it is merged, answers stay what they are, and what comes and goes meanwhile counts', async () => {
    const plain: Plain = new Map();
    for (let one = 1; one <= 16; one++)
      await put(plain, one, [
        ...keysOf(one),
        ...Array.from({ length: 9_000 }, (_, n) => 50_000 + one * 10_000 + n),
      ]);
    let steps = 0;
    await mergeSegments(catalog, {
      now,
      onStep: async () => {
        steps += 1;
        if (steps === 2) await drop(plain, 3);
        if (steps === 3) await put(plain, 5, keysOf(150));
        if (steps === 4) await put(plain, 17, keysOf(200));
        await expectAll(plain);
      },
    });
    expect(steps).toBeGreaterThan(4);
    await expectAll(plain);
    expect((await levels()).some(({ documents }) => documents === 16)).toBe(true);
    await drop(plain, 17);
    await drop(plain, 5);
    await expectAll(plain);
  });

  it('a merge that was cut off leaves nothing, and the next does it all', async () => {
    const plain: Plain = new Map();
    for (let one = 1; one <= 16; one++) await put(plain, one, keysOf(one));
    const before = await levels();
    const cut = mergeSegments(catalog, { now, onStep: () => Promise.reject(new Error('stopped')) });
    await expect(cut).rejects.toThrow('stopped');
    await expectAll(plain);
    // As a process that was killed leaves it.
    await sql`update content_segment set level = -1, at = ${T0} where level < 0`.execute(catalog.db);
    // On SQLite there is no other that might still make it.
    if (catalog.kind === 'postgres') expect(await mergeSegments(catalog, { now })).toBe(false);
    const later = () => T0 + (catalog.kind === 'postgres' ? 3 * 60_000 : 0);
    expect(await mergeSegments(catalog, { now: later })).toBe(true);
    expect(await levels()).toEqual([{ level: 1, documents: 16 }]);
    expect(before).toHaveLength(16);
    await expectAll(plain);
    const segments = async () =>
      (await sql`select distinct segment_id from content_part`.execute(catalog.db)).rows.length;
    // Those that it was made of stay for the searches that began before.
    expect(await segments()).toBe(17);
    const muchLater = later() + 11_000;
    expect(await isMergeDue(catalog, later())).toBe(false);
    expect(await isMergeDue(catalog, muchLater)).toBe(true);
    await mergeSegments(catalog, { now: () => muchLater });
    expect(await isMergeDue(catalog, muchLater)).toBe(false);
    expect(await segments()).toBe(1);
    await expectAll(plain);
  });

  /** A merge that stands still at one of its steps until it is told to go on. */
  async function standingStill(at = 2): Promise<{ goOn: () => Promise<boolean> }> {
    const [reached, told] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let steps = 0;
    const merge = mergeSegments(catalog, {
      now,
      onStep: async () => {
        steps += 1;
        if (steps !== at) return;
        reached.resolve();
        await told.promise;
      },
    });
    await Promise.race([reached.promise, merge]);
    const goOn = () => {
      told.resolve();
      return merge;
    };
    return { goOn };
  }
  const long = (one: number) => [
    ...keysOf(one),
    ...Array.from({ length: 9_000 }, (_, n) => 50_000 + one * 10_000 + n),
  ];
  /** Parts of which no segment knows. */
  const lost = async () =>
    (
      await sql`select 1 from content_part where segment_id not in (select id from content_segment)`.execute(
        catalog.db,
      )
    ).rows.length;

  it('what stands still for long does its work in vain; nothing is lost, and nothing is left of it', async () => {
    const plain: Plain = new Map();
    for (let one = 1; one <= 20; one++) await put(plain, one, long(one));
    const { goOn } = await standingStill();
    const later = () => T0 + 11 * 60_000;
    const others = await mergeSegments(catalog, { now: later });
    // Only on PostgreSQL there may be another process.
    expect(others).toBe(catalog.kind === 'postgres');
    await expectAll(plain);
    expect(await goOn()).toBe(catalog.kind === 'sqlite');
    await expectAll(plain);
    expect(await lost()).toBe(0);
    expect((await levels()).map(({ documents }) => documents).toSorted((a, b) => a - b)).toEqual([
      ...[1, 1, 1, 1, 16],
    ]);
  }, 30_000);

  /** The catalog, with something that happens after each transaction. */
  function withAfter(after: () => Promise<void>): Catalog {
    const db = new Proxy(catalog.db, {
      get(real, name) {
        const own = Reflect.get(real, name, real);
        if (name !== 'transaction') return typeof own === 'function' ? own.bind(real) : own;
        return () => ({
          async execute(work: (scope: unknown) => Promise<unknown>) {
            const done = await real.transaction().execute(work);
            await after();
            return done;
          },
        });
      },
    });
    return { ...catalog, db };
  }

  it('what goes on at last while another process removes it loses nothing', async () => {
    const plain: Plain = new Map();
    for (let one = 1; one <= 16; one++) await put(plain, one, keysOf(one));
    const { goOn } = await standingStill(1);
    let went = 0;
    const other = withAfter(async () => {
      went += 1;
      if (went === 1) await goOn();
    });
    await mergeSegments(other, { now: () => T0 + 11 * 60_000 });
    await goOn();
    await mergeAll();
    await expectAll(plain);
    expect(await levels()).toEqual([{ level: 1, documents: 16 }]);
  });

  it('one that took its place stays there, also where the connection broke at its commit', async () => {
    const plain: Plain = new Map();
    for (let one = 1; one <= 16; one++) await put(plain, one, keysOf(one));
    const breaking = withAfter(async () => {
      if ((await levels()).some(({ level, documents }) => level >= 0 && documents === 16))
        throw new Error('the connection broke');
    });
    await expect(mergeSegments(breaking, { now })).rejects.toThrow('the connection broke');
    await mergeAll();
    await expectAll(plain);
    expect(await levels()).toEqual([{ level: 1, documents: 16 }]);
  });

  it('what is gone leaves also while another merge is under way, which is waited for', async () => {
    const plain: Plain = new Map();
    for (let one = 1; one <= 16; one++) await put(plain, one, long(one));
    await mergeAll();
    await drop(plain, 1);
    for (let one = 21; one <= 36; one++) await put(plain, one, long(one));
    const { goOn } = await standingStill();
    let isGone = false;
    let waited = 0;
    const gone = mergeGone(catalog, {
      now,
      onStep: async () => {
        waited += 1;
        if (waited === 1) await goOn();
      },
    }).then(() => {
      isGone = true;
    });
    await pause(100);
    expect(isGone).toBe(false);
    await gone;
    await expectAll(plain);
    const { rows } = await sql`select 1 from content_gone`.execute(catalog.db);
    expect(rows).toHaveLength(0);
  }, 30_000);

  it('what goes meanwhile is left to the next: it ends while much is indexed anew', async () => {
    const plain: Plain = new Map();
    for (let one = 1; one <= 16; one++) await put(plain, one, long(one));
    await mergeAll();
    await drop(plain, 16);
    let steps = 0;
    await mergeGone(catalog, {
      now,
      onStep: async () => {
        steps += 1;
        if (steps > 1_000) throw new Error('it does not end');
        await put(plain, 1 + (steps % 15), keysOf(steps));
      },
    });
    await expectAll(plain);
  }, 30_000);

  it('a search that began before others were merged goes on with those that it knows', async () => {
    const plain: Plain = new Map();
    for (let one = 1; one <= 16; one++) await put(plain, one, keysOf(one));
    let begun = 0;
    const merging: KyselyPlugin = {
      transformQuery({ node }) {
        if (JSON.stringify(node).includes('from content_segment s where')) begun += 1;
        return node;
      },
      async transformResult({ result }) {
        if (begun === 1) await mergeSegments(catalog, { now });
        return result;
      },
    };
    const db = catalog.db.withPlugin(merging);
    const held = await lookUp({ ...catalog, db }, { groups: [[1]], channelSets: [0, 1, 2, 3, 4, 5, 6] });
    expect(asPlain(held)).toEqual([...plain.keys()]);
    expect(begun).toBe(1);
    expect(await levels()).toEqual([{ level: 1, documents: 16 }]);
  });

  it('lets others have their turn after every few segments', async () => {
    const plain: Plain = new Map();
    for (let one = 1; one <= 64; one++) await put(plain, one, keysOf(one));
    const asked = { groups: [[1]], channelSets: [0, 1, 2, 3, 4, 5, 6] };
    // For the channel sets, for the words, and for what was found.
    expect(await turnsOf(() => lookUp(catalog, asked))).toBeGreaterThanOrEqual(3 * 4);
  });

  it('tells which part of all documents is in the channel sets', async () => {
    const plain: Plain = new Map();
    for (let one = 1; one <= 70; one++) await put(plain, one, keysOf(one));
    await mergeAll();
    const within = async (channelSets?: number[]) =>
      (await lookUp(catalog, { groups: [[1]], channelSets }))?.within;
    expect([await within(), await within([]), await within([3, 4])]).toEqual([1, 0, 20 / 70]);
  });

  it('ends where the time is up', async () => {
    await put(new Map(), 1, [1, 2]);
    expect(await lookUp(catalog, { groups: [[1]] }, { hasTime: () => false })).toBeUndefined();
  });

  it('a set of documents is the same as a condition', async () => {
    const numbers = fc.uniqueArray(fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 20_000 })), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(numbers, numbers, fc.boolean(), async (some, others, isLarge) => {
        const set = new IdSet();
        for (const one of [...some, ...some]) set.add(one);
        // With so many it is no list any more.
        if (isLarge) for (let one = 30_000; one < 30_600; one++) set.add(one);
        const asked = [...some, ...others, 30_005, 70_000, 3_000_000];
        const table = sql.join(
          asked.map((one) => sql`select cast(${one} as bigint) as id`),
          sql` union all `,
        );
        const condition = isInSet(catalog.kind, set, sql`n.id`);
        const { rows } = await sql<{
          id: number;
        }>`select distinct n.id from (${table}) n where ${condition} order by n.id`.execute(catalog.db);
        const expected = [...new Set(asked.filter((one) => set.has(one)))].sort((a, b) => a - b);
        expect(rows.map((row) => row.id)).toEqual(expected);
        expect([...set].filter((one) => one < 30_000)).toEqual(some.toSorted((a, b) => a - b));
        const last = 20_000;
        const left = Array.from({ length: last }, (_, i) => i + 1).filter((one) => !set.has(one));
        expect(set.others(last, last + 1)).toEqual(left);
        expect(set.others(last, left.length)).toBeUndefined();
        expect(set.size).toBe(some.length + (isLarge ? 600 : 0));
      }),
      { numRuns: runs(60) },
    );
  });
});
