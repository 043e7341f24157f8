import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import { everyVersion, insertVersion } from '../../../src/catalog/files/versions.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import { mergeSegments } from '../../../src/catalog/postings/merge.ts';
import { mergeGone } from '../../../src/catalog/postings/merge-gone.ts';
import { claimReadings, forgetReading, readingDone } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { wantedOf } from '../../../src/catalog/reading/wanted.ts';
import { searchedWords } from '../../../src/catalog/reading/words.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { trashedLike } from '../../../src/catalog/search/trashed-like.ts';
import { runs } from '../../runs.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleObject, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

const WORDS = ['budget', 'plan', 'draft', 'layoff'];
const CHANNELS = ['C1', 'C2', 'C3'];
/** Here nothing is read. */
const UNREAD = 'C3';

/** A file as anybody would know it. */
interface Plain {
  channels: Set<string>;
  words: ReadonlySet<string>;
  /** Of its older versions. */
  older: Map<number, ReadonlySet<string>>;
  state: 'stored' | 'trashed' | 'purged';
}

const file = fc.integer({ min: 0, max: 5 });
const channel = fc.constantFrom(...CHANNELS);
const words = fc.uniqueArray(fc.constantFrom(...WORDS), { maxLength: 3 });
const change = fc.oneof(
  { weight: 4, arbitrary: fc.record({ file, stored: words, channel }) },
  { weight: 3, arbitrary: fc.record({ file, shared: channel }) },
  { weight: 3, arbitrary: fc.record({ file, hadBefore: words }) },
  { weight: 2, arbitrary: fc.record({ file, reads: words }) },
  { weight: 1, arbitrary: fc.record({ file, lost: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ file, trashed: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ file, purged: fc.constant(true) }) },
  { weight: 2, arbitrary: fc.record({ merged: fc.boolean() }) },
);
const question = fc.record({
  text: fc.uniqueArray(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 2 }),
  not: fc.uniqueArray(fc.constantFrom(...WORDS), { maxLength: 1 }),
  sees: fc.uniqueArray(channel, { maxLength: 3 }),
});
type Question = typeof question extends fc.Arbitrary<infer T> ? T : never;

function plainly(
  plain: ReadonlyMap<number, Plain>,
  { text, not, sees }: Question,
  asked: Plain['state'],
): string[] {
  return [...plain]
    .filter(([, { channels, words, older, state }]) => {
      const seen = [...channels].filter((id) => sees.includes(id));
      const isRead = seen.some((id) => id !== UNREAD);
      const versions = [words, ...older.values()];
      const isFound = versions.some((has) => text.every((word) => has.has(word)));
      return state === asked && isRead && isFound && !not.some((word) => words.has(word));
    })
    .map(([at]) => `F${at}`)
    .sort();
}

