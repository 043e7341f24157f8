/**
 * Writes the documents of test/reading/corpus anew (all, or those named), with LibreOffice, as other people's programs write them. Not a part of CI. Needs
 * `soffice` on the PATH (Debian: libreoffice-writer, -calc, -impress, fonts-dejavu-core).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SHEET, SLIDES, TEXT } from '../test/reading/corpus/words.ts';

const CORPUS = resolve(import.meta.dirname, '../test/reading/corpus');
const folder = mkdtempSync(join(tmpdir(), 'corpus-'));

/** The names that ODF 1.3, part 3, chapter 1.4 gives to its parts. */
const OASIS = {
  office: 'office',
  text: 'text',
  table: 'table',
  draw: 'drawing',
  presentation: 'presentation',
  style: 'style',
};
const MORE = { fo: 'xsl-fo-compatible', svg: 'svg-compatible' };
const NAMES = [
  ...Object.entries({ ...OASIS, ...MORE }).map(
    ([prefix, name]) => `xmlns:${prefix}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`,
  ),
  'xmlns:dc="http://purl.org/dc/elements/1.1/"',
  'xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"',
].join(' ');

const flat = (kind: string, body: string, styles = '') =>
  `<?xml version="1.0" encoding="UTF-8"?><office:document ${NAMES} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.${kind}">${styles}<office:body>${body}</office:body></office:document>`;

const note = (words: string) =>
  `<office:annotation><dc:creator>Anna</dc:creator><text:p>${words}</text:p></office:annotation>`;

/** A text with all that people put into one. */
function text(): string {
  const styles = `<office:automatic-styles><style:page-layout style:name="L"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm"/><style:header-style/><style:footer-style/></style:page-layout></office:automatic-styles>
    <office:master-styles><style:master-page style:name="Standard" style:page-layout-name="L"><style:header><text:p>${TEXT.header}</text:p></style:header><style:footer><text:p>${TEXT.footer}</text:p></style:footer></style:master-page></office:master-styles>`;
  const cell = (words: string) => `<table:table-cell><text:p>${words}</text:p></table:table-cell>`;
  return flat(
    'text',
    `<office:text>
      <text:tracked-changes><text:changed-region text:id="c1"><text:deletion><office:change-info><dc:creator>Anna</dc:creator><dc:date>2026-05-03T10:00:00</dc:date></office:change-info><text:p>${TEXT.deleted}</text:p></text:deletion></text:changed-region></text:tracked-changes>
      <text:h text:outline-level="1">${TEXT.heading}</text:h>
      <text:p>${TEXT.first}<text:change text:change-id="c1"/></text:p>
      <text:p>${TEXT.german}</text:p><text:p>${TEXT.greek}</text:p><text:p>${TEXT.russian}</text:p>
      <text:p>deli<text:span>very</text:span> by<text:tab/>train<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>${TEXT.footnote}</text:p></text:note-body></text:note>${note(TEXT.comment)}</text:p>
      <text:list><text:list-item><text:p>${TEXT.item}</text:p></text:list-item></text:list>
      <table:table table:name="T"><table:table-column table:number-columns-repeated="2"/><table:table-row>${TEXT.cells.map(cell).join('')}</table:table-row></table:table>
      <text:p><draw:frame text:anchor-type="paragraph" svg:width="6cm" svg:height="2cm"><draw:text-box><text:p>${TEXT.box}</text:p></draw:text-box></draw:frame></text:p>
    </office:text>`,
    styles,
  );
}

function sheet(): string {
  const cell = (value: string | number, more = '') =>
    typeof value === 'number'
      ? `<table:table-cell office:value-type="float" office:value="${value}"><text:p>${value}</text:p></table:table-cell>`
      : `<table:table-cell office:value-type="string">${more}<text:p>${value}</text:p></table:table-cell>`;
  const row = (cells: string[]) => `<table:table-row>${cells.join('')}</table:table-row>`;
  const rows = SHEET.rows.map(([name, value]) =>
    row([cell(name, name === SHEET.noted ? note(SHEET.comment) : ''), cell(value)]),
  );
  const sum = `<table:table-cell table:formula="of:=SUM([.B1:.B3])" office:value-type="float" office:value="${SHEET.sum}"><text:p>${SHEET.sum}</text:p></table:table-cell>`;
  return flat(
    'spreadsheet',
    `<office:spreadsheet><table:table table:name="${SHEET.name}">${rows.join('')}${row([cell('Sum'), sum])}</table:table><table:table table:name="${SHEET.second}">${row([cell(SHEET.inSecond)])}</table:table></office:spreadsheet>`,
  );
}

