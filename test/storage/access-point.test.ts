import { afterEach, expect, it, vi } from 'vitest';
import type { Bucket } from '../../src/storage/bucket.ts';
import { makeClients } from '../../src/storage/client.ts';
import { setAside } from '../../src/storage/inventory.ts';
import { presignDownload } from '../../src/storage/presign.ts';

const ARN = 'arn:aws:s3:eu-central-1:123456789012:accesspoint/vault-ap';
const HOST = 'vault-ap-123456789012.s3-accesspoint.eu-central-1.amazonaws.com';

afterEach(() => vi.unstubAllEnvs());

async function open(bucket: string): Promise<Bucket> {
  for (const [name, value] of Object.entries({
    ...{ AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'us-east-1' },
    ...{ AWS_ENDPOINT_URL_S3: undefined, AWS_ENDPOINT_URL: undefined },
  }))
    vi.stubEnv(name, value);
  const clients = await makeClients({ bucket, prefix: 'p', pathStyle: false, maxAttempts: 1 });
  return { name: bucket, capabilities: {}, ...clients } as unknown as Bucket;
}

it('an access point is reached at its own address, in the region that its ARN names', async () => {
  const bucket = await open(ARN);
  const file = { key: 'p/a b.txt', name: 'a', contentType: null, expiresSeconds: 60 };
  const url = new URL(await presignDownload(bucket, file));
  expect([url.hostname, url.pathname]).toEqual([HOST, '/p/a%20b.txt']);
  expect(url.searchParams.get('X-Amz-Credential')).toContain('/eu-central-1/s3/');
  bucket.close();
});

it.each([
  [ARN, `${encodeURIComponent(`${ARN}/object`)}/p/a%20b.txt`],
  ['files', 'files/p/a%20b.txt'],
])('a copy within %s names its source as S3 wants it', async (name, source) => {
  const bucket = await open(name);
  const sent: Array<Record<string, string>> = [];
  bucket.client.middlewareStack.add(
    (_next, { commandName }) =>
      async (call) => {
        const { headers } = call.request as { headers: Record<string, string> };
        if (commandName === 'CopyObjectCommand') {
          sent.push(headers);
          throw new Error('enough is seen');
        }
        return { response: { statusCode: 200, headers: {} }, output: { $metadata: {}, ETag: '"e"' } };
      },
    { step: 'deserialize', priority: 'low', name: 'answerNothing' },
  );
  await expect(setAside(bucket, 'p/a b.txt', 'x')).rejects.toThrow();
  expect(sent[0]?.['x-amz-copy-source']).toBe(source);
  bucket.close();
});
