import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, decodeSought, encodeCursor, encodeSought } from '../../../src/blocks/kit/cursor.ts';
import { RANK } from '../../../src/text/match-rank.ts';
import { anyName } from '../arbitraries.ts';

const anyCursor = fc.record({
  channelId: fc.constantFrom('C0GENERAL', 'D1'),
  query: anyName,
  cursor: fc.record({
    direction: fc.constantFrom('older' as const, 'newer' as const),
    rank: fc.constantFrom(...Object.values(RANK)),
    sharedAt: fc.maxSafeInteger(),
    fileId: fc.stringMatching(/^F[A-Z0-9]{8}$/),
  }),
});

describe('a page cursor', () => {
  it('comes back as it was, or says that it is too long', () => {
    fc.assert(
      fc.property(anyCursor, (cursor) => {
        const value = encodeCursor(cursor);
        if (value === null) {
          expect(cursor.query.length).toBeGreaterThan(200);
        } else {
          expect(value).toMatch(/^[\w-]{1,2000}$/);
          expect(decodeCursor(value)).toEqual(cursor);
        }
      }),
    );
  });

  it.each([
    ['nothing', undefined],
    ['a number', 7],
    ['an old value', 'page:2'],
    ['an object', Buffer.from('{"a":1}').toString('base64url')],
    ['a wrong direction', Buffer.from('["C1","","up",1,"F1",0]').toString('base64url')],
    ['a wrong time', Buffer.from('["C1","","older","1","F1",0]').toString('base64url')],
    ['a fraction of a time', Buffer.from('["C1","","older",1.5,"F1",0]').toString('base64url')],
    ['a time beyond all numbers', Buffer.from('["C1","","older",1e300,"F1",0]').toString('base64url')],
    ['a NUL', Buffer.from('["C1","","older",1,"F1\\u0000",0]').toString('base64url')],
    ['a wrong rank', Buffer.from('["C1","","older",1,"F1",6]').toString('base64url')],
    ['too few fields', Buffer.from('["C1"]').toString('base64url')],
    ['too much', 'x'.repeat(2001)],
  ])('is null for %s', (_, value) => {
    expect(decodeCursor(value)).toBeNull();
  });

  it('survives any string', () => {
    fc.assert(fc.property(anyName, (value) => void decodeCursor(value)));
  });
});

describe('what a block of menus is for', () => {
  it('comes back as it was, or is too long', () => {
    fc.assert(
      fc.property(fc.constantFrom('', 'C0GENERAL'), anyName, (channelId, query) => {
        const id = encodeSought('find', { channelId, query });
        if (id === null) {
          expect(query.length).toBeGreaterThan(20);
        } else {
          expect(id.length).toBeLessThanOrEqual(255);
          expect(decodeSought(id)).toEqual({ channelId, query });
        }
      }),
    );
  });

  it('is null for anything else', () => {
    for (const id of [undefined, 7, '', 'find', 'find:', 'find:AAAA', `find:${'A'.repeat(300)}`]) {
      expect(decodeSought(id)).toBeNull();
    }
    fc.assert(fc.property(anyName, (id) => void decodeSought(id)));
  });
});
