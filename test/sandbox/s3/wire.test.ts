import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { crc32 } from 'node:zlib';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { crcText } from '../../../sandbox/s3/checksums.ts';
import type { S3Server } from '../../../sandbox/s3/server.ts';
import { Bucket, leftovers, sandbox } from './helpers.ts';
import { chunkSigner, type RawRequest, sendRaw } from './raw.ts';

const crcOf = (data: Buffer): string => crcText(crc32(data));

/** Sends, and checks that a refusal left nothing behind. */
async function refused(server: S3Server, request: Partial<RawRequest>): Promise<string> {
  const answer = await sendRaw(server.port, { path: `/${Bucket}/k`, ...request });
  expect(await server.list(Bucket)).toEqual([]);
  return `${answer.status} ${answer.code}`;
}

function unsignedTrailer(
  body: string,
  length: number,
  headers: Record<string, string> = {},
): Partial<RawRequest> {
  return {
    payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    headers: {
      'content-encoding': 'aws-chunked',
      'x-amz-trailer': 'x-amz-checksum-crc32',
      'x-amz-decoded-content-length': String(length),
      ...headers,
    },
    body,
  };
}

function chunk(size: number): string {
  return `${size.toString(16)}\r\n${'a'.repeat(size)}\r\n`;
}

describe('bodies in chunks, over a bare socket', () => {
  const crc = (size: number): string => crcOf(Buffer.from('a'.repeat(size)));

  test('a well-formed one is stored without the framing', async () => {
    const { server, s3 } = await sandbox();
    const body = `${chunk(8192)}${chunk(10)}0\r\nx-amz-checksum-crc32:${crc(8202)}\r\n\r\n`;
    const answer = await sendRaw(server.port, { path: `/${Bucket}/k`, ...unsignedTrailer(body, 8202) });
    expect(answer.status).toBe(200);
    expect((await server.read(Bucket, 'k')).toString()).toBe('a'.repeat(8202));
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ ChecksumCRC32: crc(8202), ContentLength: 8202 });
    expect(head.ContentEncoding).toBeUndefined();
  });

  test('a body that breaks the rules is refused and leaves nothing', async () => {
    const { server, dir } = await sandbox();
    const end = (size: number): string => `0\r\nx-amz-checksum-crc32:${crc(size)}\r\n\r\n`;
    const send = (body: string, length: number, headers = {}) =>
      refused(server, unsignedTrailer(body, length, headers));
    expect(await send(`${chunk(10)}${chunk(8192)}${end(8202)}`, 8202)).toBe('403 InvalidChunkSizeError');
    expect(await send(`${chunk(8192)}${end(8191)}`, 8192)).toBe('400 BadDigest');
    expect(await send(`${chunk(8192)}${end(8192)}`, 8193)).toBe('400 IncompleteBody');
    expect(await send(`${chunk(8192)}${end(8192)}`, 8191)).toBe('400 IncompleteBody');
    expect(await send(`${chunk(8192)}0\r\n\r\n`, 8192)).toBe('400 MalformedTrailerError');
    expect(await send(`${chunk(8192)}0\r\nx-amz-checksum-sha1:AAAA\r\n\r\n`, 8192)).toBe(
      '400 MalformedTrailerError',
    );
    expect(await send(`${chunk(8192)}0\r\nx-amz-checksum-crc32:zz\r\n\r\n`, 8192)).toBe('400 InvalidRequest');
    expect(await send('a'.repeat(8192), 8192)).toBe('400 IncompleteBody');
    expect(await send(`${chunk(8192)}${end(8192)}`, 8192, { 'x-amz-trailer': 'x-other' })).toBe(
      '400 InvalidRequest',
    );
    const noLength = unsignedTrailer(`${chunk(8192)}${end(8192)}`, 8192);
    delete noLength.headers?.['x-amz-decoded-content-length'];
    expect(await refused(server, noLength)).toBe('411 MissingContentLength');
    expect(await leftovers(dir)).toEqual([]);
  });

  test('signed chunks with a signed trailer', async () => {
    const { server } = await sandbox();
    const data = Buffer.from('a'.repeat(9000));
    const request = (change: (body: Buffer) => Buffer): RawRequest => ({
      path: `/${Bucket}/k`,
      payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      headers: {
        'content-encoding': 'aws-chunked',
        'x-amz-trailer': 'x-amz-checksum-crc32',
        'x-amz-decoded-content-length': '9000',
      },
      signedBody: (seed, stamp) => {
        const signer = chunkSigner(seed, stamp);
        const chunks = [signer.chunk(data), signer.chunk(Buffer.alloc(0))];
        return change(Buffer.concat([...chunks, signer.trailer(`x-amz-checksum-crc32:${crcOf(data)}`)]));
      },
    });
    const changed = (body: Buffer): Buffer => Buffer.from(body.toString().replace('aaaa', 'aaab'));
    expect(await refused(server, request(changed))).toBe('403 SignatureDoesNotMatch');
    // One signature in 256 begins with noughts already.
    const other = (_: string, name: string, begins: string) => `${name}${begins === '00' ? '11' : '00'}`;
    const trailer = (body: Buffer): Buffer => Buffer.from(body.toString().replace(/(signature:)(..)/, other));
    expect(await refused(server, request(trailer))).toBe('403 SignatureDoesNotMatch');
    expect(
      (
        await sendRaw(
          server.port,
          request((body) => body),
        )
      ).status,
    ).toBe(200);
    expect((await server.read(Bucket, 'k')).equals(data)).toBe(true);
  });
});

