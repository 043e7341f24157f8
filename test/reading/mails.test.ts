import { expect, it } from 'vitest';
import { textOf } from './read.ts';

const FROM = 'From: a@b.c';

const read = (lines: string[]) => textOf(lines.join('\r\n'), 'a.eml');
const base64 = (bytes: Buffer) => bytes.toString('base64');
const quoted = (bytes: Buffer) => [...bytes].map((byte) => `=${byte.toString(16)}`).join('');

it('a letter that is cut in two by words of a head is whole', async () => {
  for (const subject of [Buffer.from('Überprüfung'), Buffer.from('会議の資料')])
    for (const [packing, packed] of [
      ['B', base64],
      ['q', quoted],
    ] as const)
      for (let at = 1; at < subject.length; at += 1) {
        const [first, second] = [subject.subarray(0, at), subject.subarray(at)].map(packed);
        const words = `=?utf-8?${packing}?${first}?=\r\n =?UTF-8?${packing}?${second}?=`;
        expect(await read([`Subject: ${words}`, FROM, '', 'x'])).toBe(`${subject}\na@b.c\n\nx`);
      }
});

it.each([
  ["'utf-8'", 'utf8'],
  ['utf8mb4', 'utf8'],
  ['%CHARSET%', 'utf8'],
  ['latin-1', 'latin1'],
  ["'iso-8859-1'", 'latin1'],
] as const)('a text that says a charset that nobody knows is told apart: %s', async (charset, encoding) => {
  const head = Buffer.from(`${FROM}\r\nContent-Type: text/plain; charset=${charset}\r\n\r\n`);
  const mail = Buffer.concat([head, Buffer.from('Größe und Länge der Tür', encoding)]);
  expect(await textOf(mail, 'a.eml')).toBe('a@b.c\n\nGröße und Länge der Tür');
});

it('a text that says a code page by its number is read by that', async () => {
  const head = Buffer.from(`${FROM}\r\nContent-Type: text/plain; charset=cp10007\r\n\r\n`);
  const mail = Buffer.concat([head, Buffer.from([0x84, 0xe0])]);
  expect(await textOf(mail, 'a.eml')).toBe('a@b.c\n\nДа');
});
