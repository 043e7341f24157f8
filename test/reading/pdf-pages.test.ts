import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { together } from '../../src/reading/pdf-apart.ts';
import { pngOf } from '../../src/reading/png.ts';
import { docx, paragraph, pptx, run, xlsx } from './office.ts';
import { pagesOf, pdfOf, scanOf } from './pdfs.ts';
import { read, readApart } from './read.ts';
import { zipOf } from './zips.ts';

const stoppedOf = async (bytes: Buffer) => {
  const parts: { page: number | null; text: string }[] = [];
  const code = await read(bytes, '', { letters: 1e5, unpackedBytes: 1e8 }, parts).then(
    ({ stopped }) => stopped,
    (error: { code?: string }) => error.code,
  );
  return { parts, code };
};

describe('a damaged page', () => {
  it('of a PDF hides none of those behind it, and is told', async () => {
    const { parts, code } = await stoppedOf(
      pagesOf(['one', null, 'deli-\nvery by Donau-\nDampfer', null, 'five']),
    );
    expect(parts).toEqual([
      { page: 1, text: 'one' },
      { page: 3, text: 'delivery by Donau-\nDampfer' },
      { page: 5, text: 'five' },
    ]);
    expect(code).toBe('damaged');
  });

  it('after many in a row nothing more is looked for', async () => {
    const bad = (many: number) => Array.from({ length: many }, () => null);
    expect((await stoppedOf(pagesOf(['one', ...bad(15), 'two', ...bad(15), 'three']))).parts).toHaveLength(3);
    const { parts, code } = await stoppedOf(pagesOf(['one', ...bad(500), 'two']));
    expect(parts).toEqual([{ page: 1, text: 'one' }]);
    expect(code).toBe('damaged');
  });

  it('a tree of pages that counts a thousand million of them ends', async () => {
    const file = pdfOf([['in a circle']]).toString('latin1');
    const loop = file.replace(/\/Kids \[\d+ 0 R\] \/Count 1/, '/Kids [2 0 R 2 0 R] /Count 1000000000');
    expect((await stoppedOf(Buffer.from(loop, 'latin1'))).parts).toEqual([]);
  });
});

describe('a damaged part', () => {
  /** Breaks the bytes of one part of a zip file. */
  const broken = (zip: Buffer, name: string): Buffer => {
    const bytes = Buffer.from(zip);
    const at = bytes.indexOf(name) + name.length;
    bytes.fill(0xff, at + 4, at + 24);
    return bytes;
  };

  it('of slides hides none of the slides behind it', async () => {
    const file = await pptx(['one', 'two', 'three'].map((text) => ({ text: `${text} is a slide` })));
    // Slide 2 of three is the second file from the end, too.
    const { parts, code } = await stoppedOf(broken(file, 'ppt/slides/slide2.xml'));
    expect(parts.map(({ page, text }) => [page, text])).toEqual([
      [1, 'one is a slide'],
      [3, 'three is a slide'],
    ]);
    expect(code).toBe('damaged');
  });

  it('of a text, of a table hides nothing of what stands beside it', async () => {
    const text = await docx(paragraph(run('text')), {
      header1: paragraph(run('the header is broken')),
      footnotes: paragraph(run('a note')),
    });
    expect(await stoppedOf(broken(text, 'word/header1.xml'))).toEqual({
      parts: [{ page: null, text: 'text\n\na note' }],
      code: 'damaged',
    });
    const table = await xlsx('Budget', [['Rent', 1200]], {
      'xl/worksheets/_rels/sheet1.xml.rels':
        '<R><Relationship Id="r1" Type="http://x/comments" Target="../comments1.xml"/></R>',
      'xl/comments1.xml': '<c><text><t>a comment</t></text></c>',
    });
    const { parts, code } = await stoppedOf(broken(table, 'xl/worksheets/sheet1.xml'));
    expect(parts).toEqual([{ page: null, text: 'Budget\n\na comment' }]);
    expect(code).toBe('damaged');
  });

  it('that is locked, or is more than may be unpacked, ends it', async () => {
    const parts = Object.fromEntries(
      Array.from({ length: 3 }, (_, at) => [`word/header${at}.xml`, `<w:t>${'x '.repeat(50_000)}</w:t>`]),
    );
    const file = await zipOf({ '[Content_Types].xml': '', 'word/document.xml': '<w:t>x</w:t>', ...parts });
    expect((await read(file, '', { letters: 1e6, unpackedBytes: 150_000 })).stopped).toBe('too_large');
  });
});

