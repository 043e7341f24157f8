import { type Format, formatOf } from './format.ts';
import type { Hint } from './hint.ts';
import { readHtml } from './html.ts';
import { readJson } from './json.ts';
import type { Limits } from './limits.ts';
import { Enough, type Output } from './output.ts';
import { readPictureText } from './picture-text.ts';
import { readPlain } from './plain.ts';
import type { Source } from './source.ts';

/** What a format is told by. In bytes. */
export const BEGINNING = 4_096;

/**
 * Reads a document into `out`. Returns what kept it from reading all; null when nothing did. Each format's code is loaded only
 * when it is needed: most documents are short, and the process is new for each.
 */
export async function extract(
  source: Source,
  hint: Hint,
  out: Output,
  limits: ExtractLimits,
): Promise<Enough['reason'] | null> {
  const format = formatOf(await source.read(0, BEGINNING), hint);
  try {
    await READERS[format](source, out, limits);
    out.end();
    return null;
  } catch (error) {
    out.end();
    if (error instanceof Enough) return error.reason;
    throw error;
  }
}

export interface ExtractLimits extends Pick<Limits, 'unpackedBytes'> {
  /** The languages of pictures and scans, as Tesseract takes them (`eng+deu`); empty: they are not read. */
  ocr?: string;
}

const READERS: Record<Format, (source: Source, out: Output, limits: ExtractLimits) => Promise<void>> = {
  text: readPlain,
  json: readJson,
  html: readHtml,
  'picture-text': readPictureText,
  list: async (source, out) => (await import('./list.ts')).readList(source, out),
  mail: async (source, out) => (await import('./mail.ts')).readMail(source, out),
  pdf: async (source, out, { ocr = '' }) => (await import('./pdf.ts')).readPdf(source, out, ocr),
  zip: async (source, out, { unpackedBytes }) =>
    (await import('./packed.ts')).readPacked(source, out, unpackedBytes),
  'old-office': async (source) => (await import('./old-office.ts')).refuseOldOffice(source),
  picture: async (source, out, { ocr = '' }) => (await import('./picture.ts')).readPicture(source, out, ocr),
  'flat-document': async (source, out) => (await import('./open-document.ts')).readFlatDocument(source, out),
  'office-xml': async (source, out) => (await import('./office-xml.ts')).readOfficeXml(source, out),
  rtf: async (source, out) => (await import('./rtf.ts')).readRtf(source, out),
};
