import { describe, expect, it } from 'vitest';
import { firstPage } from '../../src/reading/first-page.ts';
import { formatOf } from '../../src/reading/format.ts';
import { hintOf } from '../../src/reading/hint.ts';
import { docx, paragraph, run } from './office.ts';
import { pdfOf } from './pdfs.ts';
import { read, textOf, withSource } from './read.ts';
import { zipOf } from './zips.ts';

const pdf = pdfOf([['words of the page']], { pack: true });
const behind = (front: string) => Buffer.concat([Buffer.from(front, 'latin1'), pdf]);

describe('a PDF’s mark', () => {
  it.each([
    ['a byte order mark', '\xef\xbb\xbf'],
    ['line ends', '\r\n\n'],
    ['a Macintosh’s header', `\0\x05a.pdf${'\0'.repeat(120)}`],
  ])('counts behind %s, whatever the name', async (_, front) => {
    for (const name of ['a.pdf', 'download', 'a.txt'])
      expect(await textOf(behind(front), name), name).toBe('words of the page');
  });

  it.each([
    ['a printer’s command', '\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n'],
    ['the lines of a download', 'HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n'],
  ])('counts behind %s where the name or the type says PDF', async (_, front) => {
    expect(await textOf(behind(front), 'scan.PDF')).toBe('words of the page');
    expect(hintOf({ name: 'download', mimetype: 'application/pdf' })).toBe('pdf');
    expect(formatOf(behind('Content-Type: application/pdf\r\n\r\n'), 'pdf')).toBe('pdf');
  });

  it('does not count in a zip file, whose first file is one', async () => {
    const zip = await zipOf({ 'Vertrag.pdf': pdf, 'letter.txt': 'x' }, { compress: false });
    expect(zip.indexOf('%PDF-')).toBeLessThan(1_024);
    for (const name of ['archive.zip', 'archive', 'wrong.pdf'])
      expect(await textOf(zip, name), name).toBe('Vertrag.pdf\nletter.txt');
  });

  it('does not count in a picture, in rich text, or in a mail', async () => {
    const picture = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR made of %PDF-1.4\n', 'latin1');
    await expect(read(picture)).rejects.toMatchObject({ code: 'not_readable' });
    expect(await textOf('{\\rtf1 begins with %PDF-1.4}')).toBe('begins with %PDF-1.4');
    const mail = 'From: a@b.c\r\nMessage-ID: <1>\r\nSubject: on %PDF-1.4\r\n\r\nbody';
    expect(await textOf(mail, 'a.eml')).toBe('on %PDF-1.4\na@b.c\n\nbody');
    expect(await textOf(`X-Mailer: y\r\n${mail}`, 'download')).toBe('on %PDF-1.4\na@b.c\n\nbody');
  });

  it.each([
    ['notes.md', '# PDF\n\nA PDF begins with `%PDF-1.7`\n'],
    ['notes.md', 'A whole one:\n\n```\n%PDF-1.4\n1 0 obj\n<< >>\nendobj\n%%EOF\n```\nend'],
    ['x.py', 'MAGIC = b"%PDF-"\n'],
    ['page.html', '<p>%PDF-1.4 is its mark</p>'],
    ['a.json', '{"mark":"%PDF-1.4"}'],
  ])('in the text of %s is text', async (name, text) => {
    expect(await textOf(text, name)).toContain('%PDF-');
  });
});

