import { fileTypeFromBuffer } from 'file-type';
import { isMade, isRendered, kindOf } from '../file-kinds.ts';
import { bareType, endingOf, typeOfName, writtenEnding } from '../file-names.ts';
import type { FileKind } from './login-page.ts';

const UNKNOWN = 'application/octet-stream';
/** Words for "some bytes": stores of objects have one of their own. */
const TELLS_NOTHING = new Set([UNKNOWN, 'binary/octet-stream', 'application/x-binary', 'application/binary']);

/** Families that have signs of their own in their first bytes: without them a name that promises one is wrong. */
const TOLD_BY_BYTES = /^(?:image|audio|video|font)\/(?!svg)|^application\/(?:pdf|zip|gzip)$/;

/** Forms in which many kinds of file come: there the name says more. */
const CONTAINERS = new Set(['application/zip', 'application/x-cfb', 'application/xml', 'application/gzip']);

/** Must the first bytes be looked at to tell this file's type? */
export function needsBytes(file: FileKind): boolean {
  return !isMade(file) && TELLS_NOTHING.has(bareType(file.mimetype) ?? UNKNOWN);
}

/**
 * The content type to store a file with. What Slack makes when asked is what its answer says; what was uploaded is what
 * Slack says of it. Where that says nothing, the first bytes and the name tell; of a file that Slack calls binary only
 * bytes that show a picture, a recording or a PDF.
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
 * Rendered files are HTML where the answer does not say, or says a word of Slack's own that no program opens
 * (`application/vnd.slack-docs`); of a recording its bytes and its address tell.
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

/** Text in UTF-8, as far as these bytes show; a character may be cut at their end. */
function isText(beginning: Buffer): boolean {
  const text = beginning.toString('utf8').replace(/\ufffd$/, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  return !/[\ufffd\u0000-\u0008\u000e-\u001a]/.test(text);
}

/** The file type that goes with a content type, in Slack's manner, for a file of which Slack told none. */
export function filetypeOf(file: FileKind, type: string): string | undefined {
  if (file.filetype) return undefined;
  const own = writtenEnding(file.name);
  return own !== undefined && typeOfName(file.name) === type ? own : (endingOf(type) ?? own);
}
