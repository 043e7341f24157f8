// @slow: a bucket of its own, and a process for each document.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { claimOldVersions, versionRemoved } from '../../src/catalog/files/old-versions.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { trashFile } from '../../src/catalog/files/trash.ts';
import { insertVersion } from '../../src/catalog/files/versions.ts';
import { NO_OVERRIDES, saveOverrides } from '../../src/catalog/governance/rules.ts';
import type { FileRow } from '../../src/catalog/model.ts';
import { claimReadings, readingOf } from '../../src/catalog/reading/rows.ts';
import { startReading } from '../../src/catalog/reading/start.ts';
import { findFiles } from '../../src/catalog/search/find.ts';
import { readFile } from '../../src/contents/read-file.ts';
import { removeTexts, textOf } from '../../src/contents/text-object.ts';
import { purgeJob } from '../../src/jobs/purge.ts';
import type { Log } from '../../src/log.ts';
import type { Bucket } from '../../src/storage/bucket.ts';
import { putObject } from '../../src/storage/put.ts';
import { databases, empty, temporaryFolder } from '../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../catalog/samples.ts';
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

const shaOf = (text: string) => createHash('sha256').update(text).digest('hex');
const kept = (text: string) => textOf(target.bucket, { ...REF, sha256: shaOf(text) });
const textsThere = async () =>
  (await target.keys()).flatMap((key) => /\/text\/.*\/([0-9a-f]+)\.json\.gz$/.exec(key)?.[1] ?? []);
const fileNow = async () => (await fileById(catalog, REF)) as FileRow;

async function put(text: string): Promise<string> {
  const key = `${target.bucket.prefix}/F1-${Math.random()}`;
  const [body, metadata] = [Buffer.from(text), { team: TEAM, file: 'F1' }];
  await putObject(target.bucket, { key, body, length: body.length, contentType: 'a/b', metadata });
  return key;
}

async function store(text: string): Promise<void> {
  await recordShares(catalog, TEAM, [found('F1', 'C1', T0, { name: 'a.txt', title: null })], T0);
  await storeFile(catalog, 'F1');
  await replace(text);
}

/** The file gets these bytes; with `keep`, those from before stay as an older version. */
async function replace(text: string, { keep = false } = {}): Promise<void> {
  const before = await fileNow();
  if (keep) {
    const { objectKey: key, sha256, storedBytes: bytes } = before as { objectKey: string } & FileRow;
    const object = { key, bytes: bytes ?? 0, sha256: sha256 ?? '', crc32: '', etag: null, versionId: null };
    const number = before.version;
    await insertVersion(catalog, REF, { number, object: { ...object, proof: 'size' }, storedAt: T0 });
    await catalog.db
      .updateTable('file')
      .set({ version: number + 1, olderVersions: 1 })
      .execute();
  }
  const set = { objectKey: await put(text), sha256: shaOf(text), storedBytes: text.length, versionId: null };
  await catalog.db.updateTable('file').set(set).execute();
}

/** Works on all that is due, as a bot does. */
async function readDue(owner: string, { bucket = target.bucket, byDefault = true } = {}): Promise<number> {
  const rows = await claimReadings(catalog, { owner, limit: 9, leaseMs: 60_000, now: T0 });
  const options = {
    ...{ catalog, bucket, byDefault, owner, leaseMs: 60_000, folder: scratch.path, log },
    now: () => T0,
  };
  for (const row of rows) await readFile(options, row, new AbortController().signal);
  return rows.length;
}

/** The bucket, where something happens right before the call with this number, from 0. Says whether it came to that. */
function cutIn(before: number, what: () => Promise<unknown>): { bucket: Bucket; hasHappened: () => boolean } {
  let calls = 0;
  const client = new Proxy(target.bucket.client, {
    get(client, name) {
      if (name !== 'send') return Reflect.get(client, name);
      return async (...asked: Parameters<typeof client.send>) => {
        if (calls++ === before) await what();
        return client.send(...asked);
      };
    },
  });
  return { bucket: { ...target.bucket, client }, hasHappened: () => calls > before };
}

/** Lets something happen before each of a reader's calls of the bucket in turn, and looks what became of it. */
async function atEachMoment(
  begin: () => Promise<void>,
  what: () => Promise<unknown>,
  look: () => Promise<void>,
) {
  let moments = 0;
  for (; ; moments++) {
    await empty(catalog);
    await startReading(catalog);
    await removeTexts(target.bucket, REF);
    await begin();
    const { bucket, hasHappened } = cutIn(moments, what);
    await readDue('a', { bucket });
    if (!hasHappened()) break;
    // What is due again because of it.
    for (let round = 0; round < 5 && (await readDue('c')) > 0; round++);
    await look();
  }
  expect(moments).toBeGreaterThan(2);
}

async function find(text: string): Promise<number> {
  const viewer = { teamId: TEAM, channelIds: ['C1'] };
  return (await findFiles(catalog, { viewer, filter: { text }, limit: 9, contents: true })).files.length;
}
const setChannel = (text: 'off' | 'contents') =>
  saveOverrides(catalog, {
    ...{ teamId: TEAM, channelId: 'C1', actorId: 'U9', now: T0 },
    own: { ...NO_OVERRIDES, text },
  });
