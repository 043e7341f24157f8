// @slow: a bucket of its own, and a process for each document.
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { trashFile } from '../../src/catalog/files/trash.ts';
import { insertVersion } from '../../src/catalog/files/versions.ts';
import { NO_OVERRIDES, saveOverrides } from '../../src/catalog/governance/rules.ts';
import { claimReadings, readingCounts, readingOf } from '../../src/catalog/reading/rows.ts';
import { startReading } from '../../src/catalog/reading/start.ts';
import { findFiles } from '../../src/catalog/search/find.ts';
import { readFile } from '../../src/contents/read-file.ts';
import type { ReadOptions } from '../../src/contents/read-options.ts';
import { snippetOf } from '../../src/contents/snippet.ts';
import { pictureOf, putText, removeTexts, textOf } from '../../src/contents/text-object.ts';
import { wordsOf } from '../../src/contents/words-of.ts';
import { purgeJob } from '../../src/jobs/purge.ts';
import type { Log } from '../../src/log.ts';
import { READER } from '../../src/reader-version.ts';
import { putObject } from '../../src/storage/put.ts';
import type { TextMode } from '../../src/text-modes.ts';
import { databases, empty, temporaryFolder } from '../catalog/databases.ts';
import { found, sampleShare, storeFile, T0, TEAM } from '../catalog/samples.ts';
import { docx, paragraph, run } from '../reading/office.ts';
import { pdfOf } from '../reading/pdfs.ts';
import { openTarget, type Target } from '../storage/target.ts';

const REF = { teamId: TEAM, fileId: 'F1' };
const log = { info() {}, warn() {} } as unknown as Log;
const scratch = temporaryFolder();
let catalog: Catalog;
let target: Target;

beforeAll(async () => {
  target = await openTarget();
  catalog = await (databases[0] as (typeof databases)[number]).fresh();
});
afterAll(async () => {
  await catalog?.close();
  await target?.close();
  scratch.remove();
});
beforeEach(async () => {
  await empty(catalog);
  await startReading(catalog);
  await removeTexts(target.bucket, REF);
});

async function store(bytes: Buffer) {
  await recordShares(catalog, TEAM, [found('F1', 'C1', T0, { name: 'Offer.docx', title: null })], T0);
  await storeFile(catalog, 'F1');
  return replace(bytes);
}

/** Gives the stored file these bytes. */
async function replace(bytes: Buffer) {
  const key = `${target.bucket.prefix}/F1-${Math.random()}`;
  const metadata = { team: TEAM, file: 'F1' };
  await putObject(target.bucket, { key, body: bytes, length: bytes.length, contentType: 'a/b', metadata });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const set = { objectKey: key, sha256, storedBytes: bytes.length, versionId: null };
  await catalog.db.updateTable('file').set(set).execute();
  return { ...REF, sha256 };
}

/** The file, stored with a version before it that has these bytes and was never read. */
async function withOlder(bytes: Buffer) {
  const old = await store(bytes);
  const [before] = await catalog.db.selectFrom('file').selectAll().execute();
  const { objectKey: key } = before as { objectKey: string };
  const object = { key, bytes: bytes.length, sha256: old.sha256, crc32: '', etag: null, versionId: null };
  await insertVersion(catalog, REF, { number: 1, object: { ...object, proof: 'size' }, storedAt: T0 });
  await catalog.db.updateTable('file').set({ version: 2, olderVersions: 1 }).execute();
  return old;
}

/** Works on what is due, as the bot does. */
async function readDue(bucket = target.bucket, more: Partial<ReadOptions> = {}): Promise<number> {
  const rows = await claimReadings(catalog, { owner: 'a', limit: 9, leaseMs: 60_000, now: T0 });
  const options = {
    catalog,
    bucket,
    byDefault: true,
    owner: 'a',
    leaseMs: 60_000,
    folder: scratch.path,
    log,
    now: () => T0,
    ...more,
  };
  for (const row of rows) await readFile(options, row, new AbortController().signal);
  return rows.length;
}
const find = async (text: string, contents = true) => {
  const viewer = { teamId: TEAM, channelIds: ['C1'] };
  const { files } = await findFiles(catalog, { viewer, filter: { text }, limit: 9, contents });
  return files.map(({ fileId }) => fileId);
};

