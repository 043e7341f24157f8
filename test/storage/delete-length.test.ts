import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AbortMultipartUploadCommand, DeleteObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { expect, it, vi } from 'vitest';
import { makeClients } from '../../src/storage/client.ts';

it('every DELETE says that it has no body, outside of its signature; other requests say nothing new', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'KEY').stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { client, close } = await makeClients({ bucket: 'b', prefix: '', pathStyle: true, endpoint });
  const about = { Bucket: 'b', Key: 'k' };
  try {
    await client.send(new DeleteObjectCommand({ ...about, VersionId: '1' }));
    await client.send(new AbortMultipartUploadCommand({ ...about, UploadId: '1' }));
    await client.send(new HeadObjectCommand(about));
  } finally {
    close();
    server.close();
    vi.unstubAllEnvs();
  }
  expect(seen.map(({ method, headers }) => [method, headers['content-length']])).toEqual([
    ['DELETE', '0'],
    ['DELETE', '0'],
    ['HEAD', undefined],
  ]);
  for (const { headers } of seen) expect(headers.authorization).not.toContain('content-length');
});
