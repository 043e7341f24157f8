/** Documents that are meant to break who reads them. */
import { docx, paragraph, run } from './office.ts';
import { markedPage, pagesOf, pdfOf } from './pdfs.ts';
import { zipOf } from './zips.ts';

const MIB = 1024 ** 2;

/** A document of a megabyte of blanks for each kilobyte; as bytes, since no string is that long. */
export function bomb(mebibytes: number): Promise<Buffer> {
  const document = [Buffer.from('<w:p>'), Buffer.alloc(mebibytes * MIB, ' '), Buffer.from('</w:p>')];
  return zipOf({ '[Content_Types].xml': '', 'word/document.xml': Buffer.concat(document) });
}

/** Zip files in zip files, each twice. */
export async function nested(depth: number): Promise<Buffer> {
  let zip = await zipOf({ 'core.txt': 'x'.repeat(10 * MIB) });
  for (let level = 0; level < depth; level += 1) zip = await zipOf({ 'a.zip': zip, 'b.zip': zip });
  return zip;
}

/** Ten names, each ten times the one before. */
export function laughs(): Promise<Buffer> {
  const names = 'abcdefghij'.split('');
  const all = names.map((name, at) => {
    const before = names[at - 1];
    return `<!ENTITY ${name} "${before === undefined ? 'ha' : `&${before};`.repeat(10)}">`;
  });
  const document = `<?xml version="1.0"?><!DOCTYPE d [${all.join('')}]><w:p><w:t>&j; end</w:t></w:p>`;
  return zipOf({ '[Content_Types].xml': '', 'word/document.xml': document });
}

/** Elements in elements in elements. */
export const deep = (levels: number): Promise<Buffer> =>
  docx(`${'<w:x>'.repeat(levels)}<w:t>bottom</w:t>${'</w:x>'.repeat(levels)}`);

/** More text than anybody keeps. */
export const endless = (mebibytes: number): Promise<Buffer> =>
  docx(paragraph(run('word '.repeat((mebibytes * MIB) / 5))));

export function manyPages(pages: number): Buffer {
  return pdfOf(Array.from({ length: pages }, (_, at) => [`this is page ${at + 1} of too many`]));
}

/** A PDF with one page that unpacks to so much. */
export const packedPage = (mebibytes: number): Buffer =>
  pdfOf([[' '.repeat(mebibytes * MIB)]], { pack: true });

/** A page tree that has itself in it (ISO 32000-1, 7.7.3). */
export function loop(): Buffer {
  const whole = pdfOf([['in a circle']]).toString('latin1');
  return Buffer.from(whole.replace(/\/Kids \[\d+ 0 R\]/, '/Kids [2 0 R]'), 'latin1');
}

/** A page with more notes than words. */
export const manyNotes = (notes: number): Buffer =>
  markedPage(
    'a page',
    Array.from({ length: notes }, (_, at) => `/Subtype /Text /Contents (note ${at + 1} of too many)`),
  );

/** A mail of one word, each letter of which is eighteen when it is folded. */
export const oneWord = (letters: number): Buffer =>
  Buffer.from(
    `Subject: one word\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${'\ufdfa'.repeat(letters)}\r\n`,
  );

/** Every second page is none. */
export const holes = (pages: number): Buffer =>
  pagesOf(Array.from({ length: pages }, (_, at) => (at % 2 === 0 ? `page ${at + 1}` : null)));
