// @slow: a bucket of its own, and a process for each document.
import { createHash } from 'node:crypto';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { insertVersion } from '../../src/catalog/files/versions.ts';
import { isOlder } from '../../src/catalog/reading/older.ts';
import { claimReadings, readAgain, readingCounts, readingOf } from '../../src/catalog/reading/rows.ts';
import { startReading } from '../../src/catalog/reading/start.ts';
import { findFiles } from '../../src/catalog/search/find.ts';
import { readFile } from '../../src/contents/read-file.ts';
import { clearText, putText, removeTexts, textOf } from '../../src/contents/text-object.ts';
import type { Log } from '../../src/log.ts';
import { READER } from '../../src/reader-version.ts';
import type { Bucket } from '../../src/storage/bucket.ts';
import { StorageError } from '../../src/storage/errors.ts';
import { putObject } from '../../src/storage/put.ts';
import { databases, empty, temporaryFolder } from '../catalog/databases.ts';
import { found, sampleShare, storeFile, T0, TEAM } from '../catalog/samples.ts';
import { openTarget, type Target } from '../storage/target.ts';

const REF = { teamId: TEAM, fileId: 'F1' };
const log = { info() {}, warn() {} } as unknown as Log;
const scratch = temporaryFolder();
let target: Target;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(async () => {
  await target?.close();
  scratch.remove();
});