describe('plain bodies, over a bare socket', () => {
  const md5 = (text: string): string => createHash('md5').update(text).digest('base64');

  test('promises about the bytes are checked', async () => {
    const { server, dir } = await sandbox();
    const send = (headers: Record<string, string>) => refused(server, { body: 'bytes', headers });
    expect(await send({ 'content-md5': md5('other') })).toBe('400 BadDigest');
    expect(await send({ 'content-md5': 'short' })).toBe('400 InvalidDigest');
    expect(await send({ 'x-amz-checksum-crc32': crcOf(Buffer.from('other')) })).toBe('400 BadDigest');
    expect(await send({ 'x-amz-checksum-crc32': 'nonsense' })).toBe('400 InvalidRequest');
    expect(await send({ 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' })).toBe('501 NotImplemented');
    expect(await send({ 'x-amz-sdk-checksum-algorithm': 'CRC32' })).toBe('400 InvalidRequest');
    expect(await refused(server, { body: 'bytes', payload: '0'.repeat(64) })).toBe(
      '400 XAmzContentSHA256Mismatch',
    );
    expect(await refused(server, { body: 'bytes', payload: 'MADE-UP' })).toBe('400 InvalidArgument');
    expect(await send({ 'x-amz-meta-big': 'x'.repeat(2100) })).toBe('400 MetadataTooLarge');
    const customerKey = { 'x-amz-server-side-encryption-customer-algorithm': 'AES256' };
    expect(await send(customerKey)).toBe('501 NotImplemented');
    const chunked = { headers: { 'transfer-encoding': 'chunked' }, body: '5\r\nbytes\r\n0\r\n\r\n' };
    expect(await refused(server, { ...chunked, payload: 'UNSIGNED-PAYLOAD' })).toBe(
      '411 MissingContentLength',
    );
    expect(await refused(server, { path: `/${Bucket}/${'k'.repeat(1025)}`, body: 'x' })).toBe(
      '400 KeyTooLongError',
    );
    expect(await refused(server, { path: `/${Bucket}/%ff`, body: 'x' })).toBe('400 InvalidURI');
    expect(await refused(server, { path: '/nobucket/k', body: 'x' })).toBe('404 NoSuchBucket');
    const good = {
      'content-md5': md5('bytes'),
      'x-amz-checksum-sha256': createHash('sha256').update('bytes').digest('base64'),
    };
    expect((await sendRaw(server.port, { path: `/${Bucket}/k`, body: 'bytes', headers: good })).status).toBe(
      200,
    );
    expect(await leftovers(dir)).toHaveLength(1);
  });

  test('a body cut short leaves nothing', async () => {
    const { server, dir } = await sandbox();
    const headers = { 'content-length': '5000' };
    await sendRaw(server.port, {
      path: `/${Bucket}/k`,
      payload: 'UNSIGNED-PAYLOAD',
      headers,
      body: 'x'.repeat(4999),
      hangUp: true,
    }).catch(() => {});
    await expect.poll(() => leftovers(dir)).toEqual([]);
    expect(await server.list(Bucket)).toEqual([]);
  });

  test('a body that stops coming is given up', async () => {
    const { server, dir } = await sandbox({ idleMs: 50 });
    const silent = {
      path: `/${Bucket}/k`,
      payload: 'UNSIGNED-PAYLOAD',
      body: 'never ends',
      beforeLast: () => new Promise(() => {}),
    };
    expect(await sendRaw(server.port, silent)).toMatchObject({ status: 400, code: 'RequestTimeout' });
    expect(await leftovers(dir)).toEqual([]);
  });

  test('a client that waits for 100 Continue is refused before it sends the body', async () => {
    const { server } = await sandbox();
    const body = 'x'.repeat(100_000);
    const put = { path: `/${Bucket}/k`, body, expect100: true, headers: { 'if-none-match': '*' } };
    expect(await sendRaw(server.port, put)).toMatchObject({ status: 200, continued: true });
    expect(await sendRaw(server.port, put)).toMatchObject({ code: 'PreconditionFailed', continued: false });
  });

  test('the slower of two creators is told of the conflict', async () => {
    const { server } = await sandbox();
    const create = { path: `/${Bucket}/k`, headers: { 'if-none-match': '*' } };
    const slow = await sendRaw(server.port, {
      ...create,
      body: 'slow',
      beforeLast: async () => {
        await expect.poll(() => server.requests.count('PutObject')).toBe(1);
        expect((await sendRaw(server.port, { ...create, body: 'fast' })).status).toBe(200);
      },
    });
    expect(`${slow.status} ${slow.code}`).toBe('409 ConditionalRequestConflict');
    expect((await server.read(Bucket, 'k')).toString()).toBe('fast');
  });

  test('nonsense on the socket disturbs nobody', async () => {
    const { server, s3 } = await sandbox();
    await new Promise((resolve) => {
      connect(server.port, '127.0.0.1')
        .on('close', resolve)
        .on('error', () => {})

        .resume()
        .end('\x16\x03\x01 hello\r\n\r\n');
    });
    await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    expect(await server.list(Bucket)).toHaveLength(1);
  });
});
