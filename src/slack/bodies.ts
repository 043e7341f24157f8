import type { IncomingMessage } from 'node:http';
import { MOST_BODY_BYTES, type Refusal, TOO_LARGE } from './signed-request.ts';

/** The limit for all unfinished bodies together. Slack's have a few thousand bytes and arrive in milliseconds. */
const MOST_BYTES_AT_ONCE = 16 * 1024 * 1024;

const TOO_MANY: Refusal = { status: 503, code: 'too_many_bodies' };

/**
 * Bodies are held in blocks of this size, which are used again. A buffer that grows leaves smaller ones behind, and Node frees them
 * late: with such buffers, 900 bodies of 3 MB at once took 500 MB. Small enough that every connection may have one.
 */
const BLOCK_BYTES = 16 * 1024;

interface Reading {
  blocks: Buffer[];
  stop(why: Refusal): void;
}

/**
 * Reads bodies whose signature cannot be checked yet. Together they take no more memory than `mostAtOnce`, even if
 * many come at once or in small pieces: when there is too much, the largest body is refused.
 */
export function createBodies(mostAtOnce: number = MOST_BYTES_AT_ONCE) {
  const readings = new Set<Reading>();
  const free: Buffer[] = [];
  let held = 0;

  /** The body, or why it is refused. Rejects when the connection ends before the body is complete. */
  function read(request: IncomingMessage): Promise<Buffer | Refusal> {
    return new Promise((resolve, reject) => {
      let length = 0;
      const done = () => {
        request.off('data', onData);
        if (!readings.delete(reading)) return;
        held -= reading.blocks.length;
        free.push(...reading.blocks.splice(0));
      };
      const reading: Reading = {
        blocks: [],
        stop(why) {
          request.pause();
          done();
          resolve(why);
        },
      };
      const onData = (chunk: Buffer) => {
        if (length + chunk.length > MOST_BODY_BYTES) return reading.stop(TOO_LARGE);
        for (let from = 0; from < chunk.length; ) {
          const at = length % BLOCK_BYTES;
          if (at === 0) take(reading);
          const copied = chunk.copy(reading.blocks.at(-1) as Buffer, at, from);
          from += copied;
          length += copied;
        }
        while (held * BLOCK_BYTES > mostAtOnce) largest(readings)?.stop(TOO_MANY);
      };
      readings.add(reading);
      request.on('data', onData);
      request.once('end', () => {
        if (!readings.has(reading)) return;
        const body = Buffer.concat(reading.blocks, length);
        done();
        resolve(body);
      });
      request.once('error', (error) => {
        done();
        reject(error);
      });
    });
  }

  function take({ blocks }: Reading): void {
    blocks.push(free.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES));
    held += 1;
  }

  return { read };
}

function largest(readings: Set<Reading>): Reading | undefined {
  let found: Reading | undefined;
  for (const reading of readings)
    if (found === undefined || reading.blocks.length > found.blocks.length) found = reading;
  return found;
}
