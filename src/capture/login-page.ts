import type { FileRow } from '../catalog/model.ts';

export type FileKind = Pick<FileRow, 'name' | 'mimetype' | 'filetype' | 'mode'>;

/** Kinds that Slack itself renders as HTML when they are downloaded; their `size` says nothing about that page. */
const RENDERED = new Set(['space', 'quip', 'canvas', 'docs', 'post', 'email']);

/** Does Slack render this file when it is fetched, so that its declared size does not count? */
export function isRendered(file: FileKind): boolean {
  return RENDERED.has(file.mode ?? '') || RENDERED.has(file.filetype ?? '');
}

/** May the bytes of this file be an HTML page? */
export function mayBeHtml(file: FileKind): boolean {
  return (
    isRendered(file) ||
    /html/i.test(file.mimetype ?? '') ||
    /^x?html?$/i.test(file.filetype ?? '') ||
    /\.(x?html?|mht|mhtml)$/i.test(file.name ?? '')
  );
}

/** Does this beginning of a body look like an HTML page? */
export function looksLikeHtml(beginning: Buffer): boolean {
  return /^\ufeff?\s*(<!--[^>]*-->\s*)*<(!doctype\s+html|html)[\s>]/i.test(
    beginning.toString('utf8', 0, 512),
  );
}

/** Is this Slack's own sign-in page? It carries the way back to the file that was asked for. */
export function looksLikeLogin(beginning: Buffer): boolean {
  return /redir=(%2f|\/)files|data-qa="signin|\/signin["?/]/i.test(beginning.toString('latin1', 0, 65_536));
}