it('reads a file from the bucket: its text is kept there, its words are found, and nothing is left on the disk', async () => {
  const of = await store(await docx(paragraph(run('We promised fourteen days'))));
  expect(await readDue()).toBe(1);
  expect(await find('promise days')).toEqual(['F1']);
  const text = await textOf(target.bucket, of);
  expect(text).toEqual({
    ...{ parts: [{ page: null, text: 'We promised fourteen days' }], stopped: null },
    reader: READER,
  });
  expect(readdirSync(scratch.path)).toEqual([]);
  expect(await readDue()).toBe(0);
});

it('where the only channel does not want it, a file is not read, and what was read before is forgotten', async () => {
  const of = await store(await docx(paragraph(run('We promised fourteen days'))));
  await readDue();
  const set = (text: TextMode) => {
    const own = { ...NO_OVERRIDES, text };
    return saveOverrides(catalog, { teamId: TEAM, channelId: 'C1', own, actorId: 'U9', now: T0 });
  };
  await set('words');
  expect(await find('promise')).toEqual([]);
  while (await startReading(catalog));
  expect(await readDue()).toBe(1);
  expect(await textOf(target.bucket, of)).toBeNull();
  expect(await readingOf(catalog, REF)).toBeUndefined();
  // Nothing of it is left to be forgotten once more, and what is stored anew is not read.
  while (await startReading(catalog));
  expect(await readDue()).toBe(0);
  await replace(Buffer.from('other words'));
  await readDue();
  expect(await textOf(target.bucket, (await fileById(catalog, REF)) as never)).toBeNull();
  await set('contents');
  while (await startReading(catalog));
  expect(await readDue()).toBe(1);
  expect(await find('others')).toEqual(['F1']);
});

it('a text that the bucket did not let go when it was forgotten goes with the file', async () => {
  const of = await store(Buffer.from('We promised fourteen days'));
  await readDue();
  const own = { ...NO_OVERRIDES, text: 'off' as const };
  await saveOverrides(catalog, { teamId: TEAM, channelId: 'C1', own, actorId: 'U9', now: T0 });
  while (await startReading(catalog, [], false));
  const kept = { parts: [{ page: null, text: 'We promised' }], stopped: null };
  expect(await readDue(target.bucket, { byDefault: false })).toBe(1);
  // As a bucket has it that retains everything for a while.
  await putText(target.bucket, of, kept);
  await trashFile(catalog, { ref: REF, actorId: 'U1', channelId: 'C1', purgeAt: T0, now: T0 });
  const vault = { catalog, bucket: target.bucket, log, now: () => T0, policy: { text: 'words' } };
  const due = (limit: number) => ({ owner: 'a', limit, leaseMs: 60_000, now: T0 });
  const job = purgeJob({ vault, owner: 'a', due } as never);
  for (const file of await job.claim(1)) await job.work(file, new AbortController().signal);
  expect((await fileById(catalog, REF))?.state).toBe('purged');
  expect((await target.keys()).filter((one) => one.includes('/text/'))).toEqual([]);
});

it('where nobody asks for it any more, what was read stays, and counts again when it is asked for again', async () => {
  const of = await store(Buffer.from('We promised fourteen days'));
  await readDue();
  await startReading(catalog, [], false);
  await recordShares(catalog, TEAM, [{ ...found('F1', 'C2', T0), share: sampleShare('C2', T0 + 5) }], T0);
  expect(await readDue(target.bucket, { byDefault: false })).toBe(1);
  expect(await textOf(target.bucket, of)).not.toBeNull();
  expect(await find('promise', false)).toEqual([]);
  while (await startReading(catalog));
  expect(await readDue()).toBe(1);
  expect(await find('promise')).toEqual(['F1']);
});

it('after the catalog was lost, the text in the bucket is taken, and the file is not read again', async () => {
  const of = await store(await docx(paragraph(run('from the file'))));
  // Nobody could know this from the file itself.
  await putText(target.bucket, of, { parts: [{ page: 3, text: 'from the kept text' }], stopped: null });
  await readDue();
  expect(await find('kept')).toEqual(['F1']);
});

it('a kept text that is not as it was written is no text: the file is read, and its text is kept anew', async () => {
  const of = await store(await docx(paragraph(run('the real words'))));
  await putText(
    target.bucket,
    { ...of, sha256: of.sha256 },
    { parts: [{ page: 1.5 as never, text: 'x' }], stopped: null },
  );
  expect(await textOf(target.bucket, of)).toBeNull();
  await readDue();
  expect(await find('real')).toEqual(['F1']);
  expect((await textOf(target.bucket, of))?.parts).toHaveLength(1);
});

