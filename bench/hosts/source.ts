import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { serve } from './serve.ts';

/**
 * The process that files are downloaded from: `GET /<bytes>/<anything>?rate=<bytes a second>` answers so many bytes,
 * at full speed when no rate is given. Started by `startSource`.
 */
const CHUNK = randomBytes(256 * 1024);
const TICKS_A_SECOND = 10;

serve((request, response) => void send(request, response).catch(() => response.destroy()), {});

async function send(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://source');
  const size = Number(url.pathname.split('/')[1]);
  const rate = Number(url.searchParams.get('rate') ?? Number.POSITIVE_INFINITY);
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size });
  let left = size;
  while (left > 0 && !response.destroyed) {
    const next = CHUNK.subarray(0, Math.min(left, CHUNK.length, Math.max(1, rate / TICKS_A_SECOND)));
    left -= next.length;
    if (!response.write(next)) await once(response, 'drain');
    if (Number.isFinite(rate)) await new Promise((done) => setTimeout(done, (next.length / rate) * 1_000));
  }
  response.end();
}
