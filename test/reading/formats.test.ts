import { describe, expect, it } from 'vitest';
import { compound } from './compound.ts';
import { docx, openDocument, paragraph, pptx, run, xlsx } from './office.ts';
import { pdfOf } from './pdfs.ts';
import { read, textOf } from './read.ts';
import { zipOf } from './zips.ts';

describe('Word', () => {
  it('gives its paragraphs as lines, and a word that is written in two runs as one', async () => {
    const body =
      paragraph(run('The offer: deli') + run('very in ')) + paragraph(run('fourteen days &amp; a bit'));
    expect(await textOf(await docx(body))).toBe('The offer: delivery in\nfourteen days & a bit');
  });

  it('reads headers, footers, notes and comments after the text', async () => {
    const parts = { header1: 'head', footer2: 'foot', footnotes: 'note', comments: 'why?' };
    const more = Object.fromEntries(
      Object.entries(parts).map(([name, text]) => [name, paragraph(run(text))]),
    );
    expect(await textOf(await docx(paragraph(run('text')), more))).toBe(
      'text\n\nhead\n\nfoot\n\nnote\n\nwhy?',
    );
  });

  it('leaves out what was deleted, and the second writing of a drawing', async () => {
    const body = paragraph(
      `${run('kept')}<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:moveFrom>${run('moved')}</w:moveFrom>
       <mc:AlternateContent><mc:Choice>${run(' box')}</mc:Choice><mc:Fallback>${run('box again')}</mc:Fallback></mc:AlternateContent>`,
    );
    expect(await textOf(await docx(body))).toBe('kept box');
  });

  it('keeps cells, tabs and line breaks apart', async () => {
    const body = `<w:tbl><w:tr><w:tc>${run('one')}</w:tc><w:tc>${run('two')}</w:tc></w:tr></w:tbl>${paragraph(`${run('a')}<w:br/>${run('b')}<w:tab/>${run('c')}`)}`;
    expect(await textOf(await docx(body))).toBe('one two a\nb c');
  });
});

describe('Excel', () => {
  it('gives a line for each row, with words, numbers and the name of the sheet, without errors', async () => {
    const file = await xlsx('Budget 2026', [
      ['Rent', 1200],
      ['Wages', 3.5],
    ]);
    expect(await textOf(file)).toBe('Budget 2026\nRent 1200\nWages 3.5\ninline');
  });

  it('leaves out how a Japanese word is spoken', async () => {
    const si = '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>';
    const file = await xlsx('s', [['x']], { 'xl/sharedStrings.xml': `<sst>${si}</sst>` });
    expect(await textOf(file)).toBe('s\n東京\ninline');
  });
});

it('PowerPoint: each slide is a page, in the order in which they are shown, with its notes', async () => {
  const file = await pptx([{ text: 'Welcome', notes: 'smile' }, { text: 'Numbers' }]);
  expect((await read(file)).parts).toEqual([
    { page: 1, text: 'Welcome\n\nsmile' },
    { page: 2, text: 'Numbers' },
  ]);
});

describe('OpenDocument', () => {
  it('texts: paragraphs, headings, footers, without what was deleted', async () => {
    const body =
      '<text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:h>Contract</text:h><text:p>for<text:s text:c="3"/>two<text:line-break/><text:span>years</text:span></text:p>';
    expect(await textOf(await openDocument('text', body, { footer: 'page 1' }))).toBe(
      'Contract\nfor two\nyears\npage 1',
    );
  });

  it('headers and footers of right pages, of left ones and of the first', async () => {
    const names = ['header', 'header-left', 'header-first', 'footer-left', 'footer-first'];
    const styles = names.map((name) => `<style:${name}><text:p>of ${name}</text:p></style:${name}>`).join('');
    expect(
      await textOf(await openDocument('text', '<text:p>body</text:p>', { footer: 'foot', styles })),
    ).toBe(['body', 'foot', ...names.map((name) => `of ${name}`)].join('\n'));
  });

  it('tables: a line for each row', async () => {
    const cell = (text: string) => `<table:table-cell><text:p>${text}</text:p></table:table-cell>`;
    const row = `<table:table-row>${cell('Rent')}${cell('1200')}</table:table-row>`;
    expect(await textOf(await openDocument('spreadsheet', row + row))).toBe('Rent\n1200\n\nRent\n1200');
  });

  it('forms: what people wrote and chose, no passwords and nothing hidden', async () => {
    const body =
      '<office:forms><form:form><form:text form:value="old" form:current-value="Erika"/><form:textarea form:current-value="two&#10;lines"/><form:text form:current-value=""/><form:password form:current-value="secret"/><form:hidden form:value="no"/><form:listbox><form:option form:label="red"/><form:option form:label="blue" form:current-selected="true"/></form:listbox></form:form></office:forms><text:p>Name</text:p>';
    expect(await textOf(await openDocument('text', body))).toBe('Erika\ntwo\nlines\nblue\nName');
  });

  it('slides: each is a page', async () => {
    const slide = (text: string) =>
      `<draw:page draw:master-page-name="m"><draw:text-box><text:p>${text}</text:p></draw:text-box></draw:page>`;
    const { parts } = await read(await openDocument('presentation', slide('one') + slide('two')));
    expect(parts).toEqual([
      { page: 1, text: 'one' },
      { page: 2, text: 'two' },
    ]);
  });

  it('with a password is named so', async () => {
    const manifest = '<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>';
    const file = await openDocument('text', '<text:p>x</text:p>', { manifest });
    await expect(read(file)).rejects.toMatchObject({ code: 'password_protected' });
  });
});

