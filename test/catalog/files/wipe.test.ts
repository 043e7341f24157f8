import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDuePeriodicJobs, nextPeriodicJobDueAt } from '../../../src/catalog/alerts/periodic-jobs.ts';
import { type Catalog, openCatalog } from '../../../src/catalog/db/open.ts';
import { indexDueSaid } from '../../../src/catalog/files/said-due.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { claimPurges, commitPurged, purgeNow, trashFile } from '../../../src/catalog/files/trash.ts';
import { wipe, wipeDone } from '../../../src/catalog/files/wipe.ts';
import { wordKey } from '../../../src/catalog/postings/keys.ts';
import { slotsOf } from '../../../src/catalog/postings/part.ts';
import { claimReadings, readingDone } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { PERIODIC } from '../../../src/jobs/periodic/index.ts';
import { openNewCatalog, temporaryFolder } from '../databases.ts';
import { found, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

const F1 = { teamId: TEAM, fileId: 'F1' };
const HOUR = 60 * 60_000;
/** In its name, its text and its message; each begins as no other word does, so that an index holds it whole. */
const SECRETS = ['zwiebelfisch', 'yucca', 'zwi'];

describe("what was forgotten, in SQLite's own files", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let catalog: Catalog;
  beforeEach(async () => {
    folder = temporaryFolder();
    catalog = await openNewCatalog(folder.path);
    await startReading(catalog);
  });
  afterEach(async () => {
    await catalog.close();
    folder.remove();
  });

  async function store(fileId: string, name: string, text: string, said: string) {
    const share = sampleShare('C1', T0, { said: { author: 'U1', text: said, at: T0 } });
    await recordShares(catalog, TEAM, [{ ...found(fileId, 'C1', T0, { name, title: null }), share }], T0);
    await storeFile(catalog, fileId);
    const [row] = await claimReadings(catalog, { owner: 'r', limit: 1, leaseMs: 9, now: T0 });
    if (row === undefined) throw new Error('nothing is to be read');
    await readingDone(catalog, row, 'r', { words: new Set(text.split(' ')), state: 'read', reason: null });
    await indexDueSaid(catalog);
  }
  async function forget() {
    await trashFile(catalog, { ref: F1, actorId: 'U2', channelId: 'C1', purgeAt: T0 + HOUR, now: T0 });
    await purgeNow(catalog, { ref: F1, actorId: 'U2', now: T0, forget: true });
    const [file] = await claimPurges(catalog, { owner: 'p', limit: 1, leaseMs: 9, now: T0 });
    if (file === undefined) throw new Error('nothing is to be removed');
    await commitPurged(catalog, F1, 'p', T0);
  }
  /** Whether the bytes of the catalog's files have the word, with nothing left in the log of changes. */
  async function holds(word: string): Promise<boolean> {
    await catalog.close();
    const files = readdirSync(folder.path).map((name) => readFileSync(join(folder.path, name)));
    catalog = await openCatalog({ dataDir: folder.path });
    return files.some((bytes) => bytes.toString('latin1').toLowerCase().includes(word));
  }

  /** Whether the index of contents has the word, also of a document that is gone. */
  async function isIndexed(word: string): Promise<boolean> {
    const { rows } = await sql<{ bits: Uint8Array; documents: number }>`
      select p.bits, s.documents from content_part p join content_segment s on s.id = p.segment_id`.execute(
      catalog.db,
    );
    let slots = 0;
    for (const { bits, documents } of rows) slotsOf(bits, documents, wordKey(word), () => slots++);
    return slots > 0;
  }

  it('is there until it is wiped, and the words of others stay', async () => {
    await store('F2', 'offer.pdf', 'quokka', 'here it is');
    await store('F1', 'zwiebelfisch.pdf', 'xylophon', 'yucca');
    await forget();
    expect([await holds('yucca'), await isIndexed('xylophon')]).toEqual([true, true]);
    let steps = 0;
    await wipe(
      catalog,
      () => T0,
      async () => steps++,
    );
    expect(steps).toBeGreaterThan(3);
    for (const word of SECRETS) expect([word, await holds(word)]).toEqual([word, false]);
    expect([await isIndexed('quokka'), await isIndexed('xylophon')]).toEqual([true, false]);
    const { rows } = await sql`select id from content_document`.execute(catalog.db);
    expect(rows).toHaveLength(1);
    expect((await sql`select 1 from wipe_room`.execute(catalog.db)).rows).toEqual([]);
  });

  it('goes also while others come', async () => {
    for (let i = 0; i < 300; i++)
      await store(`G${i}`, 'offer.pdf', `quokka number${i} of${i} many${i}`, `here ${i}`);
    await store('F1', 'zwiebelfisch.pdf', 'xylophon', 'yucca');
    await forget();
    let steps = 0;
    await wipe(
      catalog,
      () => T0,
      async () => {
        steps += 1;
        if (steps > 500) throw new Error('it does not end');
        await store(`H${steps}`, 'letter.pdf', `wombat${steps}`, `it ${steps}`);
      },
    );
    for (const word of SECRETS) expect([word, await holds(word)]).toEqual([word, false]);
    expect(await isIndexed('xylophon')).toBe(false);
  });

  it('goes in an hour, and once more if something was forgotten meanwhile', async () => {
    await store('F1', 'zwiebelfisch.pdf', 'xylophon', 'yucca');
    expect(await nextPeriodicJobDueAt(catalog)).toBeNull();
    await forget();
    expect(await nextPeriodicJobDueAt(catalog)).toBe(T0 + HOUR);
    const claim = () =>
      claimDuePeriodicJobs(catalog, { owner: 'w', limit: 1, leaseMs: 9, now: T0 + 2 * HOUR });
    const [job] = await claim();
    if (job === undefined) throw new Error('nothing is due');
    const vault = { catalog, now: () => T0 + 2 * HOUR, log: {} } as never;
    await PERIODIC.wipe.work(vault, 'w', job, new AbortController().signal);
    expect([await holds('yucca'), await isIndexed('xylophon')]).toEqual([false, false]);
    expect(await nextPeriodicJobDueAt(catalog)).toBeNull();
    await sql`update chore set due_at = ${T0}`.execute(catalog.db);
    const [again] = await claim();
    await sql`update chore set memo = '{"now":1}'`.execute(catalog.db);
    await wipeDone(catalog, 'w', again?.memo ?? {}, T0);
    expect(await nextPeriodicJobDueAt(catalog)).toBe(T0 + HOUR);
  });
});
