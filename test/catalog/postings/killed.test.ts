import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { openCatalog } from '../../../src/catalog/db/open.ts';
import { idsIn } from '../../../src/catalog/postings/ids.ts';
import { lookUp } from '../../../src/catalog/postings/look-up.ts';
import { mergeGone } from '../../../src/catalog/postings/merge-gone.ts';
import { hasPostgres, newDatabase, openNewCatalog, temporaryFolder } from '../databases.ts';

const ROUNDS = Number(process.env.KILLS ?? 2);

/** Of the last ones, what they have is looked at, too. */
const LOOKED_AT = 40;

interface Place {
  dataDir: string;
  databaseUrl?: string;
}

/** Runs the process for a while, and kills it; the documents that it said. */
async function killedAfter(ms: number, first: number, round: number, { dataDir, databaseUrl = '' }: Place) {
  const script = join(import.meta.dirname, 'merging-process.ts');
  const child = spawn(process.execPath, [script, String(first), String(round), dataDir, databaseUrl]);
  const lines = createInterface({ input: child.stdout });
  let errors = '';
  child.stderr.on('data', (data) => {
    errors += data;
  });
  const said: number[] = [];
  const opened = Promise.withResolvers<void>();
  lines.on('line', (line) => {
    if (line === 'open') opened.resolve();
    else said.push(Number(line));
  });
  const closed = once(lines, 'close');
  await Promise.race([opened.promise, once(child, 'exit')]);
  await pause(ms);
  child.kill('SIGKILL');
  await closed;
  return { said, errors };
}

/** `some` are looked for each by itself. */
async function expectWhole(place: Place, there: ReadonlyMap<number, number>, some: ReadonlySet<number>) {
  const catalog = await openCatalog(place);
  try {
    const all = await lookUp(catalog, { groups: [[1]] });
    for (const [id, round] of there) {
      expect(all?.newest.has(id)).toBe(true);
      if (!some.has(id)) continue;
      const own = await lookUp(catalog, { groups: [[10_000 + id]] });
      expect([...(own?.newest ?? [])]).toEqual([id]);
      if (round === 0) continue;
      const anew = await lookUp(catalog, { groups: [[10_000 + id], [900_000 + round]] });
      expect([...(anew?.newest ?? [])]).toEqual([id]);
    }
    const { rows } = await sql<{ id: number; slot: number; ids: Uint8Array; documents: number }>`
      select d.id, d.slot, s.ids, s.documents from content_document d
      left join content_segment s on s.id = d.segment_id and s.level >= 0`.execute(catalog.db);
    expect(rows.length).toBe(all?.newest.size);
    for (const { id, slot, ids, documents } of rows) expect(idsIn(ids, documents)[slot]).toBe(id);
    const { rows: lost } = await sql`
      select 1 from content_part where segment_id not in (select id from content_segment)
      union all select 1 from content_gone where segment_id not in (select id from content_segment)`.execute(
      catalog.db,
    );
    expect(lost).toHaveLength(0);
    await mergeGone(catalog, { now: () => Date.now() + 30 * 60_000 });
    const left = await sql`select 1 from content_segment where level < 0`.execute(catalog.db);
    expect(left.rows).toHaveLength(0);
    expect((await lookUp(catalog, { groups: [[1]] }))?.newest.size).toBe(all?.newest.size);
  } finally {
    await catalog.close();
  }
}

async function killedAgainAndAgain(place: Place) {
  /** With the round in which each was last indexed anew; 0 for never. */
  const there = new Map<number, number>();
  let merged = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const first = Math.max(0, ...there.keys()) + 2;
    const { said, errors } = await killedAfter(300 + Math.random() * 500, first, round, place);
    expect(errors).toBe('');
    for (const one of said) there.set(Math.abs(one), one < 0 ? round : 0);
    merged += said.length;
    await expectWhole(place, there, new Set(said.slice(-LOOKED_AT).map(Math.abs)));
  }
  expect(merged).toBeGreaterThan(16);
}

/** A process may be killed between any two of its steps: what it had said is in the index, once. */
describe('the index of what is in files, after a process was killed', () => {
  it('is whole on SQLite', async () => {
    const folder = temporaryFolder();
    try {
      await (await openNewCatalog(folder.path)).close();
      await killedAgainAndAgain({ dataDir: folder.path });
    } finally {
      folder.remove();
    }
  }, 300_000);

  it.skipIf(!hasPostgres)(
    'is whole on PostgreSQL',
    async () => {
      const database = await newDatabase('all');
      try {
        await killedAgainAndAgain({ dataDir: '', databaseUrl: database.url });
      } finally {
        await database.drop();
      }
    },
    300_000,
  );
});
