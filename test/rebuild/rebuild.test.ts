// @slow: whole rebuilds.
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { repair } from '../../src/capture/repair.ts';
import { verify } from '../../src/capture/verify.ts';
import type { Finding } from '../../src/catalog/alerts/findings.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles, commitStored } from '../../src/catalog/files/capture.ts';
import { fileById, partsOf } from '../../src/catalog/files/lookup.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { trashFile } from '../../src/catalog/files/trash.ts';
import { refuseHalfRebuilt } from '../../src/catalog/journal/replay.ts';
import type { FileRow } from '../../src/catalog/model.ts';
import { downloadName } from '../../src/file-names.ts';
import { tellJournal } from '../../src/jobs/journal.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { segmentStore } from '../../src/journal/store.ts';
import { createLog } from '../../src/log.ts';
import { rebuild } from '../../src/rebuild/rebuild.ts';
import { isWhole, rebuildText } from '../../src/rebuild/report.ts';
import { objectKey } from '../../src/storage/key.ts';
import { encodeMetadata } from '../../src/storage/metadata.ts';
import { putObject } from '../../src/storage/put.ts';
import { databases } from '../catalog/databases.ts';
import { found, T0, TEAM } from '../catalog/samples.ts';
import { openTarget, type Target } from '../storage/target.ts';

const quiet = createLog('error', { write: () => {} });
const fresh = databases[0]?.fresh as () => Promise<Catalog>;

