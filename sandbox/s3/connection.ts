import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { S3Error } from './errors.ts';

/** How a body is to be read. */
export interface Shaping {
  /** Give up after nothing has come for this long. */
  idleMs: number;
  /** Cut the connection after this many bytes of the request body. */
  resetAfterBytes?: number;
}

/** Cuts the connection with a TCP reset, as a crash or a middlebox would. */
export function cut(request: IncomingMessage): void {
  request.socket.resetAndDestroy();
}

/**
 * The request body as it comes, no faster than it is read. `begin` runs at the first read: then the
 * client is told to continue. @throws S3Error `IncompleteBody` when the client goes away, `RequestTimeout`
 * when it falls silent.
 */
export async function* bodyOf(
  request: IncomingMessage,
  shaping: Shaping,
  begin: () => void,
): AsyncGenerator<Buffer> {
  begin();
  // Leaving early must not destroy the socket: the client must still get an answer.
  const chunks: AsyncIterator<Buffer> = request.iterator({ destroyOnReturn: false });
  let left = shaping.resetAfterBytes ?? Number.POSITIVE_INFINITY;
  for (;;) {
    if (left <= 0) cut(request);
    const step = await nextInTime(chunks, shaping.idleMs);
    if (step.done) return;
    left -= step.value.length;
    if (left <= 0) continue;
    yield step.value;
  }
}

async function nextInTime(chunks: AsyncIterator<Buffer>, idleMs: number): Promise<IteratorResult<Buffer>> {
  const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<Buffer>>();
  const timer = setTimeout(() => {
    reject(
      new S3Error(
        'RequestTimeout',
        'Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.',
      ),
    );
  }, idleMs);
  chunks.next().then(resolve, (cause: unknown) => {
    reject(
      new S3Error('IncompleteBody', 'The connection was closed before the whole body had come.', { cause }),
    );
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** How fast bytes may go. It is read again for every slice, so it may change under way. */
export interface Pace {
  bytesPerSecond: number;
}

/** Gives bytes no faster than the pace allows, and stops when the connection is gone. */
export async function* paced(
  bytes: AsyncIterable<Buffer>,
  pace: Pace,
  { socket }: IncomingMessage,
): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    for (let start = 0; start < chunk.length && !socket.destroyed; ) {
      const { bytesPerSecond } = pace;
      const slice = Math.max(1, Math.min(64 * 1024, Math.floor(bytesPerSecond / 10)));
      const part = chunk.subarray(start, start + slice);
      await sleep((part.length / bytesPerSecond) * 1000);
      yield part;
      start += slice;
    }
  }
}

/** Waits, but no longer than the client does. */
export async function pause(milliseconds: number, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  await sleep(milliseconds, undefined, { signal: gone.signal }).catch(() => {});
}

/** Waits until the client has gone: for requests that are never answered. */
export async function untilClosed(response: ServerResponse): Promise<void> {
  if (response.destroyed || response.socket?.destroyed) return;
  await new Promise((resolve) => response.once('close', resolve));
}
