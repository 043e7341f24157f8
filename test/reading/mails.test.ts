import { expect, it } from 'vitest';
import { textOf } from './read.ts';

const FROM = 'From: a@b.c';
const TEXT = 'Content-Type: text/plain; charset=utf-8';
const PAGE = 'Content-Type: text/html; charset=utf-8';

const read = (lines: string[]) => textOf(lines.join('\r\n'), 'a.eml');
const ofParts = (kind: string, parts: string[][]) => [
  FROM,
  `Content-Type: multipart/${kind}; boundary="=_${kind}"`,
  '',
  ...parts.flatMap((part) => [`--=_${kind}`, ...part]),
  `--=_${kind}--`,
];
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

it('words of a head say an encoding by the names that Python has', async () => {
  const words = ['=?eucgb2312_cn?b?us/NrA==?=', '=?big5_tw?b?plis+Q==?=', '=?euc_kr?b?sOi+4Lyt?='];
  expect(await read([`Subject: ${words.join(' x ')}`, FROM, '', 'x'])).toBe(
    '合同 x 合約 x 계약서\na@b.c\n\nx',
  );
});

it('a text that says a code page by its number is read by that', async () => {
  const head = Buffer.from(`${FROM}\r\nContent-Type: text/plain; charset=cp10007\r\n\r\n`);
  const mail = Buffer.concat([head, Buffer.from([0x84, 0xe0])]);
  expect(await textOf(mail, 'a.eml')).toBe('a@b.c\n\nДа');
});

it.each(['text', 'text/plain charset=utf-8', 'text/plain, charset=utf-8', 'html', 'text/markdown', ''])(
  'a text whose type is none, or is one that nobody knows, is read: %s',
  async (type) => {
    expect(await read([FROM, `Content-Type: ${type}`, '', 'die Größe'])).toBe('a@b.c\n\ndie Größe');
  },
);

it('an invitation without another text is read; beside one, it says the same', async () => {
  const invitation = ['Content-Type: text/calendar; method=REQUEST', '', 'SUMMARY:Planning'];
  expect(await read([FROM, ...invitation])).toBe('a@b.c\n\nSUMMARY:Planning');
  expect(await read(ofParts('alternative', [[TEXT, '', 'Planning'], invitation]))).toBe('a@b.c\n\nPlanning');
});

const page = '<style>b{}</style><div style="display:none">sale</div><p>shown <b>wo</b>rd<table><td>a<td>b';

it.each([
  [
    'behind a text',
    [
      [TEXT, '', 'intro'],
      [PAGE, '', page],
    ],
    'intro\n\nshown word\n\na b',
  ],
  [
    'in front of the line of a list',
    [
      [PAGE, '', page],
      [TEXT, '', 'list'],
    ],
    'shown word\n\na b\n\nlist',
  ],
  [
    'in a mail in it',
    [
      [TEXT, '', 'see'],
      ['Content-Type: message/rfc822', '', 'Subject: old', 'To: c@d.e', PAGE, '', page],
    ],
    'see\n\nold\nc@d.e\n\nshown word\n\na b',
  ],
])('a page %s gives what it shows, and not what it hides', async (_, parts, text) => {
  expect(await read(ofParts('mixed', parts))).toBe(`a@b.c\n\n${text}`);
});

it('a line of a page that differs from its text by a price, or by vowels of India, is read', async () => {
  const both = (text: string, html: string) =>
    read(
      ofParts('alternative', [
        [TEXT, '', text],
        [PAGE, '', html],
      ]),
    );
  const order = 'Order 12 of 5 items, see below';
  expect(await both(order, `<p>${order}</p><p>5.12</p>`)).toBe(`a@b.c\n\n${order}\n\n5.12`);
  const hindi = 'कल मिल की बात';
  expect(await both(hindi, `<p>${hindi}</p><p>किला</p>`)).toBe(`a@b.c\n\n${hindi}\n\nकिला`);
});

it('a mark or empty lines in front of a mail hide nothing of its head', async () => {
  for (const front of ['\ufeff', '\r\n\r\n'])
    expect(await read([`${front}Subject: die Größe`, FROM, '', 'x'])).toBe('die Größe\na@b.c\n\nx');
  expect(await read(['', 'a text without a head'])).toBe('a text without a head');
});

it('those who got it unseen by others are people of it', async () => {
  expect(await read([FROM, 'Bcc: Eva <e@f.g>', '', 'x'])).toBe('a@b.c\nEva e@f.g\n\nx');
});

it('an attached mail without a name is called as it is about', async () => {
  const attached = ['Content-Type: message/rfc822', 'Content-Disposition: attachment'];
  const inner = ['Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=', '', 'inner'];
  expect(
    await read(
      ofParts('mixed', [
        [TEXT, '', 'see'],
        [...attached, '', ...inner],
      ]),
    ),
  ).toBe('a@b.c\n\nsee\n\nGröße');
});
