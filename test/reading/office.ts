/** Documents as Office and LibreOffice write them, as far as text needs it: the parts, their names and their ways to each other. */
import { zipOf } from './zips.ts';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const TYPES = `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`;
const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const P = `xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ${R}`;
const KIND = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/';

function relations(of: [id: string, kind: string, target: string][]): string {
  const all = of.map(([id, kind, to]) => `<Relationship Id="${id}" Type="${KIND}${kind}" Target="${to}"/>`);
  return `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all.join('')}</Relationships>`;
}

export const run = (text: string) => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;
export const paragraph = (inner: string) =>
  `<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>${inner}</w:p>`;

/** A Word document; `body` and the other parts are what stands in them. */
export function docx(body: string, more: Record<string, string> = {}): Promise<Buffer> {
  const others = Object.entries(more).map(([name, inner]) => [
    `word/${name}.xml`,
    `${XML}<w:x ${W}>${inner}</w:x>`,
  ]);
  return zipOf({
    '[Content_Types].xml': TYPES,
    'word/document.xml': `${XML}<w:document ${W}><w:body>${body}</w:body></w:document>`,
    ...Object.fromEntries(others),
  });
}

/** A table with one sheet: words that are shared, words in the cell, numbers. */
export function xlsx(
  sheet: string,
  rows: (string | number)[][],
  more: Record<string, string> = {},
): Promise<Buffer> {
  const words = rows.flat().filter((cell) => typeof cell === 'string');
  const cell = (value: string | number) =>
    typeof value === 'string' ? `<c t="s"><v>${words.indexOf(value)}</v></c>` : `<c><v>${value}</v></c>`;
  const lines = rows.map((row) => `<row>${row.map(cell).join('')}</row>`).join('');
  const shared = words.map(
    (word) => `<si><r><t>${word.slice(0, 2)}</t></r><r><t>${word.slice(2)}</t></r></si>`,
  );
  return zipOf({
    '[Content_Types].xml': TYPES,
    'xl/workbook.xml': `${XML}<workbook ${S} ${R}><sheets><sheet name="${sheet}" sheetId="7" r:id="rId2"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations([
      ['rId2', 'worksheet', 'worksheets/sheet1.xml'],
      ['rId3', 'sharedStrings', '/xl/sharedStrings.xml'],
      ['rId4', 'styles', 'styles.xml'],
    ]),
    'xl/worksheets/sheet1.xml': `${XML}<worksheet ${S}><sheetData>${lines}<row><c t="inlineStr"><is><t>inline</t></is></c><c t="e"><v>#REF!</v></c></row></sheetData></worksheet>`,
    'xl/sharedStrings.xml': `${XML}<sst ${S}>${shared.join('')}</sst>`,
    ...more,
  });
}

/** Slides in the order in which they are shown. Their files are numbered the other way round, as after somebody moved them. */
export function pptx(slides: { text: string; notes?: string; comments?: string[] }[]): Promise<Buffer> {
  const file = (at: number) => slides.length - at;
  const shown = (text: string) => `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`;
  const parts: Record<string, string> = {
    '[Content_Types].xml': TYPES,
    'ppt/presentation.xml': `${XML}<p:presentation ${P}><p:sldIdLst>${slides
      .map((_, at) => `<p:sldId id="${256 + at}" r:id="rId${at}"/>`)
      .join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relations(
      slides.map((_, at) => [`rId${at}`, 'slide', `slides/slide${file(at)}.xml`]),
    ),
  };
  for (const [at, { text, notes, comments }] of slides.entries()) {
    parts[`ppt/slides/slide${file(at)}.xml`] =
      `${XML}<p:sld ${P}><p:txBody>${shown(text)}</p:txBody></p:sld>`;
    const beside: [string, string, string][] = [];
    if (notes !== undefined) {
      beside.push(['rId1', 'notesSlide', '../notesSlides/notesSlide1.xml']);
      parts['ppt/notesSlides/notesSlide1.xml'] = `${XML}<p:notes ${P}>${shown(notes)}</p:notes>`;
    }
    if (comments !== undefined) {
      beside.push(['rId2', 'comments', '../comments/comment1.xml']);
      const all = comments.map(
        (one) => `<p:cm authorId="0"><p:pos x="1" y="1"/><p:text>${one}</p:text></p:cm>`,
      );
      parts['ppt/comments/comment1.xml'] = `${XML}<p:cmLst ${P}>${all.join('')}</p:cmLst>`;
    }
    if (beside.length > 0) parts[`ppt/slides/_rels/slide${file(at)}.xml.rels`] = relations(beside);
  }
  return zipOf(parts);
}

const ODF =
  'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"';

/** An OpenDocument file: `text`, `spreadsheet` or `presentation`, with what stands in its body. */
export function openDocument(
  kind: 'text' | 'spreadsheet' | 'presentation',
  body: string,
  { footer = '', styles = '', manifest = '' } = {},
): Promise<Buffer> {
  return zipOf({
    mimetype: `application/vnd.oasis.opendocument.${kind}`,
    'content.xml': `${XML}<office:document-content ${ODF}><office:body>${body}</office:body></office:document-content>`,
    'styles.xml': `${XML}<office:document-styles ${ODF}><text:p>a style</text:p><style:footer><text:p>${footer}</text:p></style:footer>${styles}</office:document-styles>`,
    'META-INF/manifest.xml': `${XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">${manifest}</manifest:manifest>`,
  });
}