describe('a zip file', () => {
  it('with other bytes behind its end is read to its end, also where these look like another end', async () => {
    const file = await docx(paragraph(run('fourteen days '.repeat(2_000))));
    const end = Buffer.from('PK\x05\x06');
    for (const behind of [
      Buffer.alloc(500),
      Buffer.from('x'),
      Buffer.alloc(200_000, 'ab'),
      Buffer.concat([Buffer.alloc(9), end]),
    ])
      expect(await textOf(Buffer.concat([file, behind]))).toBe('fourteen days '.repeat(2_000).trim());
    await expect(read(Buffer.concat([file.subarray(0, -22), Buffer.alloc(500)]))).rejects.toMatchObject({
      code: 'damaged',
    });
  });

  it('whose parts have names as old programs write them is a document', async () => {
    const parts = {
      '[Content_Types].xml': '<x/>',
      'word/document.xml': '<w:p><w:t>fourteen days</w:t></w:p>',
    };
    // Whoever writes zip files rightly takes no such names.
    const named = async (name: (usual: string) => string, before: string, after: string) => {
      const zip = await zipOf(
        Object.fromEntries(Object.entries(parts).map(([usual, part]) => [name(usual), part])),
      );
      return Buffer.from(zip.toString('latin1').replaceAll(before, after), 'latin1');
    };
    expect(await textOf(await named((name) => name, 'word/document', 'word\\document'))).toBe(
      'fourteen days',
    );
    expect(await textOf(await named((name) => `@@${name}`, '@@', '//'))).toBe('fourteen days');
  });

  it('whose main part is called otherwise is a document', async () => {
    const relation = (kind: string, to: string) =>
      `<Relationships><Relationship Id="r1" Type="http://x/${kind}" Target="${to}"/></Relationships>`;
    const types = { '[Content_Types].xml': '<x/>' };
    const table = {
      ...types,
      '_rels/.rels': relation('officeDocument', '/xl/book.xml'),
      'xl/book.xml': '<workbook xmlns:r="r"><sheets><sheet name="Plan" r:id="r1"/></sheets></workbook>',
      'xl/_rels/book.xml.rels': relation('worksheet', 'sheet.xml'),
      'xl/sheet.xml': '<row><c t="str"><v>fourteen</v></c></row>',
    };
    expect(await textOf(await zipOf(table))).toBe('Plan\nfourteen');
    const slides = {
      ...types,
      '_rels/.rels': relation('officeDocument', 'ppt/show.xml'),
      'ppt/show.xml': '<p xmlns:r="r"><sldId r:id="r1"/></p>',
      'ppt/_rels/show.xml.rels': relation('slide', 'one.xml'),
      'ppt/one.xml': '<a:p><a:t>fourteen</a:t></a:p>',
    };
    expect(await textOf(await zipOf(slides))).toBe('fourteen');
  });

  it.each([
    ['Excel’s in binary', { '[Content_Types].xml': '', '_rels/.rels': '', 'xl/workbook.bin': 'x' }],
    ['Visio’s', { '[Content_Types].xml': '', 'visio/document.xml': '<x/>' }],
    ['a book', { mimetype: 'application/epub+zip', 'META-INF/container.xml': '', 'OEBPS/1.xhtml': 'x' }],
    ['a book in another order', { 'META-INF/container.xml': '', 'OEBPS/1.xhtml': 'x', mimetype: 'a' }],
    ['a printed one', { '[Content_Types].xml': '', 'FixedDocumentSequence.fdseq': '', 'Documents/1/a': '' }],
    ['of a Macintosh', { 'Index/Document.iwa': 'x', 'Index/Tables/a.iwa': 'x', 'preview.jpg': 'x' }],
  ])('that is a document of a kind that is not read (%s) has no names of its parts', async (_, parts) => {
    await expect(read(await zipOf(parts))).rejects.toMatchObject({ code: 'kind_not_read' });
  });

  /** A zip file of empty files whose names stand there as these bytes (APPNOTE.TXT 4.3). */
  function namedAs(names: Buffer[]): Buffer {
    const head = (mark: string, name: Buffer, behind: number, lengthAt: number) => {
      const record = Buffer.alloc(behind);
      record.write(mark, 'latin1');
      record.writeUInt16LE(name.length, lengthAt);
      return Buffer.concat([record, name]);
    };
    const files = names.map((name) => head('PK\x03\x04', name, 30, 26));
    const list = Buffer.concat(names.map((name) => head('PK\x01\x02', name, 46, 28)));
    const end = Buffer.alloc(22);
    end.write('PK\x05\x06', 'latin1');
    end.writeUInt16LE(names.length, 8);
    end.writeUInt16LE(names.length, 10);
    end.writeUInt32LE(list.length, 12);
    end.writeUInt32LE(Buffer.concat(files).length, 16);
    return Buffer.concat([...files, list, end]);
  }

  it.each([
    ['866', '84aea3aea2aee02e747874', 'Договор.txt'],
    ['1251', 'c4eee3eee2eef02e747874', 'Договор.txt'],
    [
      '932',
      '8c5f96f18f912e747874/8ca990cf82e082e88f912e706466/90bf8b818f9182cc83528373815b2e706466/89ef8b6382cc8b638e96985e2e646f63',
      '契約書.txt\n見積もり書.pdf\n請求書のコピー.pdf\n会議の議事録.doc',
    ],
    [
      '936',
      'bacfcdac2e747874/bdbbbbf5c6dacbb5c3f72e706466/bbe1d2e9bcc7c2bc2e646f63/b7a2c6b1bacdcad5bedd2e706466',
      '合同.txt\n交货期说明.pdf\n会议记录.doc\n发票和收据.pdf',
    ],
    [
      '949',
      'b0e8bee0bcad2e747874/b0dfc0fbbcad2e706466/c8b8c0c7b7cf2e646f63/bec8b3bbb9ae2e747874',
      '계약서.txt\n견적서.pdf\n회의록.doc\n안내문.txt',
    ],
    [
      '950',
      'a658acf92e747874/b3f8bbf9b3e62e706466/b77cc4b3b04fbffd2e646f63/a9faa67eaabaa475a740ad70b5652e786c73',
      '合約.txt\n報價單.pdf\n會議記錄.doc\n明年的工作計畫.xls',
    ],
    // Few of them: the second half of a Japanese letter may be one of ASCII.
    ['932', '8366815b835e2e786c7378/838c837c815b83672e706466', 'データ.xlsx\nレポート.pdf'],
    ['936', 'bacfcdac2e706466/bbe1d2e9bcc7c2bc2e646f6378', '合同.pdf\n会议记录.docx'],
    ['949', 'b0e8bee0bcad2e706466', '계약서.pdf'],
    ['866', '80918d8392202d20848e838e828e902e747874', 'АСНГТ - ДОГОВОР.txt'],
    ['437', '8183', 'üâ'],
    ['850', '696e666f726d6187e465732e706466/729b6467729b642e646f63', 'informações.pdf\nrødgrød.doc'],
  ])('whose names are in code page %s gives them: %s', async (_, names, text) => {
    const all = names.split('/').map((name) => Buffer.from(name, 'hex'));
    expect(await textOf(namedAs(all))).toBe(text);
  });

  it('whose names are in another old code page (Greek of DOS) does not give Russian ones', async () => {
    const greek = Buffer.from('91e7a39998a99e2e747874', 'hex');
    expect(await textOf(namedAs([greek, greek]))).not.toMatch(/\p{Script=Cyrillic}/u);
  });

  it('that only has such files in it gives their names', async () => {
    expect(await textOf(await zipOf({ '[Content_Types].xml': '', 'notes/mimetype': '', 'a.docx': '' }))).toBe(
      '[Content_Types].xml\nnotes/mimetype\na.docx',
    );
  });
});

