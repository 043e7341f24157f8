// @slow: real sockets that break at every stage.
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultAction } from '../../sandbox/s3/faults.ts';
import type { Operation } from '../../sandbox/s3/route.ts';
import type { S3Server } from '../../sandbox/s3/server.ts';
import { type CopyRequest, copyFile } from '../../src/capture/copy.ts';
import type { FileRow } from '../../src/catalog/model.ts';
import { headObject } from '../../src/storage/adopt.ts';
import { openBucket } from '../../src/storage/bucket.ts';
import { decodeMetadata } from '../../src/storage/metadata.ts';
import { openTarget, type Target } from '../storage/target.ts';
import { type FileHost, startFileHost } from './file-host.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
/** Held in memory, streamed in one request, and sent in parts because nobody knows its length. */
const SIZES = { small: 64 * KIB, stream: 3 * MIB, parts: 20 * MIB };
type Shape = keyof typeof SIZES;
const SHAPES = Object.keys(SIZES) as Shape[];

let target: Target;
let store: S3Server;
let slack: FileHost;
beforeAll(async () => {
  target = await openTarget({ sandboxOnly: true, stallMs: 5_000 });
  store = target.sandbox as S3Server;
  slack = await startFileHost();
});
afterAll(async () => {
  await slack?.close();
  await target?.close();
});
afterEach(() => store.faults.clear());

/** In ms. On a busy machine the end of a connection may be noticed half a second late. */
const PATIENT = 20_000;

let count = 0;
function fileRow(bytes: number, url: string, shape: Shape): FileRow {
  return {
    teamId: 'T1',
    fileId: `F${++count}`,
    name: `Übersicht ${count}.bin`,
    title: null,
    mimetype: 'application/x-test',
    filetype: 'binary',
    mode: 'hosted',
    size: shape === 'parts' ? null : bytes,
    uploaderId: 'U1',
    createdAt: null,
    url,
    externalUrl: null,
    permalink: null,
    state: 'storing',
    reason: null,
    errorCode: null,
    errorText: null,
    // The attempt under way is counted.
    attempts: 1,
    dueAt: null,
    channelId: 'C1',
    messageTs: '1795418724.000100',
    threadTs: null,
    sharedAt: Date.UTC(2026, 10, 23),
    objectKey: null,
    storedBytes: null,
    sha256: null,
    crc32: null,
    etag: null,
    versionId: null,
    proof: null,
    storedAt: null,
    trashedAt: null,
    trashedBy: null,
    purgeAt: null,
    slackDeletedAt: null,
    updatedAt: null,
    parentId: null,
    facts: {},
    storedType: null,
    version: 1,
    olderVersions: 0,
    olderBytes: 0,
  };
}

const bytesOf = (length: number) => Buffer.alloc(length, 'What was shared. ');
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Serves a file; `ending` says what the host does once it has sent `at` bytes. */
function share(
  shape: Shape,
  at = SIZES[shape],
  ending: (response: ServerResponse) => void = (r) => void r.end(),
) {
  const bytes = bytesOf(SIZES[shape]);
  const url = slack.serve(`/files-pri/${count + 1}`, (_request, response) => {
    response.writeHead(200, shape === 'parts' ? {} : { 'content-length': bytes.length });
    response.flushHeaders();
    if (at === 0) ending(response);
    else response.write(bytes.subarray(0, at), () => ending(response));
  });
  return { file: fileRow(bytes.length, url, shape), hash: sha256(bytes) };
}

function copy(file: FileRow, change: Partial<CopyRequest> = {}) {
  const { bucket } = target;
  return copyFile({
    bucket,
    file,
    token: 'xoxb-1',
    allowedHosts: ['127.0.0.1'],
    stallMs: PATIENT,
    ...change,
  });
}

/** The keys in the bucket that belong to a file, and its unfinished uploads. */
async function leftovers(file: FileRow) {
  const ours = ({ key }: { key: string }) => key.includes(`/${file.fileId}/`);
  return [...(await store.list('vault')).filter(ours), ...(await store.uploads('vault')).filter(ours)];
}

