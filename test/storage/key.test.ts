import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToBytes, objectKey, safeName, safePrefix } from '../../src/storage/key.ts';

/** Any string at all, including lone surrogates and control characters. */
const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 })
    .map((units) => String.fromCharCode(...units)),
  fc.string({
    unit: fc.constantFrom('.', ' ', '/', '\\', 'a', '\u0301', '\u202e', '\u200d', '漢', '👩'),
    maxLength: 300,
  }),
);
const at = {
  prefix: 'vault',
  teamId: 'T1',
  channelId: 'C1',
  sharedAt: Date.UTC(2026, 10, 3, 23, 59),
  fileId: 'F1',
};

function expectSafe(name: string): void {
  expect(name).not.toBe('');
  expect(name.isWellFormed()).toBe(true);
  expect(name.normalize('NFC')).toBe(name);
  expect(name).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}/\\\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
  expect(name).not.toMatch(/^[. ]|[. ]$|\.\./);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
}

describe('safeName', () => {
  it('makes a safe name from any name', () => {
    fc.assert(
      fc.property(anyName, (name) => expectSafe(safeName(name))),
      { numRuns: 2000 },
    );
  });

  it('makes a safe name around every single character of Unicode', () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      const name = safeName(`-${String.fromCodePoint(code)}-.txt`);
      // expect() itself is too slow for a million rounds.
      if (!/^-.{0,4}-\.txt$/u.test(name) || /[\p{Cc}/\\\u202a-\u202e]/u.test(name))
        expect.fail(`U+${code.toString(16)} gives ${JSON.stringify(name)}`);
    }
  });

  it('is stable: a safe name stays as it is', () => {
    fc.assert(fc.property(anyName, (name) => safeName(safeName(name)) === safeName(name)));
  });

  it('keeps a short extension when it cuts', () => {
    fc.assert(
      fc.property(anyName, fc.stringMatching(/^[a-z0-9]{1,8}$/), (name, extension) => {
        const whole = safeName(`${name}x.${extension}`);
        expectSafe(whole);
        expect(whole.endsWith(`.${extension}`)).toBe(true);
      }),
    );
  });

  it.each([
    ['Bericht Ü.pdf', 'Bericht Ü.pdf'],
    ['../../etc/passwd', '_._etc_passwd'],
    ['C:\\Users\\x.txt', 'C__Users_x.txt'],
    ['photo\u202egpj.exe', 'photogpj.exe'],
    ['Screenshot 2026-11-23 at 9.41.00\u202fAM.png', 'Screenshot 2026-11-23 at 9.41.00 AM.png'],
    ['Cafe\u0301.txt', 'Café.txt'],
    ['👩‍👧.png', '👩‍👧.png'],
    ['.bashrc', 'bashrc'],
    ['...', 'file'],
    ['', 'file'],
    [null, 'file'],
  ])('turns %j into %j', (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });
});

describe('objectKey', () => {
  it('files an object under team, channel, UTC day and file id', () => {
    expect(objectKey({ ...at, name: 'a.pdf' })).toBe('vault/T1/C1/2026/11/03/F1/a.pdf');
    expect(objectKey({ ...at, prefix: '', name: 'a.pdf' })).toBe('T1/C1/2026/11/03/F1/a.pdf');
  });

  it('gives another key of the same shape for another attempt', () => {
    expect(objectKey({ ...at, name: 'a.pdf', attempt: 1 })).toBe(objectKey({ ...at, name: 'a.pdf' }));
    expect(objectKey({ ...at, name: 'a.pdf', attempt: 2 })).toBe('vault/T1/C1/2026/11/03/F1/a (2).pdf');
  });

  it('stays within 1,024 bytes and nine segments, whatever comes in', () => {
    fc.assert(
      fc.property(
        anyName,
        fc.string({ unit: 'grapheme', maxLength: 120 }),
        anyName,
        fc.nat(40),
        (name, prefix, id, attempt) => {
          const channelId = id.slice(0, 12);
          const key = objectKey({ ...at, prefix, channelId, name, attempt });
          expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1024);
          const own = safePrefix(prefix) === '' ? 0 : safePrefix(prefix).split('/').length;
          expect(key.split('/')).toHaveLength(own + 7);
          expect(key.split('/').some((part) => part === '' || part === '.' || part === '..')).toBe(false);
        },
      ),
    );
  });
});

it('cutToBytes never splits a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(60), (text, max) => {
      const cut = cutToBytes(text, max);
      expect(text.startsWith(cut)).toBe(true);
      expect(cut.isWellFormed()).toBe(true);
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(max);
    }),
  );
});

it('safePrefix drops slashes at the ends and empty or dotted folders', () => {
  expect(safePrefix('/a//b/../c/')).toBe('a/b/c');
  expect(safePrefix('/')).toBe('');
});
