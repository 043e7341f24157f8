import { describe, expect, it } from 'vitest';
import { docx, openDocument, paragraph, pptx, run, xlsx } from './office.ts';
import { textOf } from './read.ts';
import { zipOf } from './zips.ts';

/** No two words that stand apart become one, and no word that stands together becomes two. */
describe('Word', () => {
  const box = (text: string) =>
    `<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>${paragraph(run(text))}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>${paragraph(run(text))}</w:pict></mc:Fallback></mc:AlternateContent></w:r>`;

  it.each([
    ['a text box in a paragraph', paragraph(run('before') + box('in the box') + run('after'))],
    [
      'an old text box in a paragraph',
      paragraph(
        `${run('before')}<w:pict><v:textbox><w:txbxContent>${paragraph(run('in the box'))}</w:txbxContent></v:textbox></w:pict>${run('after')}`,
      ),
    ],
  ])('%s stands on lines of its own', async (_, body) => {
    expect(await textOf(await docx(body))).toBe('before\nin the box\nafter');
  });

  it('paragraphs that do not stand in each other get no empty line between them', async () => {
    expect(await textOf(await docx(paragraph(run('one')) + paragraph(run('two'))))).toBe('one\ntwo');
  });

  it('tabs of headers, pictures in a line and signs are gaps; a letter that is written as a sign is one', async () => {
    const sign = (font: string, code: string) => `<w:r><w:sym w:font="${font}" w:char="${code}"/></w:r>`;
    const body = [
      `${run('one')}<w:r><w:ptab w:relativeTo="margin"/></w:r>${run('two')}`,
      `${run('three')}<w:drawing><wp:inline><a:graphic/></wp:inline></w:drawing>${run('four')}`,
      `${run('five')}${sign('Wingdings', 'F0E0')}${run('six')}`,
      `${run('caf')}${sign('Calibri', '00E9')}`,
      `${run('no')}<w:r><w:noBreakHyphen/></w:r>${run('break')} ${run('soft')}<w:r><w:softHyphen/></w:r>${run('hyphen')}`,
      `${run('note')}<w:r><w:footnoteReference w:id="2"/></w:r>${run('s')}`,
    ];
    expect(await textOf(await docx(body.map(paragraph).join('')))).toBe(
      'one two\nthree four\nfive six\ncafé\nno-breaksofthyphen\nnotes',
    );
  });

  it('leaves out what is hidden, also a box in it, and takes nothing else for hidden', async () => {
    const set = (inner: string, text: string) => `<w:r><w:rPr>${inner}</w:rPr><w:t>${text}</w:t></w:r>`;
    const shown = [
      set('<w:vanish w:val="0"/>', 'one'),
      set('<w:webHidden/>', 'two'),
      set('<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>', 'three'),
    ];
    const end = '<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>';
    const body = [
      paragraph(`${set('<w:vanish/>', 'no')}${shown.join('')}`),
      `<w:p>${end}${run('four')}${box('five')}</w:p>`.replace(
        '<w:txbxContent><w:p>',
        `<w:txbxContent><w:p>${end}`,
      ),
      paragraph(
        `<w:r><w:rPr><w:vanish/></w:rPr><w:sym w:font="Calibri" w:char="00E9"/><w:tab/>${box('no')}</w:r>${run('six')}`,
      ),
    ];
    expect((await textOf(await docx(body.join('')))).split('\n')).toEqual([
      'onetwothree',
      'four',
      'five',
      '',
      'six',
    ]);
  });

  it('reads what it has in it of another format: programs make documents out of web pages', async () => {
    const page = '<html><body><p>sh<b>own</b><p style="display:none">hidden</body></html>';
    const mail = `MIME-Version: 1.0\nContent-Type: multipart/related;\n    type="text/html";\n    boundary="b"\n\n--b\nContent-Type: text/html;\n    charset="utf-8"\n\n${page}\n--b--`;
    const other = '{\\rtf1 rich}';
    const parts = { 'word/a.htm': page, 'word/b.mht': mail, 'word/c.rtf': other, 'word/d.txt': 'plain' };
    const relations = Object.keys(parts).map(
      (name) => `<Relationship Id="${name}" Type="http://x/aFChunk" Target="/${name}"/>`,
    );
    const all = {
      '[Content_Types].xml': '',
      'word/document.xml': '<w:body><w:altChunk r:id="x"/><w:p><w:t>own</w:t></w:p></w:body>',
      'word/_rels/document.xml.rels': `<Relationships>${relations.join('')}</Relationships>`,
      ...parts,
    };
    expect((await textOf(await zipOf(all))).split(/\n+/)).toEqual(['own', 'shown', 'shown', 'rich', 'plain']);
  });

  it('what stands above and below a line in a formula is apart, as are names and what is in a matrix', async () => {
    const part = (name: string, text: string) => `<m:${name}><m:r><m:t>${text}</m:t></m:r></m:${name}>`;
    const formulas = [
      `<m:f>${part('num', 'way')}${part('den', 'time')}</m:f>`,
      `<m:func>${part('fName', 'sin')}${part('e', 'alpha')}</m:func>`,
      `<m:m><m:mr>${part('e', 'a')}${part('e', 'b')}</m:mr><m:mr>${part('e', 'c')}</m:mr></m:m>`,
      `<m:sSub>${part('e', 'x')}${part('sub', '1')}</m:sSub>`,
    ];
    const text = await textOf(await docx(`<w:p><m:oMath>${formulas.join('')}</m:oMath></w:p>`));
    expect(text).toBe('way time sin alpha a b c x1');
  });

  it('reads what stands across a page as a drawing: CONFIDENTIAL', async () => {
    const mark =
      '<w:r><w:pict><v:shape><v:textpath style="font-size:1pt" string="CONFIDENTIAL &amp; new"/></v:shape></w:pict></w:r>';
    const header1 = paragraph(`${run('before')}${mark}${run('after')}`);
    expect(await textOf(await docx('', { header1 }))).toBe('before\nCONFIDENTIAL & new\nafter');
  });

  it('leaves out how a Japanese word is spoken', async () => {
    const ruby = `<w:ruby><w:rt>${run('とうきょう')}</w:rt><w:rubyBase>${run('東京')}</w:rubyBase></w:ruby>`;
    expect(await textOf(await docx(paragraph(`<w:r>${ruby}</w:r>`)))).toBe('東京');
  });

  it('reads names that were typed into a chart', async () => {
    const title = `<c:title><c:tx><c:rich><a:p><a:r><a:t>By region</a:t></a:r></a:p></c:rich></c:tx></c:title>`;
    const series = (name: string) =>
      `<c:ser><c:tx><c:v>${name}</c:v></c:tx><c:cat><c:strLit><c:pt><c:v>North</c:v></c:pt></c:strLit></c:cat><c:val><c:numLit><c:pt><c:v>4.3</c:v></c:pt></c:numLit></c:val></c:ser>`;
    const chart1 = title + series('Turnover') + series('Costs');
    const text = await textOf(await docx('', { 'charts/chart1': chart1 }));
    expect(text.split(/\n+/)).toEqual(['By region', 'Turnover', 'North', 'Costs', 'North']);
  });

  it('reads charts with the names in them, and SmartArt', async () => {
    const series =
      '<c:ser><c:tx><c:strRef><c:strCache><c:pt><c:v>Turnover</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:f>Sheet1!A1</c:f><c:strCache><c:pt><c:v>North</c:v></c:pt><c:pt><c:v>South</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache><c:pt><c:v>4.3</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser>';
    const shown = (text: string) => `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`;
    const file = await docx(paragraph(run('text')), {
      'charts/chart1': `<c:title>${shown('By region')}</c:title>${series}`,
      'diagrams/data2': `<dgm:pt><dgm:t>${shown('first step')}</dgm:t></dgm:pt>`,
    });
    expect(await textOf(file)).toBe('text\n\nBy region\nTurnover\nNorth South\n\nfirst step');
  });
});

