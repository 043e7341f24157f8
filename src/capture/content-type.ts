import { fileTypeFromBuffer } from 'file-type';
import { isMade, isRendered, kindOf } from '../file-kinds.ts';
import { bareType, endingOf, typeOfName, writtenEnding } from '../file-names.ts';
import type { FileKind } from './login-page.ts';

const UNKNOWN = 'application/octet-stream';
/** Types that only mean "some bytes". Object stores have their own one. */
const TELLS_NOTHING = new Set([UNKNOWN, 'binary/octet-stream', 'application/x-binary', 'application/binary']);

/** The first bytes show these types. Without such bytes, a name that promises one of them is wrong. */
const TOLD_BY_BYTES = /^(?:image|audio|video|font)\/(?!svg)|^application\/(?:pdf|zip|gzip)$/;

/** Formats that many kinds of file use. For them the name says more. */
const CONTAINERS = new Set(['application/zip', 'application/x-cfb', 'application/xml', 'application/gzip']);

/** Are the first bytes needed to find out this file's type? */
export function needsBytes(file: FileKind): boolean {
  return !isMade(file) && TELLS_NOTHING.has(bareType(file.mimetype) ?? UNKNOWN);
}

/**
 * The content type to store a file with. A file that Slack makes has the type in the answer. An uploaded file has the
 * type that Slack states. If Slack states none, the first bytes and the name decide. If Slack calls the file binary,
 * only its bytes can decide, and only for a picture, a recording or a PDF.
 */
export async function contentTypeOf(
  file: FileKind,
  answer: { contentType: string | null; beginning: Buffer },
): Promise<string> {
  if (isMade(file)) return madeType(file, answer);
  const said = file.mimetype?.trim() || null;
  if (!needsBytes(file)) return said as string;
  const shown = (await fileTypeFromBuffer(answer.beginning))?.mime ?? null;
  if (said !== null && bareType(said) !== null) return shown !== null && isPlain(shown) ? shown : UNKNOWN;
  return typeByLooks(file.name, shown, answer);
}

function typeByLooks(
  name: string | null,
  shown: string | null,
  { contentType, beginning }: { contentType: string | null; beginning: Buffer },
): string {
  const named = typeOfName(name);
  if (shown !== null) return CONTAINERS.has(shown) && named !== null && !isPlain(named) ? named : shown;
  if (named !== null && !TOLD_BY_BYTES.test(named)) return named;
  const sent = bareType(contentType);
  if (sent !== null && !TELLS_NOTHING.has(sent) && !TOLD_BY_BYTES.test(sent)) return sent;
  return beginning.length > 0 && isText(beginning) ? 'text/plain' : UNKNOWN;
}

function isPlain(type: string): boolean {
  return /^(?:image|audio|video)\//.test(type) || type === 'application/pdf';
}

/**
 * A rendered file is HTML when the answer names no type, or a type of Slack's own that no program opens
 * (`application/vnd.slack-docs`). For a recording, the bytes and the address decide.
 */
async function madeType(
  file: FileKind,
  { contentType, beginning }: { contentType: string | null; beginning: Buffer },
): Promise<string> {
  const sent = bareType(contentType);
  if (sent !== null && !TELLS_NOTHING.has(sent) && !sent.includes('/vnd.slack-'))
    return (contentType as string).trim();
  if (isRendered(file)) return 'text/html';
  if (kindOf(file) === 'list') return 'text/csv';
  const shown = (await fileTypeFromBuffer(beginning))?.mime;
  if (shown !== undefined && /^(?:audio|video)\//.test(shown)) return shown;
  const path = file.url && URL.canParse(file.url) ? new URL(file.url).pathname : null;
  return typeOfName(path) ?? UNKNOWN;
}

/** Do these bytes look like UTF-8 text? The last character may be cut off. */
function isText(beginning: Buffer): boolean {
  const text = beginning.toString('utf8').replace(/\ufffd$/, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  return !/[\ufffd\u0000-\u0008\u000e-\u001a]/.test(text);
}

/** The file type for a content type, as Slack writes it. Undefined when Slack stated a file type. */
export function filetypeOf(file: FileKind, type: string): string | undefined {
  if (file.filetype) return undefined;
  const own = writtenEnding(file.name);
  return own !== undefined && typeOfName(file.name) === type ? own : (endingOf(type) ?? own);
}
