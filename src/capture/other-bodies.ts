import { Readable } from 'node:stream';
import type { FileFacts, FileRow } from '../catalog/model.ts';
import { isPermanent } from '../errors.ts';
import { isRendered, kindOf } from '../file-kinds.ts';
import type { Download } from './download.ts';
import { DownloadError } from './download-errors.ts';
import { isBlank } from './login-page.ts';

/** Bytes to store, and facts about the file that were learned while getting them. */
export interface Source extends Download {
  facts?: FileFacts;
}

/** Ways to get bytes that are not simply at the file's address. */
export interface OtherBodies {
  /**
   * The address of all rows of a list, with their threads; null when the app may not have them. It may take a
   * minute. Throws when Slack cannot answer right now.
   */
  listRows?: ((file: FileRow, signal?: AbortSignal) => Promise<{ url: string } | null>) | undefined;
  /** The text of an e-mail in Slack's file object, or null. Throws when Slack cannot answer right now. */
  mailText?: ((file: FileRow) => Promise<MailBody | null>) | undefined;
}

export interface MailBody {
  form: 'html' | 'plain' | 'preview';
  type: 'text/html' | 'text/plain';
  text: string;
}

/** Errors that mean: not at this address, but perhaps somewhere else. */
const NOT_HERE: ReadonlySet<string> = new Set([
  ...['login_page', 'refused_to_bots', 'forbidden', 'not_found', 'gone'],
  ...['unauthorized', 'foreign_host', 'bad_url'],
]);

/** Those that are final for an e-mail at once. */
const AT_ONCE: ReadonlySet<string> = new Set(['login_page', 'refused_to_bots', 'forbidden']);

/**
 * Opens what is stored for a file: its bytes; for a list all rows, or else its default view; for an e-mail its page,
 * or else its text. Throws `DownloadError`, and what `other` throws.
 */
export async function openSource(
  file: FileRow,
  open: (url: string) => Promise<Download>,
  other: OtherBodies,
  o: { rows: { url: string } | null; maxBytes?: number | undefined },
): Promise<Source> {
  if (kindOf(file) === 'list') return openList(file, open, o.rows);
  if (file.url === null)
    throw new DownloadError('no_url', 'Slack gave no address to download this file from.', {
      permanent: true,
    });
  if (kindOf(file) === 'email') return openMail(file, file.url, open, other, o.maxBytes);
  const download = await open(file.url);
  return isRendered(file)
    ? { ...download, facts: { blank: isBlank(download.beginning, download.isWhole) } }
    : download;
}

async function openList(
  file: FileRow,
  open: (url: string) => Promise<Download>,
  rows: { url: string } | null,
): Promise<Source> {
  if (rows !== null) {
    try {
      const all = await open(rows.url);
      return { ...all, contentType: all.contentType ?? 'application/json', facts: { listRows: 'all' } };
    } catch (error) {
      if (!(error instanceof DownloadError) || !NOT_HERE.has(error.code)) throw error;
    }
  }
  if (file.url === null)
    throw new DownloadError('no_content', 'Slack offers no rows of this list to the app.', {
      permanent: true,
    });
  return { ...(await open(file.url)), facts: { listRows: 'default_view' } };
}

async function openMail(
  file: FileRow,
  url: string,
  open: (url: string) => Promise<Download>,
  { mailText }: OtherBodies,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<Source> {
  try {
    const page = await open(url);
    return { ...page, facts: { mailBody: 'page', blank: isBlank(page.beginning, page.isWhole) } };
  } catch (error) {
    const isElsewhere = error instanceof DownloadError && NOT_HERE.has(error.code);
    // At the first attempt, the page may just not be there yet.
    if (!isElsewhere || (file.attempts <= 1 && !AT_ONCE.has(error.code))) throw error;
    // If Slack does not know the e-mail any more, the first error counts.
    const body = await mailText?.(file).catch((refused: unknown) => {
      if (isPermanent(refused)) return null;
      throw refused;
    });
    if (!body) throw error;
    const bytes = Buffer.from(body.text, 'utf8');
    if (bytes.length > maxBytes)
      throw new DownloadError('too_large', `The file has ${bytes.length} bytes; ${maxBytes} are allowed.`, {
        permanent: true,
      });
    return {
      ...{ body: Readable.from([bytes], { objectMode: false }), length: bytes.length },
      ...{ contentType: `${body.type}; charset=utf-8`, beginning: bytes, isWhole: true },
      facts: { mailBody: body.form, blank: false },
    };
  }
}