function slides(): string {
  const styles = `<office:automatic-styles><style:page-layout style:name="L"><style:page-layout-properties fo:page-width="28cm" fo:page-height="15.75cm"/></style:page-layout></office:automatic-styles><office:master-styles><style:master-page style:name="M" style:page-layout-name="L"/></office:master-styles>`;
  const frame = (words: string) =>
    `<draw:frame svg:x="2cm" svg:y="2cm" svg:width="20cm" svg:height="3cm"><draw:text-box><text:p>${words}</text:p></draw:text-box></draw:frame>`;
  const page = ({ title, notes }: { title: string; notes?: string }, at: number) =>
    `<draw:page draw:name="p${at}" draw:master-page-name="M">${frame(title)}${notes === undefined ? '' : `<presentation:notes><draw:frame presentation:class="notes" svg:x="2cm" svg:y="14cm" svg:width="16cm" svg:height="10cm"><draw:text-box><text:p>${notes}</text:p></draw:text-box></draw:frame></presentation:notes>`}</draw:page>`;
  return flat(
    'presentation',
    `<office:presentation>${SLIDES.map(page).join('')}</office:presentation>`,
    styles,
  );
}

/** What LibreOffice makes of each: the name in the corpus, and how it is asked for. */
const LOCK =
  '{"EncryptFile":{"type":"boolean","value":"true"},"DocumentOpenPassword":{"type":"string","value":"secret"}}';
const MADE: [source: string, name: string, as: string][] = [
  ...['docx', 'odt', 'rtf', 'pdf', 'html', 'fodt'].map((end): [string, string, string] => [
    'text.fodt',
    `text.${end}`,
    end,
  ]),
  ['text.fodt', 'text-utf8.txt', 'txt:Text (encoded):UTF8'],
  ['text.fodt', 'locked.pdf', `pdf:writer_pdf_Export:${LOCK}`],
  ...['xlsx', 'ods'].map((end): [string, string, string] => ['sheet.fods', `sheet.${end}`, end]),
  ['sheet.fods', 'sheet.csv', 'csv:Text - txt - csv (StarCalc):44,34,76,1'],
  ['sheet.fods', 'sheet.pdf', 'pdf'],
  ...['pptx', 'odp', 'fodp', 'pdf'].map((end): [string, string, string] => [
    'slides.fodp',
    `slides.${end}`,
    end,
  ]),
];

try {
  for (const [name, content] of [
    ['text.fodt', text()],
    ['sheet.fods', sheet()],
    ['slides.fodp', slides()],
  ] as const)
    writeFileSync(join(folder, name), content);
  const only = process.argv.slice(2);
  for (const [source, name, as] of MADE.filter(([, one]) => only.length === 0 || only.includes(one))) {
    const out = join(folder, 'out');
    const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
    const args = [profile, '--headless', '--convert-to', as, '--outdir', out, join(folder, source)];
    execFileSync('soffice', args, { stdio: ['ignore', 'ignore', 'inherit'] });
    const end = as.split(':', 1)[0] as string;
    renameSync(join(out, `${source.split('.', 1)[0]}.${end}`), join(CORPUS, name));
    // LibreOffice has no name for it that all versions know.
    if (name === 'text-utf8.txt')
      writeFileSync(
        join(CORPUS, 'text-utf16.txt'),
        `\ufeff${readFileSync(join(CORPUS, name), 'utf8').replace('\ufeff', '')}`,
        'utf16le',
      );
    console.log(name);
  }
} finally {
  rmSync(folder, { recursive: true });
}
