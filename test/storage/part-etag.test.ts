import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPartEtag } from '../../src/storage/part-etag.ts';

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();

it('is the MD5 of the MD5s of the parts, however the bytes arrive', () => {
  const cases = fc.tuple(
    fc.uint8Array({ maxLength: 400 }),
    fc.integer({ min: 1, max: 120 }),
    fc.integer({ min: 1, max: 90 }),
  );
  fc.assert(
    fc.property(cases, ([array, partBytes, chunkBytes]) => {
      const bytes = Buffer.from(array);
      const etag = createPartEtag(partBytes);
      for (let at = 0; at < bytes.length; at += chunkBytes) etag.add(bytes.subarray(at, at + chunkBytes));
      const count = Math.ceil(bytes.length / partBytes);
      const parts = Array.from({ length: count }, (_, n) =>
        md5(bytes.subarray(n * partBytes, (n + 1) * partBytes)),
      );
      const expected =
        count > 1 ? `${md5(Buffer.concat(parts)).toString('hex')}-${count}` : md5(bytes).toString('hex');
      expect(etag.etag()).toBe(expected);
    }),
  );
});