describe('a document that is locked as a whole', () => {
  it('is named so, as LibreOffice packs it', async () => {
    const file = await zipOf(
      {
        mimetype: 'application/vnd.oasis.opendocument.text',
        'encrypted-package': Buffer.from('not to be read'),
        'META-INF/manifest.xml': '<manifest:manifest><manifest:file-entry/></manifest:manifest>',
      },
      { compress: false },
    );
    await expect(read(file)).rejects.toMatchObject({ code: 'password_protected' });
  });
});

describe('PDF', () => {
  it('gives page by page, and joins a word that a line end cuts in two', async () => {
    const { parts, stopped } = await read(
      pdfOf([['We promised', '14 days for deli-', 'very (at most)'], ['Page two']]),
    );
    expect(stopped).toBeNull();
    expect(parts).toEqual([
      { page: 1, text: 'We promised\n14 days for delivery (at most)' },
      { page: 2, text: 'Page two' },
    ]);
  });

  it('with a password is named so', async () => {
    const key = `<${'00'.repeat(32)}>`;
    const trailer = `/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /O ${key} /U ${key} /P -4 >>`;
    await expect(read(pdfOf([['secret']], { trailer }))).rejects.toMatchObject({
      code: 'password_protected',
    });
  });

  it('without its end is still read, and without anything else it is damaged', async () => {
    const whole = pdfOf([['still there']]);
    expect((await read(whole.subarray(0, -20))).parts).toEqual([{ page: 1, text: 'still there' }]);
    await expect(read('%PDF-1.4\nnothing')).rejects.toMatchObject({ code: 'damaged' });
  });
});

describe('mail', () => {
  const mail = (lines: string[]) => lines.join('\r\n');

  it('gives subject, people, text and the names of attachments, not what is in these', async () => {
    const text = await textOf(
      mail([
        'From: =?utf-8?q?J=C3=BCrgen?= <j@example.com>',
        'To: Anna <anna@example.com>, bob@example.com',
        'Subject: =?utf-8?b?w4RuZGVydW5n?= of the date',
        'MIME-Version: 1.0',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain; charset=iso-8859-1',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'Gr=FC=DFe',
        '--b',
        'Content-Type: text/plain; name="plan.txt"',
        'Content-Disposition: attachment; filename="plan.txt"',
        '',
        'inside the plan',
        '--b--',
      ]),
      'hello.eml',
    );
    expect(text).toBe(
      'Änderung of the date\nJürgen j@example.com\nAnna anna@example.com\nbob@example.com\n\nGrüße\n\nplan.txt',
    );
  });

  it('that has only a web page gives what that shows', async () => {
    const text = await textOf(
      mail(['Subject: hi', 'Content-Type: text/html', '', '<style>p{}</style><p>one</p><p>two</p>']),
      'x.eml',
    );
    expect(text).toBe('hi\n\none\n\ntwo');
  });

  const twice = (text: string, html: string) =>
    mail([
      'From: a@b.c',
      'Subject: hi',
      'Content-Type: multipart/alternative; boundary=q',
      ...['', '--q', 'Content-Type: text/plain; charset=utf-8', '', text],
      ...['--q', 'Content-Type: text/html; charset=utf-8', '', html, '--q--', ''],
    ]);

  it('whose text says only that there is a page gives what that shows, too', async () => {
    const page = '<style>p{}</style><p>Die Lieferfrist betr&auml;gt vierzehn Tage</p>';
    for (const [stub, said] of [
      ['This message needs HTML.', 'This message needs HTML.\n\nDie Lieferfrist beträgt vierzehn Tage'],
      [' ', 'Die Lieferfrist beträgt vierzehn Tage'],
    ] as const)
      expect(await textOf(twice(stub, page), 'x.eml')).toBe(`hi\na@b.c\n\n${said}`);
  });

  it('that says the same twice gives it once, however it is laid out', async () => {
    const text = 'Die Lieferfrist beträgt\n*vierzehn* Tage, siehe https://example.com/plan\n> alt';
    const page =
      '<p>Die Lieferfrist betr&auml;gt <b>vierzehn</b> Tage, siehe <a href="https://example.com/plan">Plan</a></p><blockquote>alt</blockquote>';
    expect(await textOf(twice(text, page), 'x.eml')).toBe(
      'hi\na@b.c\n\nDie Lieferfrist beträgt\n*vierzehn* Tage, siehe https://example.com/plan\n> alt',
    );
  });

  it('whose page says more gives the lines that the text lacks, and no other', async () => {
    const text = 'Unser Angebot gilt vierzehn Tage. Wir liefern frei Haus und freuen uns auf Ihren Auftrag.';
    const page = `<p>${text.replace('vierzehn', 'vier&shy;zehn')}</p><table><tr><td>Stuhl</td><td>4711</td></tr><tr><td>Tisch</td><td>vierzehn Tage</td></tr></table><p>Wir liefern</p>`;
    const mailed = await textOf(twice(text, page), 'x.eml');
    expect(mailed).toBe(`hi\na@b.c\n\n${text}\n\nStuhl 4711\nTisch vierzehn Tage`);
  });

  it('is known by its lines, too', async () => {
    const text = await textOf(
      mail(['Return-Path: <a@b.c>', 'From: a@b.c', 'Subject: hi', '', 'text']),
      'download',
    );
    expect(text).toBe('hi\na@b.c\n\ntext');
  });
});

