import type { Hint } from './hint.ts';

export type Format = 'pdf' | 'zip' | 'old-office' | 'rtf' | 'picture' | 'flat-document' | Hint;

const OLD_OFFICE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const ZIPS = [Buffer.from('PK\x03\x04'), Buffer.from('PK\x05\x06')];
const HTML = /^\s*(?:<!--[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)[\s>]/i;
const DRAWING = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+svg[^>]*>\s*)?<svg[\s>]/i;
/** OpenDocument in one piece (ODF 1.3, part 3, chapter 3.1.2). */
const FLAT = /^\s*(?:<\?xml[^>]*>\s*)?<office:document\s/;
/** A line that only mails have, at the beginning. */
const MAIL = /^(?:Received|Return-Path|Delivered-To|MIME-Version|Message-ID|X-[\w-]+): \S/i;
const MAIL_TOO = /^(?:From|Message-ID): \S/im;

/** What a document is: by its first bytes, and where these leave it open, by what it calls itself. */
export function formatOf(beginning: Buffer, hint: Hint): Format {
  const text = beginning.toString('latin1');
  // Some bytes may stand in front of it (Adobe’s PDF Reference 1.7, appendix H, note 13).
  if (text.slice(0, 1_024).includes('%PDF-')) return 'pdf';
  if (ZIPS.some((mark) => beginning.subarray(0, mark.length).equals(mark))) return 'zip';
  if (beginning.subarray(0, OLD_OFFICE.length).equals(OLD_OFFICE)) return 'old-office';
  if (text.startsWith('{\\rtf')) return 'rtf';
  if (isPicture(text)) return 'picture';
  if (FLAT.test(text)) return 'flat-document';
  if (hint !== 'text') return hint;
  if (DRAWING.test(text)) return 'picture-text';
  if (HTML.test(text)) return 'html';
  if (MAIL.test(text) && MAIL_TOO.test(text)) return 'mail';
  return 'text';
}

/** What OCR can read: PNG, JPEG, GIF, BMP, TIFF, WebP, each by its first bytes. */
const PICTURES = ['\x89PNG\r\n\x1a\n', '\xff\xd8\xff', 'GIF87a', 'GIF89a', 'II*\0', 'MM\0*'];

function isPicture(text: string): boolean {
  const isWebp = text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP';
  const isBmp = text.startsWith('BM') && text.slice(6, 10) === '\0\0\0\0';
  return isWebp || isBmp || PICTURES.some((mark) => text.startsWith(mark));
}
