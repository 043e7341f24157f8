import { describe, expect, it } from 'vitest';
import { read, textOf } from './read.ts';

/** Windows-1252, letter by letter, for what these tests need of it. */
const western = (text: string) => Buffer.from(text.replaceAll('€', '\x80').replaceAll('“', '\x93'), 'latin1');
const wide = (text: string) => Buffer.from(text, 'utf16le');
const german = 'Die Größe der Lücke beträgt höchstens zwölf Meter. '.repeat(20);

describe('the encoding of a text is told apart', () => {
  it.each([
    ['UTF-8', Buffer.from(german)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${german}`)],
    ['UTF-16 with a mark', wide(`\ufeff${german}`)],
    ['UTF-16 the other way round', wide(`\ufeff${german}`).swap16()],
    ['UTF-16 without a mark', wide(german)],
    ['UTF-16 the other way round, without a mark', wide(german).swap16()],
    ['Windows-1252', western(german)],
  ])('%s', async (_, bytes) => {
    expect(await textOf(bytes)).toBe(german.trim());
  });

  it('a single letter of Windows-1252 in a short note', async () => {
    expect(await textOf(western('Kosten: 5 € für “alles'))).toBe('Kosten: 5 € für “alles');
  });

  it('Russian, Japanese and Chinese as old programs write them', async () => {
    const russian = Buffer.from(
      'cff0e8e2e5f22c20fdf2ee20e4eee3eee2eef020ede020f7e5f2fbf0ede0e4f6e0f2fc20e4ede5e92e',
      'hex',
    );
    expect(await textOf(russian)).toBe('Привет, это договор на четырнадцать дней.');
    const japanese = Buffer.from('8cf68ec682cd826f8372837d82c582b782f182bd81420a', 'hex');
    expect((await textOf(Buffer.concat(Array(8).fill(japanese)))).length).toBeGreaterThan(50);
    expect(await textOf(Buffer.from('\x1b$BF|K\\8l\x1b(B ok', 'latin1'))).toBe('日本語 ok');
  });

  it('letters that begin after many pages of ASCII', async () => {
    const text = `${'plain words, many of them. '.repeat(3_000)}Größe`;
    const o = { letters: 1e6, unpackedBytes: 1e8 };
    for (const bytes of [Buffer.from(text), western(text)])
      expect((await read(bytes, '', o)).parts.at(-1)?.text.endsWith('Größe')).toBe(true);
  });

  it('a letter on the border of two pieces stays whole', async () => {
    const text = `ä${'b'.repeat(65_534)} é ${'ü'.repeat(40_000)}`;
    const { parts } = await read(text, '', { letters: 1e6, unpackedBytes: 1e8 });
    expect(parts.map((part) => part.text).join('')).not.toContain('\ufffd');
  });

  it('a web page says it itself', async () => {
    const page = western('<html><head><meta charset="windows-1252"></head><body>Köln</body></html>');
    expect(await textOf(page, 'a.html')).toBe('Köln');
    const greek = Buffer.concat([
      Buffer.from('<html><meta charset=iso-8859-7>'),
      Buffer.from([0xe1, 0xe2, 0xe3]),
    ]);
    expect(await textOf(greek, 'a.html')).toBe('αβγ');
  });
});

describe('the text is tidy', () => {
  it('one form for each letter, one blank, one empty line, no unseen signs', async () => {
    expect(await textOf('u\u0308ber\u00ad all \u00a0 \t wo\r\n\r\n\r\n\r\nEn\u200bde\u0007')).toBe(
      'über all wo\n\nEnde',
    );
  });

  it('bytes that stand in it as letters are left out', async () => {
    expect(await textOf(`key: ${'QUJD'.repeat(100)}== end`)).toBe('key: end');
  });

  it('what comes behind the text of a program is not read', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${'echo unpacking\n'.repeat(5_000)}`),
      Buffer.alloc(100_000, 0),
    ]);
    expect((await read(bytes)).parts.map(({ text }) => text).join('')).not.toContain('\u0000');
  });
});
