import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Catalog, openCatalog } from '../../../src/catalog/db/open.ts';
import { inTransaction } from '../../../src/catalog/db/transaction.ts';
import { dropDocument, putDocument } from '../../../src/catalog/postings/documents.ts';
import { idsIn } from '../../../src/catalog/postings/ids.ts';
import { lookUp } from '../../../src/catalog/postings/look-up.ts';
import { mergeSegments } from '../../../src/catalog/postings/merge.ts';
import { mergeGone } from '../../../src/catalog/postings/merge-gone.ts';
import { partsOf } from '../../../src/catalog/postings/segment.ts';
import { hasPostgres, newDatabase } from '../databases.ts';

const MS = Number(process.env.STRESS_MS ?? 2_000);

/** Bots that share a database put in, take out, look up and merge, all at once. */
describe.skipIf(!hasPostgres)('the index of what is in files, by several bots', () => {
  const bots: Catalog[] = [];
  let drop = async () => {};
  beforeAll(async () => {
    const database = await newDatabase('all');
    drop = database.drop;
    for (let bot = 0; bot < 4; bot++)
      bots.push(await openCatalog({ databaseUrl: database.url, dataDir: '' }));
  });
  afterAll(async () => {
    for (const bot of bots) await bot.close();
    await drop();
  });
  const bot = (at: number) => bots[at % bots.length] as Catalog;

  it('finds what stays all the time, and never what went before', async () => {
    /** Documents that stay have key 1; the others 2 and their number of the time. */
    const there = new Map<number, number>();
    const STAY = 200;
    for (let id = 1; id <= STAY; id++) await putDocument(bot(id), id, [...partsOf([[1, 10_000 + id]])]);
    const end = performance.now() + MS;
    const goesOn = () => performance.now() < end;
    let serial = 0;
    const counts = { puts: 0, drops: 0, merges: 0, looks: 0 };
    // Each writer has documents of its own; it takes several out at once, in any order.
    const writer = async (own: number) => {
      const ids = Array.from({ length: 60 }, (_, i) => (own + 1) * 1_000 + i);
      while (goesOn()) {
        const some = ids.toSorted(() => Math.random() - 0.5).slice(0, 1 + Math.floor(Math.random() * 6));
        const isPut = Math.random() < 0.6;
        serial += 1;
        const key = 20_000 + serial;
        await inTransaction(bot(own), async (scope) => {
          for (const id of some)
            if (isPut) await putDocument(scope, id, [...partsOf([[2, key]])]);
            else await dropDocument(scope, id);
        });
        for (const id of some)
          if (isPut) there.set(id, key);
          else there.delete(id);
        counts[isPut ? 'puts' : 'drops'] += 1;
      }
    };
    const merger = async (own: number) => {
      while (goesOn()) {
        // Some take what others make for cut off.
        const now = () => Date.now() + (Math.random() < 0.1 ? 10 * 60_000 : 0);
        if (await mergeSegments(bot(own), { now })) counts.merges += 1;
        else await pause(5);
        if (Math.random() < 0.02) await Promise.race([mergeGone(bot(own), { now }), pause(300)]);
      }
    };
    const looker = async (own: number) => {
      while (goesOn()) {
        const held = await lookUp(bot(own), { groups: [[1]] });
        expect(held?.newest.size).toBe(STAY);
        const [id, key] = [...there][Math.floor(Math.random() * there.size)] ?? [];
        if (id !== undefined && key !== undefined) {
          const one = await lookUp(bot(own), { groups: [[key]] });
          if (there.get(id) === key) expect(one?.newest.has(id)).toBe(true);
        }
        const went = 20_000 + Math.floor(Math.random() * serial);
        const isThere = () => [...there.values()].includes(went);
        if (!isThere() && went < 20_000 + serial - 20) {
          const gone = await lookUp(bot(own), { groups: [[went]] });
          if (!isThere()) expect(gone?.newest.size).toBe(0);
        }
        counts.looks += 1;
      }
    };
    await Promise.all([
      ...[0, 1, 2, 3, 4, 5].map(writer),
      ...[0, 1, 2, 3].map(merger),
      ...[0, 1, 2].map(looker),
    ]);
    if (process.env.STRESS_MS) console.log(counts);
    const later = () => Date.now() + 30 * 60_000;
    while (await mergeSegments(bot(0), { now: later }));
    await mergeGone(bot(0), { now: later });
    const held = await lookUp(bot(0), { groups: [[2]] });
    expect([...(held?.newest ?? [])]).toEqual([...there.keys()].sort((a, b) => a - b));
    for (const [id, key] of there) {
      const one = await lookUp(bot(0), { groups: [[key]] });
      expect(one?.newest.has(id)).toBe(true);
    }
    expect((await lookUp(bot(0), { groups: [[1]] }))?.newest.size).toBe(STAY);
    const { db } = bot(0);
    const { rows: lost } =
      await sql`select 1 from content_part where segment_id not in (select id from content_segment)
        union all select 1 from content_gone where segment_id not in (select id from content_segment)`.execute(
        db,
      );
    expect(lost).toHaveLength(0);
    const { rows } = await sql<{
      id: number;
      slot: number;
      ids: Uint8Array;
      documents: number;
      level: number;
    }>`
      select d.id, d.slot, s.ids, s.documents, s.level from content_document d join content_segment s on s.id = d.segment_id`.execute(
      db,
    );
    expect(rows).toHaveLength(STAY + there.size);
    for (const { id, slot, ids, documents, level } of rows) {
      expect(level).toBeGreaterThanOrEqual(0);
      expect(idsIn(ids, documents)[slot]).toBe(id);
    }
  }, 300_000);
});