it('what cannot be read is written down with its reason, and counted', async () => {
  await store(Buffer.from('PK\x03\x04 not a zip file at all'));
  await readDue();
  expect(await readingOf(catalog, REF)).toMatchObject({ state: 'unread', reason: 'damaged', dueAt: null });
  expect((await readingCounts(catalog, 'T0OTHER')).waiting).toBe(0);
  expect(await readingCounts(catalog, TEAM)).toEqual({
    waiting: 0,
    older: 0,
    unread: [{ reason: 'damaged', files: 1 }],
  });
});

it('a bucket that does not answer is asked again later', async () => {
  await store(Buffer.from('words'));
  await catalog.db.updateTable('file').set({ objectKey: 'not/there' }).execute();
  await readDue();
  const row = await readingOf(catalog, REF);
  expect(row).toMatchObject({ state: 'waiting', leaseOwner: null });
  expect(row?.dueAt).toBeGreaterThan(T0);
});

const DAMAGED = Buffer.from('PK\x03\x04 not a zip file at all');

it.each([
  ['without any text', Buffer.from(' '), null],
  ['that cannot be read', DAMAGED, 'damaged'],
])(
  'the text of old bytes goes when new ones come %s; those are not read anew for others',
  async (_, bytes, reason) => {
    await store(Buffer.from('the old words'));
    await readDue();
    const of = await replace(bytes);
    expect(await readDue()).toBe(1);
    expect((await target.keys()).filter((one) => one.includes('/text/'))).toEqual([]);
    expect(await find('old')).toEqual([]);
    expect(await readingOf(catalog, REF)).toMatchObject({ sha256: of.sha256, reason, dueAt: null });
    await recordShares(catalog, TEAM, [found('F1', 'C2', T0)], T0);
    expect(await readDue()).toBe(0);
  },
);

it('a file that went to the trash while it was read gets no text', async () => {
  await store(Buffer.from('some words'));
  const [row] = await claimReadings(catalog, { owner: 'a', limit: 1, leaseMs: 60_000, now: T0 });
  const options = {
    ...{ catalog, bucket: target.bucket, byDefault: true, owner: 'a' },
    ...{ leaseMs: 60_000, folder: scratch.path, log },
  };
  const reading = readFile({ ...options, now: () => T0 }, row as never, new AbortController().signal);
  await sql`update file set state = 'trashed'`.execute(catalog.db);
  await reading;
  expect((await target.keys()).filter((one) => one.includes('/text/'))).toEqual([]);
});

it('what fails again and again is given up in the end', async () => {
  await store(Buffer.from('words'));
  await catalog.db.updateTable('file').set({ objectKey: 'not/there' }).execute();
  await catalog.db.updateTable('reading').set({ attempts: 30 }).execute();
  await readDue();
  expect(await readingOf(catalog, REF)).toMatchObject({ state: 'unread', reason: 'broke', dueAt: null });
});

it('the text of other bytes goes when new ones are read, and all of it with the file', async () => {
  const old = await store(Buffer.from('the old words'));
  await readDue();
  const { sha256 } = await replace(Buffer.from('the new words'));
  await readDue();
  expect(await textOf(target.bucket, old)).toBeNull();
  expect(await textOf(target.bucket, { ...REF, sha256 })).not.toBeNull();
  expect(await find('old')).toEqual([]);
  await removeTexts(target.bucket, REF);
  expect((await target.keys()).filter((one) => one.includes('/text/'))).toEqual([]);
  expect((await fileById(catalog, REF))?.state).toBe('stored');
});

it('older versions are read, too, each with a text of its own; one that is gone takes it along', async () => {
  // It was never read: then it is read from its own object.
  const old = await withOlder(Buffer.from('the first draft'));
  const newest = await replace(Buffer.from('the last budget'));
  await readDue();
  expect(await find('first draft')).toEqual(['F1']);
  expect(await find('last budget')).toEqual(['F1']);
  expect((await textOf(target.bucket, old))?.parts[0]?.text).toBe('the first draft');
  await catalog.db.updateTable('fileVersion').set({ lostAt: T0 }).execute();
  await catalog.db.updateTable('file').set({ olderVersions: 0 }).execute();
  await readDue();
  expect(await find('first draft')).toEqual([]);
  expect(await textOf(target.bucket, old)).toBeNull();
  expect(await textOf(target.bucket, newest)).not.toBeNull();
});

