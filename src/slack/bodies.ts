import type { IncomingMessage } from 'node:http';
import { MOST_BODY_BYTES, type Refusal, TOO_LARGE } from './signed-request.ts';

/** The limit for all unfinished bodies together. Slack's have a few thousand bytes and arrive in milliseconds. */
const MOST_BYTES_AT_ONCE = 16 * 1024 * 1024;

const TOO_MANY: Refusal = { status: 503, code: 'too_many_bodies' };

/** A body's buffer starts with this size and doubles when it is full. */
const FIRST_BYTES = 8 * 1024;

interface Reading {
  /** The bytes so far, at the start of a buffer with room for more. */
  buffer: Buffer;
  stop(why: Refusal): void;
}

/**
 * Reads bodies whose signature cannot be checked yet. Together they take no more memory than `mostAtOnce`, even if
 * many come at once or in small pieces: when there is too much, the largest body is refused.
 */
export function createBodies(mostAtOnce: number = MOST_BYTES_AT_ONCE) {
  const readings = new Set<Reading>();
  let held = 0;

  /** The body, or why it is refused. Rejects when the connection ends before the body is complete. */
  function read(request: IncomingMessage): Promise<Buffer | Refusal> {
    return new Promise((resolve, reject) => {
      let length = 0;
      const done = () => {
        request.off('data', onData);
        if (readings.delete(reading)) held -= reading.buffer.length;
      };
      const reading: Reading = {
        buffer: Buffer.alloc(0),
        stop(why) {
          request.pause();
          done();
          resolve(why);
        },
      };
      const onData = (chunk: Buffer) => {
        if (length + chunk.length > MOST_BODY_BYTES) return reading.stop(TOO_LARGE);
        if (length + chunk.length > reading.buffer.length) grow(reading, length, length + chunk.length);
        length += chunk.copy(reading.buffer, length);
        if (held > mostAtOnce) largest(readings)?.stop(TOO_MANY);
      };
      readings.add(reading);
      request.on('data', onData);
      request.once('end', () => {
        done();
        resolve(reading.buffer.subarray(0, length));
      });
      request.once('error', (error) => {
        done();
        reject(error);
      });
    });
  }

  /** Makes the buffer larger and keeps its bytes. */
  function grow(reading: Reading, length: number, wanted: number): void {
    let size = Math.max(reading.buffer.length, FIRST_BYTES);
    while (size < wanted) size *= 2;
    const roomier = Buffer.allocUnsafeSlow(size);
    reading.buffer.copy(roomier, 0, 0, length);
    held += size - reading.buffer.length;
    reading.buffer = roomier;
  }

  return { read };
}

function largest(readings: Set<Reading>): Reading | undefined {
  let found: Reading | undefined;
  for (const reading of readings)
    if (found === undefined || reading.buffer.length > found.buffer.length) found = reading;
  return found;
}