describe.each(databases)('texts of an older reader, on $name', ({ fresh }) => {
  let catalog: Catalog;
  let now: number;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog?.close());
  beforeEach(async () => {
    now = T0;
    await empty(catalog);
    while (await startReading(catalog));
    await removeTexts(target.bucket, REF);
  });

  const of = (words: string) => ({ ...REF, sha256: createHash('sha256').update(words).digest('hex') });

  /** A file with these words, of which an older reader read others. */
  async function store(words: string, before: string, version: { of?: string; stopped?: 'damaged' } = {}) {
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0, { name: 'Offer.txt', title: null })], T0);
    await storeFile(catalog, 'F1');
    const put = async (text: string) => {
      const body = Buffer.from(text);
      const key = `${target.bucket.prefix}/F1-${Math.random()}`;
      const metadata = { team: TEAM, file: 'F1' };
      await putObject(target.bucket, { key, body, length: body.length, contentType: 'a/b', metadata });
      return { key, bytes: body.length, sha256: of(text).sha256, versionId: null };
    };
    const newest = await put(words);
    const set = { objectKey: newest.key, sha256: newest.sha256, storedBytes: newest.bytes, versionId: null };
    await catalog.db.updateTable('file').set(set).execute();
    const { stopped = null } = version;
    await putText(target.bucket, of(words), { parts: [{ page: null, text: before }], stopped, reader: 1 });
    if (version.of === undefined) return;
    const object = { ...(await put(version.of)), crc32: '', etag: null, proof: 'size' as const };
    await insertVersion(catalog, REF, { number: 1, object, storedAt: T0 });
    await catalog.db.updateTable('file').set({ version: 2, olderVersions: 1 }).execute();
    await putText(target.bucket, of(version.of), {
      parts: [{ page: null, text: 'draftbefore' }],
      ...{ stopped: null, reader: 1 },
    });
  }

  /** Works on what is due, as the bot does, with one look. */
  async function readDue(bucket = target.bucket): Promise<number> {
    const rows = await claimReadings(catalog, { owner: 'a', limit: 9, leaseMs: 60_000, now });
    const options = {
      ...{ catalog, bucket, byDefault: true, owner: 'a', leaseMs: 60_000 },
      ...{ folder: scratch.path, log, now: () => now },
    };
    for (const row of rows) await readFile(options, row, new AbortController().signal);
    return rows.length;
  }
  /** Until nothing is due: how often something was. */
  async function readAll(bucket = target.bucket): Promise<number> {
    let looks = 0;
    while (looks < 40 && (await readDue(bucket)) > 0) {
      looks += 1;
      now += 5 * 86_400_000;
    }
    return looks;
  }
  const find = async (text: string, channelId = 'C1') => {
    const viewer = { teamId: TEAM, channelIds: [channelId] };
    const { files } = await findFiles(catalog, { viewer, filter: { text }, limit: 9, contents: true });
    return files.map(({ fileId }) => fileId);
  };
  /** A bucket that lets nothing go, as one with a lock. */
  const locked = (): Bucket => {
    const client = new Proxy(target.bucket.client, {
      get(client, name) {
        if (name !== 'send') return Reflect.get(client, name);
        return async (...asked: Parameters<typeof client.send>) => {
          if (asked[0] instanceof DeleteObjectCommand)
            throw new StorageError('object_retained', 'It is locked.');
          return client.send(...asked);
        };
      },
    });
    return { ...target.bucket, client };
  };

  it('count at once, and are read anew behind all others; the old text is found until then', async () => {
    await store('the newer words', 'olderwords');
    expect(await readDue()).toBe(1);
    expect(await find('olderwords')).toEqual(['F1']);
    expect(isOlder((await readingOf(catalog, REF))?.dueAt as number)).toBe(true);
    expect(await readingCounts(catalog, TEAM)).toMatchObject({ waiting: 1, older: 1 });
    expect(await readDue()).toBe(1);
    expect(await find('newer')).toEqual(['F1']);
    expect(await find('olderwords')).toEqual([]);
    expect(await textOf(target.bucket, of('the newer words'))).toMatchObject({ reader: READER });
    expect(await readDue()).toBe(0);
  });

  it('are those that do not say which one they are of, too', async () => {
    await store('the newer words', 'x');
    await removeTexts(target.bucket, REF);
    const kept = { parts: [{ page: null, text: 'olderwords' }], stopped: null };
    await putText(target.bucket, of('the newer words'), { ...kept, reader: undefined as never });
    expect(await textOf(target.bucket, of('the newer words'))).toEqual({ ...kept, reader: 1 });
    expect(await readAll()).toBe(2);
    expect(await find('newer')).toEqual(['F1']);
  });

  it('who sees the file meanwhile finds it by its old text', async () => {
    await store('the newer words', 'olderwords');
    await readDue();
    const share = { ...found('F1', 'C2', T0), share: sampleShare('C2', T0 + 5) };
    await recordShares(catalog, TEAM, [share], T0);
    expect(await readDue()).toBe(1);
    expect(await find('olderwords', 'C2')).toEqual(['F1']);
    expect(await readAll()).toBe(1);
    expect(await find('newer', 'C2')).toEqual(['F1']);
  });

  it.each([
    ['cannot be read', 'PK\x03\x04 not a zip file at all'],
    ['gives nothing any more', ' '],
  ])('stay where the file %s, and it is not tried without end', async (_, words) => {
    await store(words, 'olderwords');
    expect(await readAll()).toBeLessThan(4);
    expect(await find('olderwords')).toEqual(['F1']);
    expect(await textOf(target.bucket, of(words))).toMatchObject({ reader: 1 });
    expect(await readingOf(catalog, REF)).toMatchObject({ state: 'read', reader: -READER, dueAt: null });
    // Somebody asks for it.
    expect(await readAgain(catalog)).toBe(1);
    expect(await readAll()).toBeLessThan(4);
    expect(await find('olderwords')).toEqual(['F1']);
  });

  it('stay where the file cannot be had, after some days', async () => {
    await store('the newer words', 'olderwords');
    await catalog.db.updateTable('file').set({ objectKey: 'not/there' }).execute();
    expect(await readAll()).toBeLessThan(40);
    expect(await find('olderwords')).toEqual(['F1']);
    expect(await readingOf(catalog, REF)).toMatchObject({ state: 'read', reason: null, dueAt: null });
  });

  it('where the bucket does not let the old one go, the new words are found, and that is the end of it', async () => {
    await store('the newer words', 'olderwords');
    expect(await readAll(locked())).toBe(2);
    expect(await find('newer')).toEqual(['F1']);
    expect(await textOf(target.bucket, of('the newer words'))).toMatchObject({ reader: 1 });
    const share = { ...found('F1', 'C2', T0), share: sampleShare('C2', T0 + 5) };
    await recordShares(catalog, TEAM, [share], T0);
    expect(await readAll(locked())).toBe(2);
    expect(await find('newer', 'C2')).toEqual(['F1']);
  });

  it('so are those of older versions of the file', async () => {
    await store('the newer words', 'olderwords', { of: 'firstdraft' });
    await readDue();
    expect(await find('draftbefore')).toEqual(['F1']);
    await readAll();
    expect(await find('firstdraft')).toEqual(['F1']);
    expect(await textOf(target.bucket, of('firstdraft'))).toMatchObject({ reader: READER });
  });

  it('so are those of older versions of a file whose newest is read for the first time', async () => {
    await store('the newer words', 'olderwords', { of: 'firstdraft' });
    await clearText(target.bucket, of('the newer words'));
    await readDue();
    expect(await find('newer')).toEqual(['F1']);
    expect(await find('draftbefore')).toEqual(['F1']);
    expect(await readAll()).toBe(1);
    expect(await find('firstdraft')).toEqual(['F1']);
  });

  it('what was read in part is read anew when somebody asks, and found until then', async () => {
    await store('the newer words', 'olderwords', { stopped: 'damaged' });
    // As this reader had it.
    await readDue();
    await catalog.db.updateTable('reading').set({ reader: READER, dueAt: null }).execute();
    expect(await readDue()).toBe(0);
    expect(await readAgain(catalog)).toBe(1);
    expect(await find('olderwords')).toEqual(['F1']);
    expect(await readAll()).toBe(1);
    expect(await find('newer')).toEqual(['F1']);
    expect(await readingOf(catalog, REF)).toMatchObject({ state: 'read', reason: null });
  });
});