describe('HTML', () => {
  it('gives what is shown: no scripts, no styles, a line for each block, cells apart', async () => {
    const page =
      '<!doctype html><html><head><title>Plan</title><style>b{}</style></head><body><script>let x</script><h1>Our&nbsp;plan</h1><ul><li>first<li>sec<b>ond</b></ul><table><tr><td>a</td><td>b</td></tr></table><img alt="a tree"></body></html>';
    expect(await textOf(page, 'page')).toBe('Plan\n\nOur plan\n\nfirst\n\nsecond\n\na b\n\na tree');
  });

  it('leaves out what is hidden: what is in front of newsletters, menus that are closed', async () => {
    const page = [
      '<body><div style="font-size:1px; DISPLAY : none !important">preview<div>of it</div></div>one',
      '<p hidden>no<p>two<input hidden value="no"> <span style="display:inline">three</span>',
      '<div hidden="until-found">four</div><br style="display:none">five',
    ].join('');
    expect((await textOf(page, 'a.html')).split(/\s+/)).toEqual(['one', 'two', 'three', 'four', 'five']);
    // A page that hides itself until a program shows it.
    expect(await textOf('<html hidden><body style="display:none">all of it</body>', 'a.html')).toBe(
      'all of it',
    );
  });

  it('reads a page that does not end its head, whatever comes behind it', async () => {
    const head = '<html><head><noscript>no</noscript><title>T</title><meta charset=utf-8><style>b{}</style>';
    for (const behind of ['<p>one', 'one', '<div>one</div>', '</head>one', '<body>one'])
      expect(await textOf(head + behind, 'x.html')).toBe('T\n\none');
  });

  it('leaves out fields that are hidden however that is written, and what other programs are told', async () => {
    const fields = '<input type=HIDDEN value=a><input type=" Password" value=b><input type=TEXT value=shown>';
    const others =
      '<datalist><option>c</datalist><video>d</video><canvas>e</canvas><noframes>f</noframes><div style="visibility: hidden">g</div>';
    expect(await textOf(fields + others, 'x.html')).toBe('shown');
  });

  it('keeps apart what a style sets apart; of two styles the last counts', async () => {
    const page =
      '<a style="display:block">Sh<b>op</b></a><a style="display:block">Sale</a><i style="display:inline-block">x</i><i style="display:none;display:block">y</i>z';
    expect(await textOf(page, 'x.html')).toBe('Shop\n\nSale\nx\ny\nz');
  });

  it('keeps a picture where it stands in a link', async () => {
    expect(await textOf('<p><a>before <img alt="a tree"> behind</a></p>', 'x.html')).toBe(
      'before a tree behind',
    );
  });

  it('reads a canvas as Slack keeps it: a piece of HTML without a head', async () => {
    const canvas = '<h1>Launch</h1><p class="line">Ship on <b>Monday</b> <a href="#">@U1</a></p>';
    const { hintOf } = await import('../../src/reading/hint.ts');
    expect(hintOf({ name: 'Launch', mimetype: 'application/vnd.slack-docs', mode: 'quip' })).toBe('html');
    expect(await textOf(canvas, 'canvas.html')).toBe('Launch\n\nShip on Monday @U1');
  });
});

