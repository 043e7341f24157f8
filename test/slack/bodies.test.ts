import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBodies } from '../../src/slack/bodies.ts';

const KB = 1024;
const request = () => new PassThrough() as PassThrough & IncomingMessage;

test('bodies come whole however they are cut into pieces, and never with bytes of another one', async () => {
  const { read } = createBodies();
  const pieces = fc.array(fc.uint8Array({ maxLength: 40 * KB }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { minLength: 1, maxLength: 3 }), async (bodies) => {
      const requests = bodies.map(request);
      const reads = requests.map((one) => read(one));
      const most = Math.max(...bodies.map((body) => body.length));
      // Piece by piece in turns, as several connections bring them.
      for (let i = 0; i < most; i++)
        for (const [n, one] of requests.entries()) one.write(bodies[n]?.[i] ?? '');
      for (const one of requests) one.end();
      for (const [n, body] of (await Promise.all(reads)).entries())
        expect(Buffer.compare(body as Buffer, Buffer.concat(bodies[n] ?? []))).toBe(0);
    }),
    { numRuns: 30 },
  );
});

test('when all together are too much, the largest is refused, and the others come whole', async () => {
  const { read } = createBodies(64 * KB);
  const [small, large, other] = [request(), request(), request()];
  const [ofSmall, ofLarge, ofOther] = [read(small), read(large), read(other)];
  small.write('a'.repeat(10 * KB));
  large.write('b'.repeat(40 * KB));
  other.write('c'.repeat(20 * KB));
  expect(await ofLarge).toMatchObject({ status: 503, code: 'too_many_bodies' });
  small.end();
  other.end('c');
  expect(String(await ofSmall)).toBe('a'.repeat(10 * KB));
  expect(String(await ofOther)).toBe('c'.repeat(20 * KB + 1));
});

test('what was held is free again, however a body ended', async () => {
  const { read } = createBodies(64 * KB);
  for (let i = 0; i < 20; i++) {
    const [good, cutOff, tooLarge] = [request(), request(), request()];
    const [ofGood, ofCutOff, ofTooLarge] = [read(good), read(cutOff), read(tooLarge)];
    cutOff.write('x'.repeat(10 * KB));
    cutOff.destroy(new Error('aborted'));
    await expect(ofCutOff).rejects.toThrow('aborted');
    tooLarge.end('x'.repeat(70 * KB));
    expect(await ofTooLarge).toMatchObject({ status: 503 });
    good.end('x'.repeat(50 * KB));
    expect(((await ofGood) as Buffer).length).toBe(50 * KB);
  }
});
