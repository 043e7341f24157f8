import { describe, expect, it } from 'vitest';
import { decoderOf } from '../../src/reading/dos.ts';
import { withToldLetters } from '../../src/reading/mail-letters.ts';
import { mailParts } from '../../src/reading/mail-parts.ts';
import { textOf } from './read.ts';

/** A mail, letter by letter a byte. */
const bytesOf = (lines: string[], newline = '\r\n') => Buffer.from(lines.join(newline), 'latin1');
const read = (lines: string[], newline?: string) => textOf(bytesOf(lines, newline), 'a.eml');
/** The bytes of letters in UTF-8, or in an encoding of one byte that Node only reads, as Latin-1 shows them. */
const utf8 = (text: string) => Buffer.from(text).toString('latin1');
function as(encoding: string, text: string): string {
  const all = decoderOf(encoding).decode(Uint8Array.from({ length: 256 }, (_, at) => at));
  return [...text].map((letter) => String.fromCharCode(all.indexOf(letter))).join('');
}
const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');
const quoted = (text: string) =>
  text.replace(/[=\x80-\xff]/g, (one) => `=${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

const TEXT = 'Die Größe der Lücke beträgt höchstens zwölf Meter.';
const FROM = 'From: a@b.c';

describe('letters of a mail that says nothing of them, or wrongly', () => {
  const windows = as('windows-1252', TEXT);
  const packings = [
    ['8bit', (text: string) => text],
    ['quoted-printable', quoted],
    ['base64', base64],
    ['BASE64', (text: string) => text.replace(/.{1,20}/gs, (line) => `${base64(line)}\r\n`)],
  ] as const;

  it.each([
    ['nothing', ''],
    ['a type alone', 'Content-Type: text/plain'],
    ['that they are ASCII', 'Content-Type: text/plain; charset="US-ASCII"; format=flowed'],
    ['that they are unknown', 'content-type: TEXT/Plain; name=x;\r\n\tcharset=unknown-8bit'],
    ['that they are UTF-8', 'Content-Type: text/plain; charset=utf-8'],
  ])('which says %s', async (_, type) => {
    for (const [packing, packed] of packings)
      for (const letters of [windows, utf8(TEXT), as('cp850', TEXT)])
        for (const newline of ['\r\n', '\n']) {
          const head = [FROM, ...(type === '' ? [] : [type]), `Content-Transfer-Encoding: ${packing}`];
          expect(await read([...head, '', packed(letters)], newline), packing).toBe(`a@b.c\n\n${TEXT}`);
        }
  });

  it('in a page, which says it itself', async () => {
    const greek = as('iso-8859-7', 'αβγ');
    const page = `<html><meta charset=iso-8859-7><p>${greek}</p></html>`;
    expect(await read([FROM, 'Content-Type: text/html', '', page])).toBe('a@b.c\n\nαβγ');
  });

  it('in parts of parts and in a mail in it, each for itself; what is right stays, also what only looks like a part', async () => {
    const mail = [
      FROM,
      'Content-Type: multipart/mixed; boundary="=_outer 1"',
      ...['', 'no part', '--=_outer 1', 'Content-Type: multipart/alternative; boundary=inner'],
      ...['', '--inner', '', `${windows}`, '-- ', '--outer', '', 'Anna'],
      ...['--inner--', 'no part', '--=_outer 1  ', 'Content-Type: text/plain; charset=koi8-r', ''],
      ...[as('koi8-r', 'Договор'), '--=_outer 1', 'Content-Type: message/rfc822', ''],
      ...[
        'From: x@y.z',
        `Subject: ${as('windows-1252', 'Grüße')}`,
        'Content-Type: multipart/mixed; boundary=deep',
        '',
      ],
      ...['--deep', 'Content-Type: text/plain; charset=us-ascii', '', utf8('Straße'), '--deep--'],
      ...['--=_outer 1', `Content-Disposition: attachment; filename="${as('koi8-r', 'Смета.pdf')}"`],
      ...['Content-Type: application/pdf', '', '\xff\xfe', '--=_outer 1--', 'no part'],
    ];
    const text = await read(mail);
    for (const words of [`${TEXT}\n--\n--outer\n\nAnna`, 'Договор', 'Grüße', 'Straße', 'Смета.pdf'])
      expect(text).toContain(words);
    expect(text).not.toMatch(/no part|\ufffd/);
  });

  it('a text in lines that flow still flows', async () => {
    const head = [FROM, 'Content-Type: text/plain; format=flowed; delsp=yes', ''];
    expect(await read([...head, `${windows} Donau `, 'dampf', 'Ende'])).toBe(
      `a@b.c\n\n${TEXT} Donaudampf\nEnde`,
    );
  });

  it('of seven bits, of DOS and of Japan', async () => {
    const type = (charset: string) => `Content-Type: text/plain; charset=${charset}`;
    expect(await read([FROM, type('utf-7'), '', 'Gr+APYA3w-e 1 +- 2 +ZeVnLIqe'])).toBe(
      'a@b.c\n\nGröße 1 + 2 日本語',
    );
    expect(await read([FROM, type('IBM850'), '', as('cp850', 'Stückzahl')])).toBe('a@b.c\n\nStückzahl');
    const japanese = '\x1b$BF|K\\8l\x1b(B';
    expect(await read([FROM, `Subject: ${japanese}`, '', japanese])).toBe('日本語\na@b.c\n\n日本語');
  });
});

describe('letters in heads', () => {
  it('that stand there as they are: as in the text, or told apart', async () => {
    const subject = 'Grüße aus Köln';
    const person = 'Jörg Müller';
    const raw = (encoding: string, charset: string) => [
      `Subject: ${as(encoding, subject)}`,
      `From: ${as(encoding, person)} <a@b.c>`,
      `Content-Type: text/plain${charset}`,
      ...['', 'text'],
    ];
    for (const charset of ['', '; charset=us-ascii', '; charset=utf-8', '; charset=iso-8859-1'])
      expect(await read(raw('windows-1252', charset)), charset).toBe(`${subject}\n${person} a@b.c\n\ntext`);
    const russian = ['Subject: ', FROM, 'Content-Type: text/plain; charset=koi8-r', '', as('koi8-r', 'Срок')];
    russian[0] += as('koi8-r', 'Договор');
    expect(await read(russian)).toBe('Договор\na@b.c\n\nСрок');
  });

  it('beside a line that is in UTF-8', async () => {
    const lines = [`Subject: ${utf8('Prüfung')}`, `From: ${as('windows-1252', 'Jörg')} <a@b.c>`, '', 'text'];
    expect(await read(lines)).toBe('Prüfung\nJörg a@b.c\n\ntext');
  });

  it.each([
    ['unknown-8bit', quoted(utf8('Größe'))],
    ['us-ascii', quoted(as('windows-1252', 'Größe')).replace('F6', 'f6')],
    ['cp850', quoted(as('cp850', 'Größe'))],
    ['utf-7', 'Gr+APYA3w-e'],
  ])('in words that say %s', async (charset, word) => {
    const lines = [
      `Subject: die =?${charset}?Q?${word}_x?= =?utf-8?b?${base64(utf8('Süd'))}?=`,
      FROM,
      '',
      'text',
    ];
    expect(await read(lines)).toBe('die Größe xSüd\na@b.c\n\ntext');
  });
});

describe('a mail that is right', () => {
  const mails = [
    [FROM, '', TEXT],
    [FROM, 'Content-Type: text/plain; charset=windows-1252', '', as('windows-1252', TEXT)],
    [`Subject: ${utf8('Grüße')}`, FROM, 'Content-Type: text/plain; charset=utf-8', '', utf8(TEXT)],
    [
      FROM,
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '--b',
      '',
      '--b--',
      '--c',
      '--b',
      'x',
      '--b--',
    ],
    [FROM, 'Content-Type: image/png', 'Content-Transfer-Encoding: 8bit', '', '\x89PNG\xff'],
    ['\xff\xfe\x00 no mail at all'],
    [''],
  ];

  it('stays as it is, but for a head that no one could read', async () => {
    for (const mail of mails.slice(1, -2).map((lines) => bytesOf(lines)))
      expect((await withToldLetters(mail)).equals(mail), mail.toString('latin1')).toBe(true);
  });

  it('is all of its parts, one after the other', () => {
    for (const newline of ['\r\n', '\n', '\r'])
      for (const mail of mails.map((lines) => bytesOf(lines, newline))) {
        const parts = [...mailParts(mail)].flatMap(({ head, body, rest }) => [head, body, rest]);
        expect(Buffer.concat(parts).equals(mail)).toBe(true);
      }
  });
});