describe('a file', () => {
  it.each(SHAPES)('(%s) is in the bucket as it was shared, and says what it is', async (shape) => {
    const { file, hash } = share(shape);
    const stored = await copy(file);
    expect(stored).toMatchObject({ bytes: SIZES[shape], sha256: hash, proof: 'crc32' });
    expect(stored.key).toBe(`${target.bucket.prefix}/T1/C1/2026/11/23/${file.fileId}/${file.name}`);
    expect(sha256(await store.read('vault', stored.key))).toBe(hash);
    const head = await headObject(target.bucket, stored.key);
    expect(head).toMatchObject({ ContentType: 'application/x-test', ContentDisposition: 'attachment' });
    expect(decodeMetadata(head?.Metadata ?? {})).toMatchObject({
      fileId: file.fileId,
      name: file.name,
      uploaderId: 'U1',
    });
  });

  it('is an attachment also as a later version, as what hangs on a mail, and where an earlier attempt left it', async () => {
    const { file } = share('small');
    const key = async (change: Partial<FileRow>) => (await copy({ ...file, ...change })).key;
    const first = await key({});
    const keys = [
      first,
      await key({ attempts: 2 }),
      await key({ version: 2 }),
      await key({ parentId: 'F0MAIL' }),
    ];
    // The second attempt found what the first had stored.
    expect(keys[1]).toBe(first);
    expect(keys[2]).not.toBe(first);
    for (const one of keys)
      expect((await headObject(target.bucket, one))?.ContentDisposition).toBe('attachment');
  });

  it('takes one request to the bucket', async () => {
    for (const shape of ['small', 'stream'] as const) {
      const { file } = share(shape);
      store.requests.reset();
      await copy(file);
      expect([store.requests.count(), store.requests.count('PutObject')]).toEqual([1, 1]);
    }
  });

  it('may be empty', async () => {
    const url = slack.serve('/empty', (_request, response) => response.end());
    const stored = await copy({ ...fileRow(0, url, 'small'), size: 0 });
    expect(stored).toMatchObject({ bytes: 0, crc32: 'AAAAAA==' });
  });

  it('without an address, or too large, is refused before anything is sent', async () => {
    const { file } = share('small');
    await expect(copy({ ...file, url: null })).rejects.toMatchObject({ code: 'no_url', permanent: true });
    await expect(copy(file, { maxBytes: 1000 })).rejects.toMatchObject({
      code: 'too_large',
      permanent: true,
    });
    expect(await leftovers(file)).toEqual([]);
  });

  it('of unknown length is refused when it turns out too large', async () => {
    const { file } = share('parts');
    await expect(copy(file, { maxBytes: 9 * MIB })).rejects.toMatchObject({ code: 'too_large' });
    expect(await leftovers(file)).toEqual([]);
  });
});