describe('a text that begins like something else', () => {
  it.each([
    ['a note on GIF', 'GIF89a is a format of pictures'],
    ['a note on BMP', 'BMW and BMP'],
    ['a note on TIFF', 'II* and MM* are its marks'],
  ])('%s stays text', async (_, text) => {
    expect(await textOf(text)).toBe(text);
  });

  it('a GIF is a picture all the same', async () => {
    const gif = Buffer.from('47494638396101000100800000ffffff000000', 'hex');
    await expect(read(gif)).rejects.toMatchObject({ code: 'not_readable' });
  });
});

describe('what a byte order mark or blanks stand in front of', () => {
  it('is told apart as without', async () => {
    expect(await textOf('\ufeff<!doctype html><p>one</p>')).toBe('one');
    expect(await textOf('\ufeff{\\rtf1 words}')).toBe('words');
    expect(await textOf('\n{\\rtf1 words}\n')).toBe('words');
    const flat = '<office:document xmlns:office="o"><text:p>words</text:p></office:document>';
    expect(await textOf(`\ufeff<?xml version="1.0"?>${flat}`)).toBe('words');
  });
});

it('a page that is saved as a mail is known by its head, whatever its name', async () => {
  const type = 'Content-Type: multipart/related;\r\n boundary="b"';
  const part =
    '--b\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Gr=C3=B6=C3=9Fe</p>\r\n--b--';
  for (const head of [
    ['MIME-Version: 1.0', type],
    ['Date: Mon, 3 May 2026 10:00:00 +0000 (UTC)', 'Message-ID: <1@x>', 'MIME-Version: 1.0', type],
    ['Date: Mon, 3 May 2026 10:00:00 +0000 (UTC)', 'MIME-Version: 1.0', type],
  ])
    expect(await textOf(`${head.join('\r\n')}\r\n\r\n${part}`, 'a.doc')).toBe('Größe');
  const notes = 'Date: today\n\nMIME-Version: 1.0\nContent-Type: text/plain\n\nare fields of a mail';
  expect(await textOf(notes)).toBe(notes);
});

it('a drawing and a page without a name that says so are known behind remarks, too', async () => {
  const remark = '<?xml version="1.0"?>\n<!-- Generator: Adobe Illustrator, a > b -->\n';
  expect(await textOf(`${remark}<svg><text>shown</text></svg>`)).toBe('shown');
  expect(await textOf(`${remark}<!-- two --><!DOCTYPE html><p>shown`)).toBe('shown');
  const many = '<!---->'.repeat(600);
  expect(await textOf(`${many}<x>`)).toBe(`${many}<x>`);
});

it('the first page is drawn of what was read, not of a PDF in a zip file', async () => {
  const limits = { unpackedBytes: 1e8 };
  const zip = await zipOf({ 'a.pdf': pdf }, { compress: false });
  expect(await withSource(zip, (source) => firstPage(source, 'text', limits))).toBeNull();
  const late = behind('Content-Type: application/pdf\r\n\r\n');
  expect(await withSource(late, (source) => firstPage(source, 'pdf', limits))).toMatchObject({
    kind: 'png',
  });
});