describe('rebuilding from a bucket', () => {
  let target: Target;
  let catalog: Catalog;
  let empty: Catalog;
  beforeEach(async () => {
    target = await openTarget({ sandboxOnly: true });
    [catalog, empty] = [await fresh(), await fresh()];
  });
  afterEach(async () => {
    await Promise.all([catalog.close(), empty.close()]);
    await target.close();
  });

  const now = () => T0;
  const run = (teamId?: string) =>
    rebuild({ catalog: empty, bucket: target.bucket, teamId, onProgress: () => {}, now });

  /** Captures a file as the bot would; its bytes are its id. */
  async function store(fileId: string, teamId = TEAM): Promise<string> {
    const ref = { teamId, fileId };
    const item = found(fileId, 'C1', T0, { ...ref, size: fileId.length });
    await recordShares(catalog, teamId, [item], T0);
    await claimDueFiles(catalog, { owner: 'w', limit: 9, leaseMs: 1, now: T0 });
    const row = await fileById(catalog, ref);
    if (!row) throw new Error('it was not recorded');
    const key = objectKey({ ...row, prefix: target.bucket.prefix });
    const object = await putObject(target.bucket, {
      key,
      body: Buffer.from(fileId),
      length: fileId.length,
      contentType: 'text/plain',
      metadata: encodeMetadata({ ...row, sha256: null }),
    });
    await commitStored(catalog, { ref, owner: 'w', object, confirm: 'off', now: T0 });
    return key;
  }

  test('from objects alone knows what Slack made, a recording and an attachment', async () => {
    const puts = [
      {
        fileId: 'F1',
        name: 'Weekly Sync',
        mode: 'quip',
        contentType: 'text/html',
        ending: 'Weekly Sync.html',
      },
      { fileId: 'F2', name: 'Re: Offer', mode: 'email', contentType: 'text/plain', ending: 'Re: Offer.txt' },
      { fileId: 'F3', name: 'Board', mode: 'list', contentType: 'text/csv', ending: 'Board.csv' },
      {
        ...{ fileId: 'F4', name: 'audio_message.webm', mode: 'hosted', transcode: true },
        ...{ contentType: 'video/mp4', ending: 'audio_message.mp4' },
      },
      {
        ...{ fileId: 'F2-0A1B2C3D', name: 'offer', mode: 'hosted', contentType: 'application/pdf' },
        ending: 'offer',
      },
    ];
    for (const { fileId, name, mode, contentType, ...more } of puts) {
      const told = { ...{ teamId: TEAM, fileId, channelId: 'C1', uploaderId: 'U1', sharedAt: T0 } };
      const metadata = encodeMetadata({
        ...{ ...told, messageTs: '1.000001', name, title: null, mimetype: null, sha256: null },
        ...{ mode, transcode: 'transcode' in more },
      });
      const key = objectKey({ ...told, prefix: target.bucket.prefix, name });
      await putObject(target.bucket, {
        key,
        body: Buffer.from(fileId),
        length: fileId.length,
        contentType,
        metadata,
      });
    }
    expect(await run(TEAM)).toMatchObject({ adopted: puts.length, strangers: 0 });
    for (const { fileId, contentType, ending } of puts) {
      const file = await fileById(empty, { teamId: TEAM, fileId });
      expect(file).toMatchObject({ state: 'stored', storedType: contentType });
      expect(downloadName(file as FileRow)).toBe(ending);
    }
    expect(await partsOf(empty, { teamId: TEAM, fileId: 'F2' })).toEqual(['F2-0A1B2C3D']);
  });

  async function journal(teamId = TEAM): Promise<void> {
    const store = segmentStore(target.bucket, teamId);
    const job = tellJournal({ catalog, store, owner: 'w', everyMs: 1e9, log: quiet, now: Date.now });
    await startWorker({ ...job, longestSleepMs: 1e9, log: quiet }).stop(1_000);
    await job.finish(10_000);
  }

  const remove = (Key: string) =>
    target.bucket.client.send(new DeleteObjectCommand({ Bucket: target.bucket.name, Key }));
  const segmentKeys = async () => (await target.keys()).filter((key) => key.includes('.ria-vault')).sort();

  test('without any journal, by what the objects tell about themselves', async () => {
    await store('F1');
    await store('F2');
    const summary = await run();
    expect(summary).toMatchObject({
      teamId: TEAM,
      adopted: 2,
      files: { stored: 2 },
      shares: 2,
      strangers: 0,
    });
    const ref = { teamId: TEAM, fileId: 'F1' };
    const { name, title, sha256, sharedAt, objectKey: key } = (await fileById(catalog, ref)) ?? {};
    expect(await fileById(empty, ref)).toMatchObject({ name, title, sha256, sharedAt, objectKey: key });
    expect(sha256).toBe(createHash('sha256').update('F1').digest('hex'));
    expect(rebuildText(summary)).toContain('2 files that only the objects themselves told of');
  });

  test('an object that was cut off is not taken for its file: the file is captured again', async () => {
    const { client, name: Bucket } = target.bucket;
    await store('F1');
    const Key = await store('F2');
    const { Metadata } = await client.send(new GetObjectCommand({ Bucket, Key }));
    await client.send(new PutObjectCommand({ Bucket, Key, Metadata, Body: 'F' }));
    const summary = await run();
    expect(summary).toMatchObject({
      files: { stored: 1, pending: 1 },
      adopted: 1,
      lost: [{ fileId: 'F2', key: Key, capturedAgain: true, cutOff: '1 of 2 bytes' }],
    });
    expect(isWhole(summary)).toBe(false);
    expect(rebuildText(summary)).toMatch(/LOST +F2 .*cut off, 1 of 2 bytes.*captures it again/);
  });

  test('an archived object stops nothing: it is named, and taken in when the bucket gives it', async () => {
    await store('F1');
    const key = await store('F2');
    const faults = target.sandbox?.faults;
    faults?.add({ operation: 'GetObject', key: /F2/, do: { status: 403, code: 'InvalidObjectState' } });
    const summary = await run();
    const why = expect.stringContaining('archived');
    expect(summary).toMatchObject({ adopted: 1, strangers: 0, lost: [], unreadable: [{ key, why }] });
    expect(isWhole(summary)).toBe(false);
    expect(rebuildText(summary)).toContain(`UNREAD    ${key}: archived`);
    faults?.clear();
    const { bucket } = target;
    const onFinding = async (finding: Finding) =>
      void (await repair({ catalog: empty, bucket, teamId: TEAM, now }, finding));
    await verify({ catalog: empty, bucket, deep: true, onFinding, now });
    expect(await fileById(empty, { teamId: TEAM, fileId: 'F2' })).toMatchObject({ state: 'stored' });
  });

  test('an empty bucket gives an empty catalog', async () => {
    const summary = await run();
    expect(summary).toMatchObject({ teamId: null, files: {}, objects: 0 });
    expect(isWhole(summary)).toBe(true);
  });

  test('objects of nobody and of other workspaces are counted and left alone', async () => {
    await store('F1');
    await journal();
    await store('F9', 'T9');
    const foreign = { Bucket: target.bucket.name, Key: `${target.bucket.prefix}/holiday.jpg`, Body: 'x' };
    await target.bucket.client.send(new PutObjectCommand(foreign));
    expect(await run()).toMatchObject({ files: { stored: 1 }, strangers: 2, lost: [] });
    expect(await target.keys()).toContain(foreign.Key);
  });

  test('several workspaces: one must be named', async () => {
    await store('F1');
    await journal();
    await journal('T2');
    await recordShares(catalog, TEAM, [found('F2', 'C1', T0)], T0);
    await journal('T2');
    await expect(run()).rejects.toMatchObject({ code: 'bad_configuration', variable: '--team' });
    expect(await run(TEAM)).toMatchObject({ files: { stored: 1 } });
  });

  test('a damaged segment is passed over and named; the objects still tell what they are', async () => {
    await store('F1');
    await journal();
    await store('F2');
    await journal();
    const [first] = (await segmentKeys()) as [string];
    const where = { Bucket: target.bucket.name, Key: first };
    const bytes = await (
      await target.bucket.client.send(new GetObjectCommand(where))
    ).Body?.transformToByteArray();
    const text = gunzipSync(bytes as Uint8Array).toString();
    await target.bucket.client.send(
      new PutObjectCommand({ ...where, Body: gzipSync(text.replace('F1.pdf', 'F7.pdf')) }),
    );
    const summary = await run();
    expect(summary).toMatchObject({
      files: { stored: 2 },
      adopted: 1,
      damaged: [expect.stringMatching(/\/1$/)],
    });
    expect(isWhole(summary)).toBe(false);
    expect(rebuildText(summary)).toContain('DAMAGED');
  });

  test('a trashed file without its object was purged; a stored one is captured again', async () => {
    const trashed = await store('F1');
    const stored = await store('F2');
    const ref = { teamId: TEAM, fileId: 'F1' };
    await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C1', purgeAt: T0 + 1, now: T0 });
    await journal();
    await remove(trashed);
    await remove(stored);
    const summary = await run();
    expect(summary).toMatchObject({
      files: { purged: 1, pending: 1 },
      lost: [{ fileId: 'F2', key: stored, capturedAgain: true }],
    });
    expect(rebuildText(summary)).toContain('the bot captures it again from Slack');
  });

  test('one that breaks off leaves a catalog that no bot may use, and begins again', async () => {
    await store('F1');
    await journal();
    target.sandbox?.faults.add({
      operation: 'GetObject',
      key: /ndjson/,
      do: { status: 403, code: 'AccessDenied' },
    });
    await expect(run()).rejects.toMatchObject({ code: 'bucket_forbidden' });
    await expect(refuseHalfRebuilt(empty)).rejects.toMatchObject({ code: 'catalog_unfinished' });
    target.sandbox?.faults.clear();
    expect(await run()).toMatchObject({ files: { stored: 1 }, adopted: 0 });
    await refuseHalfRebuilt(empty);
    await expect(run()).rejects.toMatchObject({ code: 'catalog_in_use' });
  });
});
