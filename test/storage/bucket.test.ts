import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openBucket } from '../../src/storage/bucket.ts';
import { checkBucket } from '../../src/storage/health.ts';
import { BUFFERED_BYTES, putObject } from '../../src/storage/put.ts';
import { removeObject } from '../../src/storage/remove.ts';
import { openTarget, type Target } from './target.ts';
import { startWireProxy } from './wire-proxy.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target?.close());
afterEach(() => {
  vi.unstubAllEnvs();
  target.sandbox?.faults.clear();
});

const open = (change: object = {}) => openBucket({ ...target.config, maxAttempts: 1, ...change });

describe('opening', () => {
  it('learns what the store can do, and leaves nothing behind', async () => {
    const { trailers, checksums, conditionalPut, etagIsMd5, proof } = target.bucket.capabilities;
    console.log('The bucket can do:', JSON.stringify(target.bucket.capabilities));
    expect(proof).toBe(checksums && trailers ? 'crc32' : etagIsMd5 ? 'md5' : 'size');
    if (target.sandbox) expect([trailers, checksums, conditionalPut]).toEqual([true, true, true]);
    expect(await target.keys()).toEqual([]);
  });

  it('recognizes each store by its behaviour', async ({ skip }) => {
    const { sandbox } = target;
    if (!sandbox) return skip('only the sandbox can be told what not to know');
    const { faults } = sandbox;
    Object.assign(faults.compat, { noTrailers: true, noChecksums: true });
    expect((await open()).capabilities).toMatchObject({
      trailers: false,
      checksums: false,
      conditionalPut: true,
      proof: 'md5',
    });
    Object.assign(faults.compat, { noTrailers: true, noChecksums: false });
    expect((await open()).capabilities).toMatchObject({ trailers: false, checksums: true, proof: 'md5' });
    Object.assign(faults.compat, { noTrailers: false, noConditional: true });
    expect((await open()).capabilities).toMatchObject({
      trailers: true,
      conditionalPut: false,
      proof: 'crc32',
    });
    expect(await target.keys()).toEqual([]);
  });

  it.for([
    ['keeps the frame around the bytes', { keepsFrames: true }],
    ['keeps the encoding of the transfer as that of the object', { keepsEncoding: true }],
  ] as const)('sends no trailer to a store that %s', async ([_what, compat], { skip }) => {
    const { sandbox } = target;
    if (!sandbox) return skip('only the sandbox can be told what not to know');
    Object.assign(sandbox.faults.compat, compat);
    const bucket = await open();
    const able = { trailers: false, checksums: true, conditionalPut: true, proof: 'md5' };
    expect(bucket.capabilities).toMatchObject(able);
    expect(await target.keys()).toEqual([]);
    const bytes = randomBytes(BUFFERED_BYTES + 1);
    const key = `${bucket.prefix}/file`;
    const body = Readable.from([bytes]);
    await putObject(bucket, { key, body, length: bytes.length, contentType: 'a/b', metadata: {} });
    const stored = await bucket.client.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
    expect(stored.ContentEncoding).toBeUndefined();
    expect(bytes.equals((await stored.Body?.transformToByteArray()) as Uint8Array)).toBe(true);
    await removeObject(bucket, key);
    bucket.close();
  });

  it('names VAULT_BUCKET when there is no such bucket', async () => {
    const answer = open({ bucket: 'no-such-bucket-of-the-vault' });
    await expect(answer).rejects.toMatchObject({
      code: 'bucket_missing',
      message: expect.stringContaining('VAULT_BUCKET'),
    });
    await expect(open({ bucket: '' })).rejects.toMatchObject({ code: 'bucket_name' });
  });

  it.each([
    ['AWS_SECRET_ACCESS_KEY', 'wrong'],
    ['AWS_ACCESS_KEY_ID', 'NOBODY'],
  ])('names %s when it is wrong', async (variable, value) => {
    vi.stubEnv(variable, value);
    await expect(open()).rejects.toMatchObject({
      code: 'bucket_credentials',
      message: expect.stringContaining(variable),
    });
  });

  it('names the credentials when there are none', async () => {
    for (const variable of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE'])
      vi.stubEnv(variable, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
    await expect(open()).rejects.toMatchObject({
      code: 'bucket_credentials',
      message: expect.stringContaining('AWS_ACCESS_KEY_ID'),
    });
  });

  it('names AWS_ENDPOINT_URL_S3 when nobody answers there, or when it is no address', async () => {
    const gone = await startWireProxy('http://127.0.0.1:9');
    await gone.close();
    for (const endpoint of [gone.endpoint, 'not a url'])
      await expect(open({ endpoint })).rejects.toMatchObject({
        code: 'bucket_unreachable',
        message: expect.stringContaining('AWS_ENDPOINT_URL_S3'),
      });
  });

  it('names AWS_REGION when a bucket of AWS has none; a custom endpoint needs none', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_DEFAULT_REGION', undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
    const custom = await open();
    expect(await custom.client.config.region()).toBe('us-east-1');
    custom.close();
    vi.stubEnv('AWS_ENDPOINT_URL_S3', undefined);
    await expect(open({ endpoint: undefined })).rejects.toMatchObject({
      code: 'bucket_region',
      message: expect.stringContaining('AWS_REGION'),
    });
  });

  it('names VAULT_PREFIX when it is too long', async () => {
    const answer = open({ prefix: 'x'.repeat(600) });
    await expect(answer).rejects.toMatchObject({
      code: 'prefix_invalid',
      message: expect.stringContaining('VAULT_PREFIX'),
    });
  });

  it('says so when writing is not allowed', async ({ skip }) => {
    const { sandbox } = target;
    if (!sandbox) return skip('only the sandbox can be told to refuse');
    sandbox.faults.add({ operation: 'PutObject', do: { status: 403, code: 'AccessDenied' } });
    await expect(open()).rejects.toMatchObject({ code: 'bucket_forbidden' });
  });

  it('says so when the store is busy', async ({ skip }) => {
    const { sandbox } = target;
    if (!sandbox) return skip('only the sandbox can be told to refuse');
    sandbox.faults.add({ do: { status: 503, code: 'SlowDown' } });
    await expect(open()).rejects.toMatchObject({ code: 'bucket_busy' });
  });

  it.for([{ status: 503, code: 'SlowDown' }, { status: 500, code: 'InternalError' }, { resetAfterBytes: 1 }])(
    'is tried again after a write that fails in passing: %j',
    async (failure, { skip }) => {
      const { sandbox } = target;
      if (!sandbox) return skip('only the sandbox can be told to refuse');
      sandbox.faults.add({ operation: 'PutObject', times: 1, do: failure });
      const bucket = await open({ maxAttempts: 2 });
      expect(bucket.capabilities).toEqual(target.bucket.capabilities);
      bucket.close();
    },
  );
});

describe('checkBucket', () => {
  it('is content with a bucket that answers', async () => {
    await expect(checkBucket(target.bucket)).resolves.toBeUndefined();
  });

  it('fails when the store is away or silent', async ({ skip }) => {
    const { sandbox } = target;
    if (!sandbox) return skip('only the sandbox can be switched off');
    sandbox.faults.add({ operation: 'HeadBucket', times: 1, do: { stall: true } });
    await expect(checkBucket(target.bucket, 200)).rejects.toMatchObject({ code: 'bucket_stalled' });
    sandbox.faults.down = true;
    await expect(checkBucket(target.bucket)).rejects.toMatchObject({ code: 'bucket_unreachable' });
  });
});
