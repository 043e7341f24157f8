import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MeasureOptions, measure, measureBuffer } from '../../src/storage/measure.ts';

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
async function run(source: Readable, options: MeasureOptions) {
  const { body, digest } = measure(source, options);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of body) chunks.push(chunk);
    return { chunks, digest: digest() };
  } catch (failure) {
    return { chunks, digest: digest(), failure };
  }
}

describe('measure', () => {
  it('passes on the same bytes, counted and hashed', async () => {
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

  it('reports a source that stops short, and gives no digest', async () => {
    const outcome = await run(inChunks(bytesOf(99), [10]), { length: 100 });
    expect(outcome).toMatchObject({ failure: { code: 'body_short' }, digest: null });
  });

  it.each([1, 64 * KIB, 300 * KIB])(
    'never lets %i declared bytes out whole when more follow',
    async (length) => {
      const outcome = await run(inChunks(bytesOf(length + 1), [length, 1]), { length });
      expect(outcome).toMatchObject({ failure: { code: 'body_long' }, digest: null });
      expect(Buffer.concat(outcome.chunks).length).toBeLessThan(length);
    },
  );

  it('refuses more than the limit, whatever was declared', async () => {
    const outcome = await run(inChunks(bytesOf(2000), [100]), { length: null, maxBytes: 1000 });
    expect(outcome).toMatchObject({ failure: { code: 'body_too_large' } });
  });

  it('keeps the cause when the source breaks', async () => {
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
    });
  });

  it('reports a source that was closed before it was measured', async () => {
    const source = inChunks(bytesOf(10), [1]);
    source.destroy();
    await setImmediate();
    expect(await run(source, { length: 10 })).toMatchObject({
      failure: { code: 'body_failed' },
    });
  });

  it('closes the source when nobody wants the body any more', async () => {
    const source = inChunks(bytesOf(1000), [10]);
    const { body } = measure(source, { length: 1000 });
    await body.next();
    await body.return();
    expect(source.destroyed).toBe(true);
  });

  it('stops reading the source while nobody reads the body', async () => {
    let given = 0;
    const source = new Readable({
      read() {
        given += 64 * KIB;
        this.push(Buffer.alloc(64 * KIB));
      },
    });
    const { body } = measure(source, { length: null });
    await body.next();
    for (let i = 0; i < 50; i++) await setImmediate();
    expect(given).toBeLessThan(1024 * KIB);
    await body.return();
  });
});