it('of a file whose newest version cannot be read, the older ones are still found, and their texts stay', async () => {
  const old = await withOlder(Buffer.from('the first draft'));
  await replace(DAMAGED);
  await readDue();
  expect(await find('first draft')).toEqual(['F1']);
  expect((await textOf(target.bucket, old))?.parts[0]?.text).toBe('the first draft');
  expect(await readingOf(catalog, REF)).toMatchObject({ reason: 'damaged', dueAt: null });
});

it('that an older version has no text is kept, so that it is not fetched again', async () => {
  const old = await withOlder(Buffer.from(' '));
  await replace(Buffer.from('the last budget'));
  await readDue();
  expect((await textOf(target.bucket, old))?.parts).toEqual([]);
});

it('a file that goes for good while it cannot be read leaves no text', async () => {
  const of = await store(Buffer.from('words'));
  const [row] = await claimReadings(catalog, { owner: 'a', limit: 1, leaseMs: 60_000, now: T0 });
  await putText(
    target.bucket,
    { ...of, sha256: 'other' },
    { parts: [{ page: null, text: 'x' }], stopped: null },
  );
  await catalog.db.updateTable('file').set({ objectKey: 'not/there' }).execute();
  const options = {
    ...{ catalog, bucket: target.bucket, byDefault: true, owner: 'a' },
    ...{ leaseMs: 60_000, folder: scratch.path, log },
  };
  const reading = readFile({ ...options, now: () => T0 }, row as never, new AbortController().signal);
  await sql`update file set state = 'purged'`.execute(catalog.db);
  await sql`delete from reading`.execute(catalog.db);
  await reading;
  expect((await target.keys()).filter((one) => one.includes('/text/'))).toEqual([]);
});

it.each([
  [20_000, null],
  [20_001, 'too_large'],
])(
  'of a text of %i different words, it is written down whether some are not searched',
  async (many, reason) => {
    await store(Buffer.from(Array.from({ length: many }, (_, at) => `word${at}`).join('\n')));
    await readDue();
    expect(await find('word19999')).toEqual(['F1']);
    expect(await readingOf(catalog, REF)).toMatchObject({ state: 'read', reason });
  },
);

it('the index has at most 1 MB of the words of one file', async () => {
  const text = Array.from({ length: 20_000 }, (_, at) => `${'ꙮ'.repeat(35)}${at}`).join(' ');
  const { words, isAll } = await wordsOf([{ page: null, text }]);
  expect(isAll).toBe(false);
  expect(words.size).toBeGreaterThan(1_000);
  expect(Buffer.byteLength([...words].join(''))).toBeLessThanOrEqual(1_000_000);
});

it('a small picture of the first page is kept beside the text, and known again after the catalog was lost', async () => {
  const of = await store(pdfOf([['A first page']]));
  await readDue(target.bucket, { previews: true });
  expect(await readingOf(catalog, REF)).toMatchObject({ state: 'read', picture: 'png' });
  const { key } = pictureOf(target.bucket, of, 'png');
  expect(await target.keys()).toContain(key);
  await catalog.db.updateTable('reading').set({ state: 'waiting', picture: null, dueAt: 0 }).execute();
  await readDue();
  expect(await readingOf(catalog, REF)).toMatchObject({ state: 'read', picture: 'png' });
  await removeTexts(target.bucket, REF);
  expect(await target.keys()).not.toContain(key);
});

it('a snippet shows the words where most of them stand together, with the page, in one line', async () => {
  const parts = [
    { page: 1, text: `A letter about days.\n${'filler '.repeat(80)}` },
    { page: 2, text: `${'before '.repeat(40)}\nwe promised delivery in 14 days, ${'after '.repeat(60)}` },
  ];
  const snippet = await snippetOf(parts, 'Promise 14 day');
  expect(snippet?.page).toBe(2);
  expect(snippet?.text).toMatch(/^… before .*we promised delivery in 14 days, after .* …$/);
  expect(snippet?.text.length).toBeLessThan(175);
  expect(await snippetOf(parts, 'nowhere')).toBeNull();
});