describe.each(SHAPES)('Slack, sending a %s file,', { concurrent: true }, (shape) => {
  const size = SIZES[shape];
  const offsets = [0, 1, 60 * KIB, size / 2, size - 1];

  it.each(offsets)('resets the connection after %i bytes: nothing is left', async (at) => {
    const { file } = share(shape, at, (response) => response.socket?.resetAndDestroy());
    await expect(copy(file)).rejects.toMatchObject({ name: 'DownloadError', code: 'broken_off' });
    expect(await leftovers(file)).toEqual([]);
  });

  it.each(offsets)('ends after %i bytes: nothing is left', async (at) => {
    const { file } = share(shape, at, (response) => response.socket?.end());
    await expect(copy(file)).rejects.toMatchObject({ name: 'DownloadError', code: 'broken_off' });
    expect(await leftovers(file)).toEqual([]);
  });

  it.each(offsets)('falls silent after %i bytes: nothing is left', async (at) => {
    const { file } = share(shape, at, () => {});
    await expect(copy(file, { stallMs: 500 })).rejects.toMatchObject({
      name: 'DownloadError',
      code: 'stalled',
    });
    expect(await leftovers(file)).toEqual([]);
  });

  it('sends a body of its own length, short or long of the file: nothing is left', async () => {
    if (shape === 'parts') return;
    for (const wrong of [size - 1, size + 1]) {
      const url = slack.serve(`/wrong/${shape}/${wrong}`, (_request, response) => {
        response.write(bytesOf(wrong));
        response.end();
      });
      const file = fileRow(size, url, shape);
      const code = wrong < size ? 'short_body' : 'long_body';
      await expect(copy(file)).rejects.toMatchObject({ name: 'DownloadError', code });
      expect(await leftovers(file)).toEqual([]);
    }
  });

  it('is stopped by a signal in the middle: nothing is left', async () => {
    const stop = new AbortController();
    const { file } = share(shape, size / 2, () => stop.abort());
    await expect(copy(file, { signal: stop.signal, stallMs: 20_000 })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(await leftovers(file)).toEqual([]);
  });

  it('dies once and then does better: the file is stored once', async () => {
    const { file } = share(shape, size / 2, (response) => response.socket?.resetAndDestroy());
    await expect(copy(file)).rejects.toMatchObject({ code: 'broken_off' });
    const url = slack.serve(`/better/${shape}`, (_request, response) => response.end(bytesOf(size)));
    await copy({ ...file, url, attempts: 2 });
    expect(await leftovers(file)).toHaveLength(1);
  });
});

describe('the bucket', () => {
  const every = (operation: Operation, action: FaultAction) => store.faults.add({ operation, do: action });
  const uploadOf = { small: 'PutObject', stream: 'PutObject', parts: 'UploadPart' } as const;
  const cases = SHAPES.flatMap((shape) =>
    [0, 1, 60 * KIB, Math.min(SIZES[shape], 4 * MIB) - 1].map((at) => [shape, at] as const),
  );

  it.each(cases)('resets each upload of a %s file after %i bytes: nothing is left', async (shape, at) => {
    const { file } = share(shape);
    every(uploadOf[shape], { resetAfterBytes: at });
    await expect(copy(file)).rejects.toMatchObject({ name: 'StorageError', code: 'bucket_unreachable' });
    expect(await leftovers(file)).toEqual([]);
  });

  it('resets the last byte of a stream: nothing is left', async () => {
    const { file } = share('stream');
    every('PutObject', { resetAfterBytes: SIZES.stream - 1 });
    await expect(copy(file)).rejects.toMatchObject({ code: 'bucket_unreachable' });
    expect(await leftovers(file)).toEqual([]);
  });

  it.each([
    ['PutObject', 'stream'],
    ['PutObject', 'small'],
    ['CreateMultipartUpload', 'parts'],
    ['UploadPart', 'parts'],
    ['CompleteMultipartUpload', 'parts'],
  ] as const)('is busy at %s (%s): nothing is left', async (operation, shape) => {
    const { file } = share(shape);
    every(operation, { status: 503, code: 'SlowDown' });
    await expect(copy(file)).rejects.toMatchObject({ name: 'StorageError', code: 'bucket_busy' });
    expect(await leftovers(file)).toEqual([]);
  });

  it('says 200 with an error at the end of the parts: nothing is left', async () => {
    const { file } = share('parts');
    every('CompleteMultipartUpload', { okWithError: 'InternalError' });
    await expect(copy(file)).rejects.toMatchObject({ name: 'StorageError' });
    expect(await leftovers(file)).toEqual([]);
  });

  it.each([
    ['PutObject', 'stream'],
    ['PutObject', 'small'],
    ['UploadPart', 'parts'],
    ['CompleteMultipartUpload', 'parts'],
  ] as const)('never answers %s (%s): nothing is left', async (operation, shape) => {
    const { file } = share(shape);
    const bucket = await openBucket({ ...target.config, stallMs: 500, maxAttempts: 1 });
    every(operation, { stall: true });
    const stalled = copy(file, { bucket, stallMs: 20_000 });
    await expect(stalled).rejects.toMatchObject({ name: 'StorageError', code: 'bucket_stalled' });
    bucket.close();
    store.faults.clear();
    expect(await leftovers(file)).toEqual([]);
  });

  it.each([
    ['PutObject', 'stream'],
    ['PutObject', 'small'],
    ['CompleteMultipartUpload', 'parts'],
  ] as const)(
    'stores at %s (%s) but its answers are lost: the next attempt adopts',
    async (operation, shape) => {
      const { file, hash } = share(shape);
      store.faults.add({ operation, times: 1, do: { resetBeforeAnswer: true } });
      const first = await copy(file).catch((error) => error);
      expect(first instanceof Error ? first : null).toSatisfy(
        (error) => error === null || error.name === 'StorageError',
      );
      const downloads = slack.asked.length;
      const stored = await copy({ ...file, attempts: 2 });
      expect(stored).toMatchObject({ bytes: SIZES[shape], sha256: hash, proof: 'crc32' });
      expect(slack.asked).toHaveLength(downloads);
      expect(await leftovers(file)).toHaveLength(1);
      const blind = await copy(file);
      expect(blind).toEqual(stored);
      expect(await leftovers(file)).toHaveLength(1);
    },
  );

  it('has it from an attempt that died, and that knew another of its messages: it is stored once', async () => {
    const { file, hash } = share('small');
    const later = { channelId: 'C2', sharedAt: Date.UTC(2026, 10, 25) };
    const first = await copy({ ...file, ...later });
    const downloads = slack.asked.length;
    const places = async () => [file, later];
    const stored = await copy({ ...file, attempts: 2 }, { places });
    expect(stored).toMatchObject({ key: first.key, sha256: hash });
    expect(first.key).toContain('/C2/2026/11/25/');
    expect(slack.asked).toHaveLength(downloads);
    expect(await leftovers(file)).toHaveLength(1);
  });

  it('loses the answer to the start of an upload in parts: the one that nobody knows of is aborted', async () => {
    const { file, hash } = share('parts');
    store.faults.add({ operation: 'CreateMultipartUpload', times: 1, do: { resetBeforeAnswer: true } });
    expect(await copy(file)).toMatchObject({ bytes: SIZES.parts, sha256: hash });
    expect(await leftovers(file)).toHaveLength(1);
  });

  it('fails to abort parts now and then: nothing is left', async () => {
    const { file } = share('parts', 15 * MIB, (response) => response.socket?.resetAndDestroy());
    store.faults.add({
      operation: 'AbortMultipartUpload',
      times: 4,
      do: { status: 500, code: 'InternalError' },
    });
    await expect(copy(file)).rejects.toMatchObject({ code: 'broken_off' });
    expect(await leftovers(file)).toEqual([]);
  });

  it('holds something else under the key: the file gets another', async () => {
    const { file, hash } = share('stream');
    const taken = await copy({
      ...file,
      url: slack.serve('/other', (_request, response) => response.end('x')),
      size: 1,
    });
    const stored = await copy(file);
    expect(stored.key).toBe(taken.key.replace('.bin', ' (2).bin'));
    expect(stored.sha256).toBe(hash);
    expect((await store.read('vault', taken.key)).toString()).toBe('x');
  });

  it('is slow: a copy that keeps moving is not given up', async () => {
    const bytes = bytesOf(24 * MIB);
    const url = slack.serve('/slow', (_request, response) => response.end(bytes));
    // The whole copy takes longer than the bucket may stand still. Buffers in between absorb part of that.
    const bucket = await openBucket({ ...target.config, stallMs: 3_000 });
    every('PutObject', { bytesPerSecond: 6 * MIB });
    expect(await copy(fileRow(bytes.length, url, 'stream'), { bucket })).toMatchObject({
      sha256: sha256(bytes),
    });
    bucket.close();
  });

  it('is away: an error, and no crash', async () => {
    for (const shape of SHAPES) {
      const { file } = share(shape);
      store.faults.down = true;
      await expect(copy(file)).rejects.toMatchObject({ name: 'StorageError', code: 'bucket_unreachable' });
      store.faults.clear();
      expect(await leftovers(file)).toEqual([]);
    }
  });
});

describe.each([
  ['checksums and trailers', { noTrailers: true, noChecksums: true }],
  ['conditional writes', { noConditional: true }],
  ['any of these', { noTrailers: true, noChecksums: true, noConditional: true }],
])('a store without %s', (_what, compat) => {
  it.each(SHAPES)('gets a %s file once, proven as well as can be, and none that breaks', async (shape) => {
    const plain = await openTarget({ sandboxOnly: true });
    const { faults, list, uploads } = plain.sandbox as S3Server;
    Object.assign(faults.compat, compat);
    const bucket = await openBucket(plain.config);
    const { file, hash } = share(shape);
    const stored = await copy(file, { bucket });
    expect(stored).toMatchObject({ sha256: hash, proof: 'noChecksums' in compat ? 'md5' : 'crc32' });
    const before = (await list('vault'))[0]?.lastModified;
    expect(await copy(file, { bucket })).toEqual(stored);
    expect((await list('vault'))[0]?.lastModified).toBe(before);
    const broken = share(shape, SIZES[shape] - 1, (response) => response.socket?.resetAndDestroy());
    await expect(copy(broken.file, { bucket })).rejects.toMatchObject({ code: 'broken_off' });
    expect(await list('vault')).toHaveLength(1);
    expect(await uploads('vault')).toEqual([]);
    bucket.close();
    await plain.close();
  });
});
