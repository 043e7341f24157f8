import { getEventListeners } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { storageError } from '../../src/storage/errors.ts';
import { createSendPut, type Put } from '../../src/storage/send-put.ts';

const MIB = 1024 * 1024;
const STALL_MS = 1_000;
const DONE = 'HTTP/1.1 200 OK\r\netag: "abc"\r\ncontent-length: 0\r\n\r\n';
const DENIED = '<Error><Code>AccessDenied</Code><Message>not you</Message></Error>';
const REFUSAL = `HTTP/1.1 403 Forbidden\r\ncontent-length: ${DENIED.length}\r\n\r\n${DENIED}`;

const quiet = () => {};
const logger = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };

const closing: Array<() => void> = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A store with any answers: `answer` is called with everything that came on a connection so far. */
async function store(
  answer: (socket: Socket, sofar: Buffer) => unknown,
  host = '127.0.0.1',
): Promise<number> {
  const server = createServer((socket) => {
    let sofar = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      if (sofar.length < MIB) sofar = Buffer.concat([sofar, chunk]);
      answer(socket, sofar);
    });
    closing.push(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  closing.push(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function sender(endpoint: string, config: S3ClientConfig = {}) {
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
  const plain = { endpoint, region: 'us-east-1', forcePathStyle: true, logger };
  const client = new S3Client({ ...plain, credentials, ...config });
  const limits = { connectTimeoutMs: STALL_MS, stallMs: STALL_MS, connections: 4 };
  const { sendPut, close } = createSendPut({ client, bucket: 'my.bucket', ...limits });
  closing.push(close, () => client.destroy());
  const small = { key: 'k', headers: {}, body: Buffer.from('hello'), length: 5 };
  return (put: Partial<Put> = {}) => sendPut({ ...small, payload: 'UNSIGNED-PAYLOAD', ...put });
}

/** A body of so many MiB that can wait before the last one. */
function stream(mebibytes: number, pause?: Promise<void>): Pick<Put, 'body' | 'length'> {
  async function* body() {
    for (let i = 1; i <= mebibytes; i++) {
      if (i === mebibytes) await pause;
      yield Buffer.alloc(MIB);
    }
  }
  return { body: body(), length: mebibytes * MIB };
}

const once = (text: string) => (socket: Socket, sofar: Buffer) => {
  if (socket.bytesWritten === 0 && sofar.includes('\r\n\r\n')) socket.write(text);
};
const failure = (put: Promise<unknown>) =>
  put.then(
    () => expect.unreachable('it was taken'),
    (error: unknown) => storageError(error, { name: 'my.bucket', endpointHost: null }),
  );

describe('where a put goes', () => {
  it.for([
    ['127.0.0.1', '', '/my.bucket/'],
    ['127.0.0.1', '/below/a/path/', '/below/a/path/my.bucket/'],
    ['::1', '', '/my.bucket/'],
  ])('is what the endpoint says: %s%s', async ([host = '', path = '', folder], { skip }) => {
    let head = '';
    const port = await store((socket, sofar) => {
      head = sofar.toString('latin1');
      if (head.endsWith('hello')) socket.write(DONE);
    }, host).catch(() => skip('this machine has no such address'));
    const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const put = sender(`http://${authority}${path}`);
    expect(await put({ key: "a b/ü'(1)*!~.txt" })).toMatchObject({ etag: '"abc"' });
    expect(head).toContain(`PUT ${folder}a%20b/%C3%BC%27%281%29%2A%21~.txt HTTP/1.1\r\n`);
    expect(head).toContain(`host: ${authority}\r\n`);
  });

  it('is asked for in HTTP/1.1, whatever else the store speaks', async () => {
    const hello = Promise.withResolvers<Buffer>();
    const port = await store((socket, sofar) => {
      hello.resolve(sofar);
      socket.destroy();
    });
    expect((await failure(sender(`https://127.0.0.1:${port}`)())).code).toBe('bucket_unreachable');
    const offered = (await hello.promise).toString('latin1');
    expect(offered).toContain('\x08http/1.1');
    expect(offered).not.toContain('\x02h2');
  });
});

it('expired credentials are asked for again, and the clock follows the store’s', async () => {
  const heads: string[] = [];
  const port = await store((socket, sofar) => {
    const all = sofar.toString('latin1');
    if (all.endsWith('hello') && socket.bytesWritten === 0) {
      heads.push(all);
      socket.end(DONE.replace('content', 'connection: close\r\ncontent'));
    }
  });
  let given = 0;
  const credentials = async () => {
    given += 1;
    const expiration = new Date(Date.now() + (given < 3 ? 0 : 3_600_000));
    return { accessKeyId: `key${given}`, secretAccessKey: 's', sessionToken: `token${given}`, expiration };
  };
  const put = sender(`http://127.0.0.1:${port}`, { credentials, systemClockOffset: 86_400_000 });
  for (let i = 0; i < 3; i++) await put();
  expect(given).toBe(3);
  expect(heads.at(-1)).toContain('x-amz-security-token: token3');
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
  expect(heads.at(-1)).toContain(`Credential=key3/${tomorrow}/us-east-1/s3/`);
});

describe('an answer', () => {
  it('that comes before the body is sent is taken, and the body is let go', async () => {
    const port = await store(once(REFUSAL));
    const put = sender(`http://127.0.0.1:${port}`);
    const wait = Promise.withResolvers<void>();
    for (const body of [stream(200), stream(2, wait.promise)])
      expect((await failure(put(body))).code).toBe('bucket_forbidden');
    wait.resolve();
  });

  it('of any length does no harm', async () => {
    let sent = 0;
    const block = `${'x'.repeat(MIB)}`;
    const port = await store((socket) => {
      if (socket.bytesWritten > 0) return;
      socket.write(`HTTP/1.1 500 Broken\r\ncontent-length: ${500 * MIB}\r\n\r\n<Code>InternalError</Code>`);
      const more = () => {
        while (!socket.destroyed && sent < 500 && socket.write(block)) sent += 1;
      };
      socket.on('drain', more);
      more();
    });
    expect((await failure(sender(`http://127.0.0.1:${port}`)())).message).toContain('InternalError, 500');
    expect(sent).toBeLessThan(100);
  });

  it('that redirects is not followed, and names the region', async () => {
    const moved = 'HTTP/1.1 301 Moved\r\nx-amz-bucket-region: eu-west-3\r\ncontent-length: 0\r\n\r\n';
    const port = await store(once(moved));
    const { code, message } = await failure(sender(`http://127.0.0.1:${port}`)());
    expect([code, message]).toEqual(['bucket_region', expect.stringContaining('AWS_REGION=eu-west-3')]);
  });

  it('that never comes: the wait ends when nothing moves, but not while the source rests', async () => {
    const rest = () => new Promise<void>((resolve) => setTimeout(resolve, STALL_MS * 3));
    const silent = sender(`http://127.0.0.1:${await store(() => {})}`);
    const heard = await store((socket, sofar) => {
      if (sofar.length >= MIB && socket.bytesWritten === 0)
        setTimeout(() => socket.write(DONE), STALL_MS * 4);
    });
    const [buffer, body, rested, taken] = await Promise.all([
      failure(silent()),
      failure(silent(stream(2))),
      failure(silent(stream(2, rest()))),
      sender(`http://127.0.0.1:${heard}`)(stream(2, rest())).catch((error) => error),
    ]);
    for (const { code } of [buffer, body, rested]) expect(code).toBe('bucket_stalled');
    expect(taken).toMatchObject({ etag: '"abc"' });
  });
});

describe('a put that is stopped', () => {
  it.for([0, 100])('ends at once, after %i ms, and leaves no listeners', async (ms) => {
    const put = sender(`http://127.0.0.1:${await store(() => {})}`);
    for (const body of [{}, stream(200), stream(2, new Promise(() => {}))]) {
      const stop = new AbortController();
      if (ms === 0) stop.abort();
      else setTimeout(() => stop.abort(), ms);
      expect((await failure(put({ ...body, signal: stop.signal }))).code).toBe('aborted');
      expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    }
  });
});