/** Whatever was stored, shared, edited, lost, deleted and merged: once all is read, everybody finds what is theirs, and nothing else. */
describe.each(databases)('files by what is in them, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog?.close());

  it('are found by whoever may find them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 5, maxLength: 30 }),
        fc.array(question, { minLength: 2, maxLength: 6 }),
        async (changes, questions) => {
          await empty(catalog);
          await startReading(catalog);
          const own = { ...NO_OVERRIDES, text: 'words' as const };
          await saveOverrides(catalog, { teamId: TEAM, channelId: UNREAD, own, actorId: 'U9', now: T0 });
          const plain = new Map<number, Plain>();
          for (const [at, one] of changes.entries()) await apply(plain, one, T0 + at);
          await readAll(plain);
          for (const asked of questions) await expectFound(plain, asked);
          await expectIndexed(plain);
        },
      ),
      { numRuns: runs(60) },
    );
  }, 300_000);

  async function apply(
    plain: Map<number, Plain>,
    one: typeof change extends fc.Arbitrary<infer T> ? T : never,
    at: number,
  ) {
    if ('merged' in one) {
      if (one.merged) await mergeGone(catalog, { now: () => at });
      else await mergeSegments(catalog, { now: () => at });
      return;
    }
    const fileId = `F${one.file}`;
    const ref = { teamId: TEAM, fileId };
    const known = plain.get(one.file);
    if ('stored' in one) {
      if (known) return;
      await recordShares(catalog, TEAM, [found(fileId, one.channel, at, { name: fileId, title: null })], at);
      await storeFile(catalog, fileId, { now: at });
      plain.set(one.file, {
        ...{ channels: new Set([one.channel]), words: new Set(one.stored) },
        ...{ older: new Map(), state: 'stored' },
      });
      // Some is read before the next thing happens, some after it.
      if (at % 2 === 0) await readAll(plain);
    } else if (known === undefined || known.state === 'purged') return;
    else if ('purged' in one) {
      await sql`update file set state = 'purged' where file_id = ${fileId}`.execute(catalog.db);
      await sql`update file_version set lost_at = ${at} where file_id = ${fileId}`.execute(catalog.db);
      known.state = 'purged';
    } else if (known.state !== 'stored') return;
    else if ('shared' in one) {
      const share = sampleShare(one.shared, at);
      await recordShares(catalog, TEAM, [{ ...found(fileId, one.shared, at), share }], at);
      known.channels.add(one.shared);
    } else if ('hadBefore' in one) {
      const number = known.older.size + 1 + at;
      const object = { ...sampleObject(fileId), key: `${fileId}/${at}`, sha256: `${at}` };
      await insertVersion(catalog, ref, { number, object, storedAt: at });
      const version = (await everyVersion(catalog, ref)).find((each) => each.number === number);
      if (version) known.older.set(version.id, new Set(one.hadBefore));
      await again(fileId);
    } else if ('reads' in one) {
      known.words = new Set(one.reads);
      await again(fileId);
    } else if ('lost' in one) {
      const [id] = [...known.older.keys()].slice(one.lost % Math.max(1, known.older.size));
      if (id === undefined) return;
      await sql`update file_version set lost_at = ${at} where id = ${id}`.execute(catalog.db);
      known.older.delete(id);
    } else {
      await readAll(plain);
      await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C1', purgeAt: at, now: at });
      known.state = 'trashed';
    }
  }

  const again = (fileId: string) =>
    sql`update reading set due_at = 0 where file_id = ${fileId}`.execute(catalog.db);

  async function readAll(plain: ReadonlyMap<number, Plain>) {
    for (;;) {
      const rows = await claimReadings(catalog, { owner: 'a', limit: 9, leaseMs: 60_000, now: T0 });
      if (rows.length === 0) return;
      for (const row of rows) {
        const known = plain.get(Number(row.fileId.slice(1)));
        if (known === undefined) throw new Error(`${row.fileId} is unknown`);
        if ((await wantedOf(catalog, row, true)) === 'no') {
          await forgetReading(catalog, row, 'a', true);
          continue;
        }
        const indexed = (has: ReadonlySet<string>) => ({ words: new Set(searchedWords([...has].join(' '))) });
        const older = new Map([...known.older].map(([id, has]) => [id, indexed(has)]));
        await readingDone(catalog, row, 'a', { ...indexed(known.words), older, state: 'read', reason: null });
      }
    }
  }

  async function expectFound(plain: ReadonlyMap<number, Plain>, asked: Question) {
    const filter = { text: asked.text.join(' '), notText: asked.not };
    const viewer = { teamId: TEAM, channelIds: asked.sees, ownUserId: 'U8' };
    const { files } = await findFiles(catalog, { viewer, filter, limit: 20, contents: true });
    expect(files.map(({ fileId }) => fileId).sort()).toEqual(plainly(plain, asked, 'stored'));
    const { fileIds } = await trashedLike(catalog, { viewer, filter, limit: 20, contents: true });
    expect(fileIds.sort()).toEqual(plainly(plain, asked, 'trashed'));
  }

  /** Nothing else is in the index. */
  async function expectIndexed(plain: ReadonlyMap<number, Plain>) {
    const { rows } = await sql<{ id: number; fileId: string }>`select d.id, f.file_id from content_document d
      left join file_version v on v.id = -d.id
      left join file f on f.id = d.id or f.file_id = v.file_id`.execute(catalog.db);
    for (const { id, fileId } of rows) {
      const known = plain.get(Number(fileId?.slice(1)));
      expect(known?.state).not.toBe('purged');
      expect([...(known?.channels ?? [])].some((each) => each !== UNREAD)).toBe(true);
      if (id < 0) expect(known?.older.has(-id)).toBe(true);
    }
  }
});