async function purge(): Promise<void> {
  await trashFile(catalog, { ref: REF, actorId: 'U1', channelId: 'C1', purgeAt: T0, now: T0 });
  const vault = { catalog, bucket: target.bucket, log, now: () => T0, policy: { text: 'contents' } };
  const due = (limit: number) => ({ owner: 'p', limit, leaseMs: 60_000, now: T0 });
  const job = purgeJob({ vault, owner: 'p', due } as never);
  for (const file of await job.claim(1)) await job.work(file, new AbortController().signal);
}

describe('whatever comes at any moment of a reading', () => {
  it('new bytes that another bot reads keep their text, and the one from before goes', async () => {
    await atEachMoment(
      () => store('the old words'),
      async () => {
        await replace('some new words');
        await readDue('b');
      },
      async () => {
        expect(await textsThere()).toEqual([shaOf('some new words')]);
        expect([await find('old'), await find('new')]).toEqual([0, 1]);
      },
    );
  });

  it('a new version that another bot reads leaves both texts, and both are found', async () => {
    await atEachMoment(
      () => store('the old words'),
      async () => {
        await replace('some new words', { keep: true });
        await readDue('b');
      },
      async () => {
        expect((await kept('the old words'))?.parts[0]?.text).toBe('the old words');
        expect((await kept('some new words'))?.parts[0]?.text).toBe('some new words');
        expect([await find('old'), await find('new')]).toEqual([1, 1]);
      },
    );
  });

  it('of a file that is deleted forever, nothing stays', async () => {
    await atEachMoment(
      () => store('the old words'),
      purge,
      async () => {
        expect((await fileNow()).state).toBe('purged');
        expect(await textsThere()).toEqual([]);
        expect((await sql`select * from reading`.execute(catalog.db)).rows).toEqual([]);
      },
    );
  });

  it('where the channel does not want it any more, nothing stays; also with new bytes', async () => {
    for (const isChanged of [false, true])
      await atEachMoment(
        () => store('the old words'),
        async () => {
          await setChannel('off');
          if (isChanged) await replace('some new words', { keep: true });
          while (await startReading(catalog));
          await readDue('b');
        },
        async () => {
          while (await startReading(catalog));
          await readDue('c');
          expect(await textsThere()).toEqual([]);
          expect(await readingOf(catalog, REF)).toBeUndefined();
        },
      );
  });

  it('an older version that goes takes its text along', async () => {
    await atEachMoment(
      async () => {
        await store('the old words');
        await replace('some new words', { keep: true });
      },
      removeOlder,
      async () => {
        expect(await textsThere()).toEqual([shaOf('some new words')]);
        expect([await find('old'), await find('new')]).toEqual([0, 1]);
      },
    );
  });
});

async function removeOlder(): Promise<void> {
  await catalog.db.updateTable('fileVersion').set({ dueAt: T0 }).execute();
  const [row] = await claimOldVersions(catalog, { owner: 'o', limit: 1, leaseMs: 60_000, now: T0 });
  if (row === undefined) throw new Error('there is no older version');
  await versionRemoved(catalog, row, 'o', T0);
}

const OFF = { byDefault: false };

it('while reading is switched off, the text of a version goes with it, and that of the newest stays', async () => {
  await store('the old words');
  await replace('some new words', { keep: true });
  await readDue('a');
  expect(await textsThere()).toHaveLength(2);
  await removeOlder();
  expect(await readDue('a', OFF)).toBe(1);
  expect(await textsThere()).toEqual([shaOf('some new words')]);
  expect(await readDue('a', OFF)).toBe(0);
});

it('the same where the newer version came while reading was off', async () => {
  await store('the old words');
  await readDue('a');
  await replace('some new words', { keep: true });
  await readDue('a', OFF);
  // The older version is there still, and is searched again when reading is switched on again.
  expect(await textsThere()).toEqual([shaOf('the old words')]);
  await removeOlder();
  await readDue('a', OFF);
  expect(await textsThere()).toEqual([]);
});

it('a version that goes at the moment when reading is left for later takes its text along', async () => {
  await store('the old words');
  await replace('some new words', { keep: true });
  await readDue('a');
  await catalog.db.updateTable('reading').set({ dueAt: 0 }).execute();
  const { bucket, hasHappened } = cutIn(0, removeOlder);
  await readDue('a', { bucket, ...OFF });
  expect(hasHappened()).toBe(true);
  expect(await textsThere()).toEqual([shaOf('some new words')]);
});

it('an older version of a file in the trash takes its text along', async () => {
  await store('the old words');
  await replace('some new words', { keep: true });
  await readDue('a');
  await trashFile(catalog, { ref: REF, actorId: 'U1', channelId: 'C1', purgeAt: T0 + 9, now: T0 });
  await removeOlder();
  await readDue('a');
  expect(await textsThere()).toEqual([shaOf('some new words')]);
});
