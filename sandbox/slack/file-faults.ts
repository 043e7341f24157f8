/** Downloads that go wrong on purpose. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DownloadFault } from './faults.ts';
import { fileHeaders } from './file-headers.ts';
import { sendText } from './http.ts';
import type { Served } from './kinds/serve.ts';
import type { World } from './world.ts';

/** Sends a file as `fault` says. The host itself sends the login page. */
export async function sendFaulty(
  world: World,
  served: Served,
  fault: Exclude<DownloadFault, { kind: 'login_page' }>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { size } = await sizeOf(served);
  const head = (length: number | null) =>
    response.writeHead(200, {
      ...fileHeaders(served, true),
      ...(length === null ? {} : { 'content-length': String(length) }),
    });
  // A reader that leaves ends the pipeline with an error, which is expected here.
  const send = (body: Readable) => pipeline(body, response).catch(() => void response.destroy());
  const firstBytes = (count: number) => (count <= 0 ? Readable.from([]) : open(served, count));

  switch (fault.kind) {
    case 'status': {
      if (fault.retryAfter !== undefined) response.setHeader('retry-after', String(fault.retryAfter));
      return sendText(response, fault.status, `status ${fault.status}`);
    }
    case 'redirect': {
      // The other path is the same one with a doubled name, which this host also serves.
      const location = fault.to === 'path' ? `${world.baseUrl}${request.url}/moved` : fault.to;
      response.writeHead(fault.status ?? 302, { location, 'content-length': '0' });
      response.end();
      return;
    }
    case 'short':
      head(Math.max(0, size - fault.bytes));
      return send(firstBytes(size - fault.bytes));
    case 'extra':
      head(size + fault.bytes);
      return send(Readable.from(withExtra(open(served), fault.bytes)));
    case 'content_length':
      return sendLying(served, fault.value, response);
    case 'reset':
      head(size);
      for await (const chunk of firstBytes(Math.min(fault.after, size))) await write(response, chunk);
      response.flushHeaders();
      await sleep(20);
      request.socket.resetAndDestroy();
      return;
    case 'stall':
      head(size);
      response.flushHeaders();
      for await (const chunk of firstBytes(Math.min(fault.after, size))) await write(response, chunk);
      // Nothing more comes; the reader has to give up.
      return;
    case 'drip':
      head(size);
      return send(Readable.from(dripping(open(served), fault)));
  }
}

/** The bytes of something served; the first `count` of them if given. */
export function open({ path, text = '' }: Served, count?: number): Readable {
  if (path !== undefined) return createReadStream(path, count === undefined ? {} : { end: count - 1 });
  return Readable.from([Buffer.from(text).subarray(0, count)]);
}

/** How many bytes will be served. */
export async function sizeOf({ path, text = '' }: Served): Promise<{ size: number }> {
  return path === undefined ? { size: Buffer.byteLength(text) } : stat(path);
}

/** Sends the whole file under a Content-Length that is not its size, past the checks of node:http. */
async function sendLying(served: Served, length: number | null, response: ServerResponse): Promise<void> {
  const body = open(served);
  if (length === null) {
    response.writeHead(200, fileHeaders(served, true));
    await pipeline(body, response).catch(() => void response.destroy());
    return;
  }
  const { socket } = response;
  if (socket === null) return;
  const headers = { ...fileHeaders(served, true), 'content-length': String(length), connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 200 OK\r\n${lines.join('')}\r\n`);
  await pipeline(body, socket).catch(() => void socket.destroy());
}

async function* withExtra(body: Readable, bytes: number): AsyncGenerator<Buffer> {
  yield* body;
  yield Buffer.alloc(bytes, '+');
}

async function* dripping(body: Readable, pace: { bytesPerSecond: number }): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; ) {
      const { bytesPerSecond } = pace;
      const part = chunk.subarray(at, at + Math.max(1, Math.ceil(bytesPerSecond / 10)));
      yield part;
      await sleep((part.length / bytesPerSecond) * 1000);
      at += part.length;
    }
  }
}

function write(response: ServerResponse, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => response.write(chunk, () => resolve()));
}
