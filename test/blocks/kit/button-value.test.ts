import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeButtonValue,
  encodeButtonValue,
  numberPart as n,
  textPart as s,
} from '../../../src/blocks/kit/button-value.ts';
import { decodeCursor, decodeSought } from '../../../src/blocks/kit/cursor.ts';
import { RANK } from '../../../src/text/match-rank.ts';
import { runs } from '../../runs.ts';

describe('what page buttons carry', () => {
  it('comes back as it was, if it fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), (text, number) => {
        const value = encodeButtonValue(text, number);
        if (value !== null) expect(decodeButtonValue(value, [s, n])).toEqual([text, number]);
      }),
    );
    expect(encodeButtonValue('x'.repeat(2_000))).toBeNull();
  });

  it('is null for values that the bot never wrote', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(decodeButtonValue(value, [s, s, n, n])).toBeNull();
      }),
    );
    expect(decodeButtonValue(encodeButtonValue('C1', 1), [s, s])).toBeNull();
    expect(decodeButtonValue(encodeButtonValue('C1', 1.5), [s, n])).toBeNull();
    expect(decodeButtonValue(encodeButtonValue('C1'), [s, s])).toBeNull();
    const nul = Buffer.from('["C\\u0000"]').toString('base64url');
    expect(decodeButtonValue(nul, [s])).toBeNull();
    const longer = Buffer.from('["C1",1,2]').toString('base64url');
    expect(decodeButtonValue(longer, [s, n])).toBeNull();
  });

  it('has whole numbers only, however a number is written', () => {
    const written = fc.oneof(
      fc.double().map((number) => JSON.stringify(number)),
      fc.double().map(String),
      fc.bigInt().map(String),
      fc.double().map((number) => JSON.stringify(String(number))),
      fc.tuple(fc.integer(), fc.integer({ min: -400, max: 400 })).map(([a, b]) => `${a}e${b}`),
      fc.tuple(fc.integer(), fc.nat()).map(([a, b]) => `${a}.${b}`),
      fc.json(),
      fc.constantFrom(
        'NaN',
        'Infinity',
        '-Infinity',
        '-0',
        '0x10',
        '+1',
        '01',
        '1_000',
        '1n',
        '',
        ' ',
        'null',
      ),
    );
    const word = (json: string) => Buffer.from(json).toString('base64url');
    fc.assert(
      fc.property(written, (number) => {
        const read = decodeButtonValue(word(`["C1",${number}]`), [s, n]);
        if (read !== null) {
          expect(Number.isSafeInteger(read[1])).toBe(true);
          expect(JSON.parse(number)).toBe(read[1]);
        }
        const cursor = decodeCursor(word(`["C1","","older",${number},"F1",0]`))?.cursor;
        expect(cursor?.sharedAt).toBe(read?.[1]);
        const rank = decodeCursor(word(`["C1","","older",1,"F1",${number}]`))?.cursor.rank;
        expect([undefined, ...Object.values(RANK)]).toContain(rank);
      }),
      { numRuns: runs(1_000) },
    );
    for (const whole of ['1e3', '-5', '12.0', String(Number.MAX_SAFE_INTEGER)])
      expect(decodeButtonValue(word(`["C1",${whole}]`), [s, n])).toEqual(['C1', Number(whole)]);
    for (const none of ['0.5', '1e-3', '-1.5', '1e16', '1e999', '9007199254740992', '"1"', 'true', '[1]'])
      expect(decodeButtonValue(word(`["C1",${none}]`), [s, n])).toBeNull();
  });

  it('is read as earlier releases wrote it, since old messages stay in people’s Slack', () => {
    const audit = 'WyJDMEdFTkVSQUwiLCJhY3Rpb246IMO8IDwmPiIsMTc1MDAwMDAwMDAwMCw0Ml0';
    expect(decodeButtonValue(audit, [s, s, n, n])).toEqual([
      'C0GENERAL',
      'action: ü <&>',
      1_750_000_000_000,
      42,
    ]);
    const list = 'WyJDMEdFTkVSQUwiLCJxMyIsIm9sZGVyIiwxNzUwMDAwMDAwMDAwLCJGMDEiLDJd';
    expect(decodeCursor(list)).toEqual({
      channelId: 'C0GENERAL',
      query: 'q3',
      cursor: { direction: 'older', sharedAt: 1_750_000_000_000, fileId: 'F01', rank: 2 },
    });
    expect(decodeSought('find:WyIiLCJxMyJd')).toEqual({ channelId: '', query: 'q3' });
  });
});
