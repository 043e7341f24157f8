import { isBinary } from './encoding.ts';
import type { Hint } from './hint.ts';

export type Format = 'zip' | 'old-office' | 'rtf' | 'picture' | 'flat-document' | 'office-xml' | Hint;

const OLD_OFFICE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const ZIPS = [Buffer.from('PK\x03\x04'), Buffer.from('PK\x05\x06')];
/** What some programs put in front of the first sign of a text (UTF-8's byte order mark, as Latin-1 shows it). */
const MARK = /^\xef\xbb\xbf/;
/** What may stand in front of the first element. */
const FRONT = String.raw`^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->)[^])*-->\s*)*`;
const HTML = new RegExp(String.raw`${FRONT}<(?:!doctype\s+html|html|head|body)[\s>]`, 'i');
const DRAWING = new RegExp(
  String.raw`${FRONT}(?:<!doctype\s+svg[^>]*>\s*)?(?:<!--(?:(?!-->)[^])*-->\s*)*<svg[\s>]`,
  'i',
);
/** OpenDocument in one piece (ODF 1.3, part 3, chapter 3.1.2). */
const FLAT = /^\s*(?:<\?xml[^>]*>\s*)?<office:document\s/;
/** Office's documents of one piece: how they are opened, or their first element. */
const OFFICE = new RegExp(
  String.raw`${FRONT}(?:<\?mso-application progid="(?:Word\.Document|Excel\.Sheet)"\?>|<(?:\w+:)?Workbook\s[^>]*urn:schemas-microsoft-com:office:spreadsheet|<(?:pkg:package|w:wordDocument)\s)`,
);
/** A line that only mails have, at the beginning. */
const MAIL = /^(?:Received|Return-Path|Delivered-To|MIME-Version|Message-ID|X-[\w-]+): \S/i;
const MAIL_TOO = /^(?:From|Message-ID): \S/im;

/**
 * A saved page says that it is written as a mail (RFC 2557), in any order: Word's of one file, and Confluence's documents, which are called `.doc`.
 */
const FIELD = /^(?:Date|From|To|Subject|Message-ID|MIME-Version|Content-Type):/i;
const [VERSION, CONTENT] = [/^MIME-Version:[ \t]*1\.0/im, /^Content-Type:[ \t]*(?:multipart|text)\//im];

function isMail(text: string): boolean {
  if (MAIL.test(text) && MAIL_TOO.test(text)) return true;
  const head = text.slice(0, /\r?\n\r?\n/.exec(text)?.index);
  return FIELD.test(head) && VERSION.test(head) && CONTENT.test(head);
}

/** What a document is: by its first bytes, and where these leave it open, by what it calls itself. */
export function formatOf(beginning: Buffer, hint: Hint): Format {
  const text = beginning.toString('latin1').replace(MARK, '');
  if (ZIPS.some((mark) => beginning.subarray(0, mark.length).equals(mark))) return 'zip';
  if (beginning.subarray(0, OLD_OFFICE.length).equals(OLD_OFFICE)) return 'old-office';
  if (/^\s*\{\\rtf/.test(text)) return 'rtf';
  if (isPicture(text)) return 'picture';
  if (FLAT.test(text)) return 'flat-document';
  if (OFFICE.test(text)) return 'office-xml';
  if (isPdf(text, beginning, hint)) return 'pdf';
  if (hint !== 'text' && hint !== 'pdf') return hint;
  if (DRAWING.test(text)) return 'picture-text';
  if (HTML.test(text)) return 'html';
  if (isMail(text)) return 'mail';
  return 'text';
}

/**
 * Some bytes may stand in front of a PDF's mark (Adobe’s PDF Reference 1.7, appendix H, note 13). A text that speaks of PDF has the mark in
 * it, too: behind other bytes it counts where the name or the type says PDF, or where hardly a text has these bytes.
 */
function isPdf(text: string, beginning: Buffer, hint: Hint): boolean {
  const at = text.slice(0, 1_024).indexOf('%PDF-');
  if (at < 0) return false;
  return (
    text.slice(0, at).trim() === '' ||
    hint === 'pdf' ||
    (hint === 'text' && (beginning.includes(0) || isBinary(beginning)))
  );
}

/** What OCR can read: PNG, JPEG, BMP, TIFF, WebP, each by its first bytes. */
const PICTURES = ['\x89PNG\r\n\x1a\n', '\xff\xd8\xff', 'II*\0', 'MM\0*'];
/** The mark of a GIF is three letters and a number. Behind the size stands a nought (GIF89a specification, chapter 18: aspect). */
const GIF = /^GIF8[79]a.{0,6}\0/s;

function isPicture(text: string): boolean {
  const isWebp = text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP';
  const isBmp = text.startsWith('BM') && text.slice(6, 10) === '\0\0\0\0';
  return isWebp || isBmp || GIF.test(text) || PICTURES.some((mark) => text.startsWith(mark));
}
