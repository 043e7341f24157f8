import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePlace, encodePlace } from '../../src/blocks/place.ts';

describe('what page buttons carry', () => {
  it('comes back as it was, if it fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), (text, number) => {
        const value = encodePlace(text, number);
        if (value !== null) expect(decodePlace(value, 'sn')).toEqual([text, number]);
      }),
    );
    expect(encodePlace('x'.repeat(2_000))).toBeNull();
  });

  it('is null for whatever nobody wrote', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(decodePlace(value, 'ssnn')).toBeNull();
      }),
    );
    expect(decodePlace(encodePlace('C1', 1), 'ss')).toBeNull();
    expect(decodePlace(encodePlace('C1', 1.5), 'sn')).toBeNull();
    expect(decodePlace(encodePlace('C1'), 'ss')).toBeNull();
    const nul = Buffer.from('["C\\u0000"]').toString('base64url');
    expect(decodePlace(nul, 's')).toBeNull();
  });
});