describe('Excel', () => {
  const cells = (inner: string) => ({
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData><row>${inner}</row></sheetData></worksheet>`,
  });

  it('a word in a cell that is written in two runs is one, without how it is spoken', async () => {
    const cell =
      '<c t="inlineStr"><is><r><t>deli</t></r><r><t>very</t></r><rPh sb="0" eb="1"><t>デリ</t></rPh></is></c>';
    expect(await textOf(await xlsx('s', [], cells(cell + cell)))).toBe('s\ndelivery delivery');
  });

  it('a line end that is written as its number is one', async () => {
    const words = '<si><t>first_x000D_\nsecond and a_x005F_x000D_b</t></si>';
    const file = await xlsx('s', [], {
      ...cells('<c t="s"><v>0</v></c><c t="str"><v>third_x000A_fourth</v></c>'),
      'xl/sharedStrings.xml': `<sst>${words}</sst>`,
    });
    expect(await textOf(file)).toBe('s\nfirst\nsecond and a_x000D_b third\nfourth');
  });

  it('reads charts and drawings on a sheet, and what people answered each other', async () => {
    const rel = (id: string, kind: string, to: string) =>
      `<Relationship Id="${id}" Type="http://x/${kind}" Target="${to}"/>`;
    const file = await xlsx('s', [['x']], {
      'xl/worksheets/_rels/sheet1.xml.rels': `<R>${rel('r1', 'drawing', '../drawings/drawing1.xml')}${rel('r2', 'threadedComment', '../threadedComments/t.xml')}</R>`,
      'xl/drawings/drawing1.xml': '<d><a:p><a:r><a:t>a shape</a:t></a:r></a:p></d>',
      'xl/drawings/_rels/drawing1.xml.rels': `<R>${rel('r1', 'chart', '../charts/chart1.xml')}${rel('r2', 'drawing', 'drawing1.xml')}</R>`,
      'xl/charts/chart1.xml': '<c><a:p><a:r><a:t>By month</a:t></a:r></a:p></c>',
      'xl/threadedComments/t.xml':
        '<T><threadedComment><text>why?</text></threadedComment><threadedComment><text>so</text></threadedComment></T>',
    });
    expect(await textOf(file)).toBe('s\nx\ninline\n\na shape\n\nBy month\n\nwhy?\nso');
  });
});

it('Office’s documents in one piece of XML are read as those in parts', async () => {
  const front = '<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?>\n';
  const text = `<w:body>${paragraph(`${run('de')}${run('livery')}`)}<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p></w:body>`;
  for (const word of [
    `${front}<w:wordDocument xmlns:w="x">${text}</w:wordDocument>`,
    `<?xml version="1.0"?><pkg:package xmlns:pkg="x"><pkg:part><pkg:xmlData><w:document>${text}</w:document></pkg:xmlData></pkg:part></pkg:package>`,
  ])
    expect(await textOf(word, 'a.xml')).toBe('delivery');
  const cell = (data: string) => `<Cell><Data ss:Type="String">${data}</Data></Cell>`;
  const table = `<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Styles><Style ss:ID="s"/></Styles><Worksheet ss:Name="Sums"><Table><Row>${cell('chair')}${cell('<B>12</B>.5')}</Row><Row>${cell('table')}</Row></Table></Worksheet></Workbook>`;
  for (const front of [
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>',
    '<?xml version="1.0"?>\n',
    '',
  ])
    expect(await textOf(front + table, 'a.xls')).toBe('Sums\nchair 12.5\ntable');
});

it('PowerPoint: comments of older programs are read, too', async () => {
  const file = await pptx([{ text: 'Welcome', comments: ['too loud', 'agreed'] }]);
  expect(await textOf(file)).toBe('Welcome\n\ntoo loud\nagreed');
});

describe('OpenDocument', () => {
  const frame = (text: string, more = '') =>
    `<draw:frame text:anchor-type="as-char">${more}<draw:text-box><text:p>${text}</text:p></draw:text-box></draw:frame>`;

  it.each([
    ['a frame in a paragraph', `<text:p>before${frame('in the box')}after</text:p>`],
    [
      'a shape with words in a paragraph',
      '<text:p>before<draw:custom-shape><text:p>in the box</text:p></draw:custom-shape>after</text:p>',
    ],
    [
      'a comment in the middle of a paragraph',
      '<text:p>before<office:annotation><dc:creator>Anna</dc:creator><dc:date>2026-05-03</dc:date><meta:creator-initials>A</meta:creator-initials><text:p>in the box</text:p></office:annotation>after</text:p>',
    ],
  ])('%s stands on lines of its own', async (_, body) => {
    expect(await textOf(await openDocument('text', body))).toBe('before\nin the box\nafter');
  });

  it('what a picture is called is no part of the word beside it; a picture in the line is a gap', async () => {
    const body =
      '<text:p>one<draw:frame text:anchor-type="as-char"><draw:image/><svg:title>a tree</svg:title><svg:desc>in snow</svg:desc></draw:frame>two<draw:frame text:anchor-type="as-char"><draw:image/></draw:frame>three</text:p>';
    expect(await textOf(await openDocument('text', body))).toBe('one a tree in snow two three');
  });

  it('leaves out letters, paragraphs and sections that are hidden, and nothing else', async () => {
    const style = (name: string, family: string, display: string) =>
      `<style:style style:name="${name}" style:family="${family}"><style:text-properties text:display="${display}"/></style:style>`;
    const styles = `<office:automatic-styles>${style('T1', 'text', 'none')}${style('T2', 'text', 'true')}${style('P1', 'paragraph', 'none')}</office:automatic-styles>`;
    const span = (name: string, inner: string) => `<text:span text:style-name="${name}">${inner}</text:span>`;
    const body = [
      `<text:p text:style-name="T1">${span('T1', `no${span('T2', 'no')}`)}one${span('T2', 'two')}${span('P1', 'three')}</text:p>`,
      `<text:p text:style-name="P1">no${span('T2', 'no')}</text:p>`,
      `<text:section text:display="none"><text:section><text:p>no</text:p></text:section><text:p>no</text:p></text:section>`,
      '<text:section text:display="true"><text:p>four</text:p></text:section>',
      '<text:p>five<text:variable-set text:display="none">no</text:variable-set><text:variable-set text:display="value">six</text:variable-set></text:p>',
      '<text:p><draw:frame draw:display="none"><draw:text-box><text:p>no</text:p></draw:text-box></draw:frame>seven</text:p>',
    ];
    const text = await textOf(await openDocument('text', styles + body.join('')));
    expect(text.split(/\n+/)).toEqual(['onetwothree', 'four', 'fivesix', 'seven']);
  });

  it('leaves out how a Japanese word is spoken', async () => {
    const body =
      '<text:p><text:ruby><text:ruby-base>東京</text:ruby-base><text:ruby-text>とうきょう</text:ruby-text></text:ruby>へ</text:p>';
    expect(await textOf(await openDocument('text', body))).toBe('東京へ');
  });

  it('dates and names that are fields of the text are read, those of who deleted something are not', async () => {
    const body =
      '<text:tracked-changes><text:changed-region text:id="c"><text:insertion><office:change-info><dc:creator>Ben</dc:creator><dc:date>2026-05-03</dc:date></office:change-info></text:insertion></text:changed-region></text:tracked-changes><text:p>Berlin, <text:date>3. Mai 2026</text:date> <text:creator>Anna Berg</text:creator>, <text:title>Offer</text:title> <presentation:date-time>today</presentation:date-time></text:p>';
    expect(await textOf(await openDocument('text', body))).toBe('Berlin, 3. Mai 2026 Anna Berg, Offer today');
  });
});

describe('rich text', () => {
  it('leaves out what is hidden, and nothing behind it', async () => {
    expect(
      await textOf('{\\rtf1 {\\v no}one{\\b\\v no\\v0 two}three\\v no\\plain four\\viewkind4 five}'),
    ).toBe('onetwothreefourfive');
  });

  it('boxes and cells in cells stand apart, and what old programs see of a box is not read again', async () => {
    const shape =
      '{\\shp{\\*\\shpinst{\\sp no}{\\shptxt in the box}}{\\shprslt{\\*\\do}{\\pard in the box\\par}}}';
    expect(await textOf(`{\\rtf1 before${shape}after}`)).toBe('before\nin the box\nafter');
    expect(await textOf('{\\rtf1 a\\nestcell b\\nestcell\\nestrow c\\cell d\\row e}')).toBe('a b\nc d\ne');
    expect(await textOf('{\\rtf1 a\\emspace b\\enspace c\\qmspace d soft\\-hyphen}')).toBe(
      'a b c d softhyphen',
    );
  });
});

describe('HTML', () => {
  it('fields, buttons and pictures stand apart from what is beside them', async () => {
    const page =
      '<label>Name</label><input value="Anna"><input type="hidden" value="token"><input type="password" value="secret">City<textarea>Kassel</textarea>on<select><option selected>Monday</select>a<img>b so<wbr>on<button>Send</button>';
    expect((await textOf(page, 'a.html')).split(/\s+/)).toEqual(
      'Name Anna City Kassel on Monday a b soon Send'.split(' '),
    );
  });

  it('leaves out how a Japanese word is spoken', async () => {
    const page = '<ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>へ <ruby>京<rt>きょう</ruby>都';
    expect(await textOf(page, 'a.html')).toBe('東京へ 京都');
  });
});

describe('a drawing in a web page', () => {
  const words = async (page: string) => (await textOf(page, 'a.html')).split(/\s+/);

  it('is read by its words, not by what it is called', async () => {
    const page =
      '<p>one<svg><title>an icon</title><g><text y="1">t<tspan>wo</tspan><tspan x="0" dy="2">three</tspan></text></g><text style="display:none">no</text><path/></svg>four <svg><text>five</svg>six';
    expect(await words(page)).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
  });

  it('shows the piece of a page in it, with a drawing in that', async () => {
    const page =
      '<svg><desc>no</desc><foreignObject><div>one<style>b{}</style><svg><desc>no</desc><text>two</text></svg>three</div></foreignObject><desc>no</desc></svg>four';
    expect(await words(page)).toEqual(['one', 'two', 'three', 'four']);
  });
});

it('a formula in a web page is read once, each name for itself', async () => {
  const page =
    '<math><semantics><mrow><mi>sin</mi><mi>alpha</mi><mo>=</mo><mn>12</mn></mrow><annotation encoding="application/x-tex">\\sin</annotation></semantics></math>';
  expect(await textOf(page, 'a.html')).toBe('sin alpha = 12');
});

it('a page that is XML goes on behind an element that ends itself; another page does not', async () => {
  const body = '<body><p>one</p><iframe src="x"/><textarea/>two<svg/> <![CDATA[three < four]]></body></html>';
  const head = '<head><title/><script src="a.js"/><style/></head>';
  for (const root of [
    '<?xml version="1.0"?>\n<html>',
    '<!DOCTYPE html><html lang="de" xmlns="http://www.w3.org/1999/xhtml">',
  ])
    expect(await textOf(root + head + body, 'a.html')).toBe('one\ntwo three < four');
  expect(await textOf(`<html>${body}`, 'a.html')).toBe('one');
});

describe('a drawing that has a piece of a web page in it', () => {
  it('is read by its words, in lines', async () => {
    const svg =
      '<svg><style>.a{}</style><foreignObject><style>.b{}</style><div xmlns="http://www.w3.org/1999/xhtml"><p>one<br/>two</p><table><tr><td>three</td><td>four</td></tr></table></div></foreignObject></svg>';
    expect((await textOf(svg, 'a.svg')).split(/\s+/)).toEqual(['one', 'two', 'three', 'four']);
  });

  it('is not read again as it is shortened for other programs; choices of another kind are', async () => {
    const page = '<foreignObject><div>delivery</div></foreignObject>';
    const svg = `<svg><switch>${page}<text>deli...</text></switch><text>after</text><switch><text systemLanguage="de">Haus</text><text>house</text></switch>${page}</svg>`;
    expect((await textOf(svg, 'a.svg')).split(/\s+/)).toEqual([
      ...['delivery', 'after', 'Haus', 'house', 'delivery'],
    ]);
  });
});

it('a drawing: of a choice, the first that is for all is shown; what is hidden is not', async () => {
  const svg =
    '<svg><switch><g requiredFeatures="x"/><a><text>Text is not SVG</text></a></switch><text display="none">a</text><g visibility="hidden"><text>b</text></g><text style="display:none">c</text><text>shown</text></svg>';
  expect(await textOf(svg, 'a.svg')).toBe('shown');
});

it('a drawing: lines of one text are lines, and letters that are only moved stay together', async () => {
  const svg =
    '<svg><text y="0"><tspan x="0" y="0">first</tspan><tspan x="0" dy="1.2em">second</tspan><tspan x="0" y="40">thi</tspan><tspan x="30" y="40">rd</tspan></text><text>H<tspan dy="3">2</tspan><tspan dy="-3">O</tspan></text></svg>';
  expect(await textOf(svg, 'a.svg')).toBe('first\nsecond\nthird\nH2O');
});