describe('the others', () => {
  it('Markdown, code and tables with commas are text as they stand', async () => {
    expect(await textOf('# Title\n\n*words*', 'a.md')).toBe('# Title\n\n*words*');
    expect(await textOf('name;city\nAnna;Köln', 'a.csv')).toBe('name;city\nAnna;Köln');
    expect(await textOf('if (a < b && c) { f("<html>") }', 'a.ts')).toBe('if (a < b && c) { f("<html>") }');
  });

  it('JSON has its letters as letters', async () => {
    expect(await textOf('{"a":"K\\u00f6ln\\nS\\\\u00fcd","b":"\\ud83d\\ude00"}', 'a.json')).toBe(
      '{"a":"Köln\nS\\u00fcd","b":"😀"}',
    );
  });

  it('rich text', async () => {
    const rtf =
      "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}{\\*\\generator X;}\\f0 Gr\\'fc\\'dfe aus {\\b K\\u246\\'f6ln}\\par zwei\\tab drei\\line \\{vier\\}}";
    expect(await textOf(rtf, 'a.rtf')).toBe('Grüße aus Köln\nzwei drei\n{vier}');
  });

  it('takes letters as their font writes them', async () => {
    const rtf =
      "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset204 Arial;}{\\f2\\fcharset128 Gothic;}}\\f0 caf\\'e9 {\\f1 \\'c4\\'ee\\'e3\\'ee\\'e2\\'ee\\'f0} \\f2 \\'93\\'8c\\'8b\n\\'9e}";
    expect(await textOf(rtf, 'a.rtf')).toBe('café Договор 東京');
  });

  it('takes the second half of a letter also where it stands as it is, and pages by their numbers', async () => {
    for (const head of ['\\ansi\\ansicpg932', '\\ansi{\\fonttbl{\\f0\\fcharset128 Gothic;}}\\f0'])
      expect(await textOf(`{\\rtf1${head} \\'83e\\'83X\\'83g \\'95\\\\x}`, 'a.rtf')).toBe('テスト 表x');
    expect(await textOf("{\\rtf1\\mac Gr\\'9a\\'a7e}", 'a.rtf')).toBe('Größe');
  });

  it('goes on behind bytes that may look like anything', async () => {
    for (const data of ['}{}}{', '}'.repeat(70_000), '\n}\n}\n']) {
      const rtf = `{\\rtf1 one{\\pict\\bin${data.length} ${data}}two}`;
      expect(await textOf(rtf, 'a.rtf')).toBe('onetwo');
    }
  });

  it('keeps paragraphs that are only a backslash at a line’s end, notes and boxes; not what was deleted', async () => {
    const rtf =
      '{\\rtf1 one\\\ntwo {\\deleted gone}{\\*\\annotation why?}{\\*\\unknown no}{\\shp{\\*\\shpinst{\\sp no}{\\shptxt box}}}}';
    expect(await textOf(rtf, 'a.rtf')).toBe('one\ntwo\nwhy?\nbox');
  });

  it('a drawing gives the words in it', async () => {
    const svg =
      '<?xml version="1.0"?><svg><title>Map</title><path d="M1 2 3 4"/><text>Main <tspan>street</tspan></text></svg>';
    expect(await textOf(svg, 'a.svg')).toBe('Map\nMain street');
  });

  it('a zip file gives the names in it, and does not look into zip files in it', async () => {
    const inner = await zipOf({ 'deep secret.txt': 'x' });
    const zip = await zipOf({ 'photos/beach.jpg': 'x', 'Angebot Müller.pdf': 'y', 'inner.zip': inner });
    expect(await textOf(zip)).toBe('photos/beach.jpg\nAngebot Müller.pdf\ninner.zip');
  });

  it('an empty file has no text, and that is no fault', async () => {
    expect(await read('')).toEqual({ parts: [], stopped: null });
  });

  it.each([
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452000000010000', 'hex'), 'not_readable'],
    [
      'an old Word file',
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]),
      'kind_not_read',
    ],
    [
      'a new Word file with a password',
      compound(['EncryptionInfo', 'EncryptedPackage']),
      'password_protected',
    ],
    // Its directory is far behind, and lies across two pieces of what is read at once.
    [
      'a long one with a password',
      compound(['EncryptionInfo', 'EncryptedPackage'], 70_000),
      'password_protected',
    ],
    [
      'an old Word file that speaks of such',
      compound(['WordDocument'], 5_000, Buffer.from('EncryptedPackage\0'.repeat(9), 'utf16le')),
      'kind_not_read',
    ],
    ['a zip file that is cut off', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(500)]), 'damaged'],
  ])('%s is named', async (_, bytes, code) => {
    await expect(read(bytes)).rejects.toMatchObject({ code });
  });
});