it.each([0, 1, 1.5, 2.5, 4])('letters of a PDF that are set %d points apart are words', async (apart) => {
  const { parts, code } = await stoppedOf(pdfOf([['Annual Report 2026'], ['of the board']], { apart }));
  expect(code).toBeNull();
  expect(parts.map(({ text }) => text.replaceAll(/\s+/g, ' ').trim())).toEqual([
    'Annual Report 2026',
    'of the board',
  ]);
});

it.each([1.2, 2.4, 3])(
  'letters that a browser places one by one, %d points apart, are words',
  async (apart) => {
    const lines = [
      'what is guaranteed under which conditions',
      'how each promise is tested and what it does not promise',
      'real bot processes and kills on your own machine',
    ];
    const { parts } = await stoppedOf(pdfOf([lines], { apart, isPlaced: true }));
    expect(parts.map(({ text }) => text)).toEqual([lines.join('\n')]);
  },
);

it.each([
  ['k i l l s', 'kills'],
  ['i s', 'is'],
  ['p r o m i s e s ,', 'promises,'],
  ['Ta b l e s', 'Tables'],
  ['a b c d e f', 'a b c d e f'],
  ['is it so', 'is it so'],
  ['a plan', 'a plan'],
  ['das ist „s e h r w i c h t i g“, sagt er', 'das ist „sehrwichtig“, sagt er'],
  ['a line with w o r d s, apart', 'a line with w o r d s, apart'],
  ['Answers: a b c d e f g h', 'Answers: a b c d e f g h'],
  ['5 7 2 0', '5 7 2 0'],
  ['x', 'x'],
  ['', ''],
])('a piece of a page whose letters are set apart: %s', (piece, word) => {
  expect(together(piece)).toBe(word);
});

it('letters of a PDF that stand by themselves stay so', async () => {
  const { parts } = await stoppedOf(pdfOf([['Answers: a b c d e f g h']]));
  expect(parts.map(({ text }) => text.trim())).toEqual(['Answers: a b c d e f g h']);
});

it.each([
  ['a high one: its upper part', 595, 842, ['letters', 'page']],
  ['a wide one: all of it, with something round it', 842, 400, ['around', 'around']],
  ['a very high one', 100, 14_000, ['around', 'around']],
])('the picture of a page is a square, of %s', async (_, width, height, [top, bottom]) => {
  const file = pdfOf([['Annual Report '.repeat(20)]], { y: height - 12 }).toString('latin1');
  const page = Buffer.from(file.replace('[0 0 595 842]', `[0 0 ${width} ${height}]`), 'latin1');
  const { picture } = await readApart(page, '', { previews: true });
  const bytes = Buffer.from(picture?.bytes ?? '');
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([320, 320]);
  const rows = inflateSync(bytes.subarray(bytes.indexOf('IDAT') + 4));
  const rowAt = (y: number) => {
    const row = rows.subarray(y * 961 + 1, (y + 1) * 961);
    if (row[30] === 0xd0) return 'around';
    return row.some((byte) => byte < 0x80) ? 'letters' : 'page';
  };
  expect([rowAt(0), rowAt(319)]).toEqual(['around', 'around']);
  expect([[3, 4, 5, 6, 7, 8].map(rowAt).toSorted()[0], rowAt(310)]).toEqual([top, bottom]);
});

it('says that pages are pictures where they are, and nothing of pages that are empty or have few words', async () => {
  const rgb = new Uint8Array(40 * 40 * 3);
  const picture = pngOf({ width: 40, height: 40, rgb });
  const words = 'Received by the harbour office';
  expect(await read(scanOf(picture, words))).toMatchObject({
    ...{ parts: [{ page: 2, text: words }], stopped: 'pictures_not_read' },
  });
  expect((await read(pdfOf([[words], [''], ['Thanks']]))).stopped).toBeNull();
  // Too large to be looked at: hardly for its empty pages.
  expect((await read(scanOf(picture, words, 49 * 1024 ** 2))).stopped).toBe('pictures_not_read');
});
