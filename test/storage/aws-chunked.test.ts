import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFrame, framedLength } from '../../src/storage/aws-chunked.ts';

const MIB = 1024 * 1024;

/** Reads a framed body as the documentation of the trailers says, with none of the code that made it. */
function unframed(body: Buffer): { chunks: Buffer[]; trailer: string } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    const length = Number.parseInt(body.toString('latin1', at, end), 16);
    at = end + 2;
    if (length === 0) return { chunks, trailer: body.toString('latin1', at) };
    chunks.push(body.subarray(at, at + length));
    at += length;
    expect(body.toString('latin1', at, at + 2)).toBe('\r\n');
    at += 2;
  }
}

test('a body of any length in any pieces is framed to exactly the announced length, its bytes unchanged', () => {
  const lengths = fc.oneof(
    fc.integer({ min: 0, max: 3 * MIB }),
    fc.constantFrom(0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB),
  );
  const pieces = fc.array(fc.integer({ min: 1, max: 2 * MIB }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(lengths, pieces, (length, sizes) => {
      fc.pre(length / Math.min(...sizes) < 2_000);
      const bytes = Buffer.alloc(length, 'The bytes that Slack sent. ');
      const frame = createFrame(length);
      const sent: Buffer[] = [];
      for (let at = 0, i = 0; at < length; i++) {
        const size = sizes[i % sizes.length] ?? 1;
        sent.push(...frame.add(bytes.subarray(at, at + size)));
        at += size;
      }
      sent.push(frame.end('q83vEg=='));
      const body = Buffer.concat(sent);
      expect(body.length).toBe(framedLength(length));
      const { chunks, trailer } = unframed(body);
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
      expect(trailer).toBe('x-amz-checksum-crc32:q83vEg==\r\n\r\n');
      // S3 refuses shorter ones, except for the last.
      for (const chunk of chunks.slice(0, -1)) expect(chunk.length).toBeGreaterThanOrEqual(8 * 1024);
    }),
    { numRuns: 60 },
  );
});
