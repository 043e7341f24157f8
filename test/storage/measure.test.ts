import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BodyError, type MeasureOptions, measure, measureBuffer } from '../../src/storage/measure.ts';

const KIB = 1024;
const bytesOf = (length: number) => Buffer.alloc(length, 'The bytes that Slack sent. ');

function inChunks(bytes: Buffer, sizes: number[]): Readable {
  const chunks: Buffer[] = [];
  for (let from = 0, i = 0; from < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(bytes.subarray(from, from + size));
    from += size;
  }
  return Readable.from(chunks, { objectMode: false });
}

/** Reads a measured source to its end; resolves with what came out, the digest, and what failed. */
async function run(source: Readable, options: Omit<MeasureOptions, 'onFailure'>) {
  const failures: BodyError[] = [];
  const { body, digest } = measure(source, { ...options, onFailure: (error) => failures.push(error) });
  const chunks: Buffer[] = [];
  body.on('data', (chunk) => chunks.push(chunk));
  await new Promise<void>((resolve) => body.on('close', resolve));
  return { chunks, digest: digest(), failure: failures[0], failures: failures.length };
}

describe('measure', () => {
  it('passes on the same bytes in chunks of at least 64 KiB, counted and hashed', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 150 * KIB }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 400 * KIB }),
        sizes,
        fc.boolean(),
        async (length, parts, known) => {
          fc.pre(length / Math.min(...parts) < 5000);
          const bytes = bytesOf(length);
          const { chunks, digest } = await run(inChunks(bytes, parts), {
            length: known ? length : null,
            md5: true,
          });
          expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
          for (const chunk of chunks.slice(0, -1)) expect(chunk.length).toBeGreaterThanOrEqual(64 * KIB);
          const crc = Buffer.alloc(4);
          crc.writeUInt32BE(crc32(bytes));
          expect(digest).toEqual({
            bytes: length,
            sha256: createHash('sha256').update(bytes).digest('hex'),
            crc32: crc.toString('base64'),
            md5: createHash('md5').update(bytes).digest('hex'),
          });
          expect(measureBuffer(bytes, true)).toEqual(digest);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('tells of a source that stops short, once, and gives no digest', async () => {
    const outcome = await run(inChunks(bytesOf(99), [10]), { length: 100 });
    expect(outcome).toMatchObject({ failure: { code: 'body_short' }, failures: 1, digest: null });
  });

  it.each([1, 64 * KIB, 300 * KIB])(
    'never lets %i declared bytes out whole when more follow',
    async (length) => {
      const outcome = await run(inChunks(bytesOf(length + 1), [length, 1]), { length });
      expect(outcome).toMatchObject({ failure: { code: 'body_long' }, failures: 1, digest: null });
      expect(Buffer.concat(outcome.chunks).length).toBeLessThan(length);
    },
  );

  it('refuses more than the limit, whatever was declared', async () => {
    const outcome = await run(inChunks(bytesOf(2000), [100]), { length: null, maxBytes: 1000 });
    expect(outcome).toMatchObject({ failure: { code: 'body_too_large' }, failures: 1 });
  });

  it('keeps the cause when the source breaks, and never emits an error itself', async () => {
    const cause = new Error('reset');
    const source = Readable.from(
      (async function* () {
        yield bytesOf(10);
        throw cause;
      })(),
      { objectMode: false },
    );
    expect(await run(source, { length: 100 })).toMatchObject({
      failure: { code: 'body_failed', cause },
      failures: 1,
    });
  });

  it('tells of a source that was closed before it was measured', async () => {
    const source = inChunks(bytesOf(10), [1]);
    source.destroy();
    await setImmediate();
    expect(await run(source, { length: 10 })).toMatchObject({
      failure: { code: 'body_failed' },
      failures: 1,
    });
  });

  it('closes the source without a failure when nobody wants the body any more', async () => {
    const failures: BodyError[] = [];
    const source = inChunks(bytesOf(1000), [10]);
    const { body } = measure(source, { length: 1000, onFailure: (error) => failures.push(error) });
    body.destroy();
    await new Promise<void>((resolve) => source.on('close', resolve));
    expect(failures).toEqual([]);
  });

  it('stops reading the source while nobody reads the body', async () => {
    let given = 0;
    const source = new Readable({
      read() {
        given += 64 * KIB;
        this.push(Buffer.alloc(64 * KIB));
      },
    });
    const { body } = measure(source, { length: null, onFailure: () => {} });
    body.read(0);
    for (let i = 0; i < 50; i++) await setImmediate();
    expect(given).toBeLessThan(1024 * KIB);
    body.destroy();
  });
});
