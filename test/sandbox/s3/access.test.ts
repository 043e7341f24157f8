import { request as httpRequest } from 'node:http';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, test } from 'vitest';
import { Bucket, bytes, client, credentials, failure, sandbox } from './helpers.ts';

describe('who may', () => {
  test('wrong keys, wrong secrets and missing credentials are told apart', async () => {
    const { server } = await sandbox();
    const put = (given: typeof credentials, config = {}) =>
      failure(
        client(server.endpoint, { credentials: given, ...config }).send(
          new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }),
        ),
      );
    expect(await put({ ...credentials, secretAccessKey: 'no' })).toEqual({
      code: 'SignatureDoesNotMatch',
      status: 403,
    });
    expect(await put({ ...credentials, accessKeyId: 'no' })).toEqual({
      code: 'InvalidAccessKeyId',
      status: 403,
    });
    expect((await put(credentials, { region: 'eu-west-1' })).code).toBe('AuthorizationHeaderMalformed');
    // The SDK repairs its clock from the server's answer and tries again; without a second try the refusal
    // shows.
    const late = { systemClockOffset: -3_600_000, maxAttempts: 1 };
    expect((await put(credentials, late)).code).toBe('RequestTimeTooSkewed');
    expect((await fetch(`${server.endpoint}/${Bucket}/k`)).status).toBe(403);
    expect(await server.list(Bucket)).toEqual([]);
  });

  test('presigned links work until they expire, for exactly what they name', async () => {
    const { s3 } = await sandbox();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a b/ü+&.txt', Body: 'text' }));
    const command = new GetObjectCommand({
      Bucket,
      Key: 'a b/ü+&.txt',
      ResponseContentDisposition: `attachment; filename*=UTF-8''${encodeURIComponent('ü+&.txt')}`,
    });
    const url = await getSignedUrl(s3, command, { expiresIn: 300 });
    const good = await fetch(url);
    expect(await good.text()).toBe('text');
    expect(good.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''%C3%BC%2B%26.txt");
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
    expect((await fetch(`${url}&response-content-type=text/html`)).status).toBe(403);
    const old = await getSignedUrl(s3, command, {
      expiresIn: 300,
      signingDate: new Date(Date.now() - 301_000),
    });
    const expired = await fetch(old);
    expect(expired.status).toBe(403);
    const told = await expired.text();
    expect(told).toContain('Request has expired');
    expect(told).not.toContain('Signature');
  });

  test('a presigned upload must have the headers that were signed', async () => {
    const { server, s3 } = await sandbox();
    const plain = client(server.endpoint, { requestChecksumCalculation: 'WHEN_REQUIRED' });
    const signed = await getSignedUrl(
      plain,
      new PutObjectCommand({ Bucket, Key: 'up', ContentType: 'text/plain' }),
      {
        signableHeaders: new Set(['content-type']),
      },
    );
    const put = (type: string) =>
      fetch(signed, { method: 'PUT', body: 'bytes', headers: { 'content-type': type } });
    expect((await put('text/html')).status).toBe(403);
    expect((await put('text/plain')).status).toBe(200);
    expect((await server.read(Bucket, 'up')).toString()).toBe('bytes');
    // By default the SDK signs the checksum of an empty body into the URL, and S3 insists on it.
    const trap = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'trap' }));
    const answer = await fetch(trap, { method: 'PUT', body: 'bytes' });
    expect(await answer.text()).toContain('BadDigest');
  });

  test('virtual-host style means the same bucket', async () => {
    const { server } = await sandbox();
    const { port } = server;
    const plain = client(`http://localhost:${port}`, { forcePathStyle: false });
    const url = new URL(await getSignedUrl(plain, new GetObjectCommand({ Bucket, Key: 'dir/k' })));
    expect(url.host).toBe(`${Bucket}.localhost:${port}`);
    await client(server.endpoint).send(new PutObjectCommand({ Bucket, Key: 'dir/k', Body: bytes(10) }));
    const status = await new Promise((resolve, reject) => {
      const options = {
        port,
        host: '127.0.0.1',
        path: url.pathname + url.search,
        headers: { host: url.host },
      };
      httpRequest(options, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });
});
