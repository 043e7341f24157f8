import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, decodeSought } from '../../../src/blocks/kit/cursor.ts';
import { decodePlace, encodePlace, placeNumber as n, placeText as s } from '../../../src/blocks/kit/place.ts';

describe('what page buttons carry', () => {
  it('comes back as it was, if it fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), (text, number) => {
        const value = encodePlace(text, number);
        if (value !== null) expect(decodePlace(value, [s, n])).toEqual([text, number]);
      }),
    );
    expect(encodePlace('x'.repeat(2_000))).toBeNull();
  });

  it('is null for values that the bot never wrote', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(decodePlace(value, [s, s, n, n])).toBeNull();
      }),
    );
    expect(decodePlace(encodePlace('C1', 1), [s, s])).toBeNull();
    expect(decodePlace(encodePlace('C1', 1.5), [s, n])).toBeNull();
    expect(decodePlace(encodePlace('C1'), [s, s])).toBeNull();
    const nul = Buffer.from('["C\\u0000"]').toString('base64url');
    expect(decodePlace(nul, [s])).toBeNull();
    const longer = Buffer.from('["C1",1,2]').toString('base64url');
    expect(decodePlace(longer, [s, n])).toBeNull();
  });

  it('is read as earlier releases wrote it, since old messages stay in people’s Slack', () => {
    const audit = 'WyJDMEdFTkVSQUwiLCJhY3Rpb246IMO8IDwmPiIsMTc1MDAwMDAwMDAwMCw0Ml0';
    expect(decodePlace(audit, [s, s, n, n])).toEqual(['C0GENERAL', 'action: ü <&>', 1_750_000_000_000, 42]);
    const list = 'WyJDMEdFTkVSQUwiLCJxMyIsIm9sZGVyIiwxNzUwMDAwMDAwMDAwLCJGMDEiLDJd';
    expect(decodeCursor(list)).toEqual({
      channelId: 'C0GENERAL',
      query: 'q3',
      cursor: { direction: 'older', sharedAt: 1_750_000_000_000, fileId: 'F01', rank: 2 },
    });
    expect(decodeSought('find:WyIiLCJxMyJd')).toEqual({ channelId: '', query: 'q3' });
  });
});
