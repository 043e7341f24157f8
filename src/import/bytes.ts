import { addAbortSignal, type Readable } from 'node:stream';
import { bodyBeginning } from '../capture/body-beginning.ts';
import { openDownload } from '../capture/download.ts';
import { DownloadError } from '../capture/download-errors.ts';
import { isWrongPage, JUDGED_BYTES } from '../capture/login-page.ts';
import type { Source } from '../capture/other-bodies.ts';
import type { FileRow } from '../catalog/model.ts';
import { declaredSize } from '../file-kinds.ts';
import type { Archive, ArchiveEntry } from './archive.ts';
import type { EntryIndex } from './entry-index.ts';

/** The archive has something under the file's name that is not the file. */
export type WrongBytes = 'wrong_length' | 'login_page';

/**
 * The file's bytes in the archive; undefined when it has none. Tools that were not let in by Slack wrote its sign-in page as
 * the file (seen in rusq/slackdump#107): what has another length than Slack said, or is such a page, is not taken.
 */
export async function bytesInArchive(
  archive: Archive,
  index: EntryIndex,
  file: FileRow,
  { path, signal }: { path: string | null; signal: AbortSignal },
): Promise<{ open(): Promise<Source> } | { wrong: WrongBytes } | undefined> {
  let wrong: WrongBytes | undefined;
  const declared = declaredSize(file);
  const entries = path === null ? index.ofFile(file.fileId) : [index.at(path)];
  for (const entry of entries.filter((one) => one !== undefined)) {
    if (declared !== null && entry.bytes !== declared) wrong = 'wrong_length';
    else if (await isPage(archive, entry, file, signal)) wrong = 'login_page';
    else return { open: () => openEntry(archive, entry, signal) };
  }
  return wrong === undefined ? undefined : { wrong };
}

async function isPage(
  archive: Archive,
  entry: ArchiveEntry,
  file: FileRow,
  signal: AbortSignal,
): Promise<boolean> {
  const body = addAbortSignal(signal, await archive.open(entry));
  try {
    const { bytes } = await bodyBeginning(body, () => JUDGED_BYTES);
    return isWrongPage(bytes, file, declaredSize(file) !== null);
  } finally {
    drop(body);
  }
}

async function openEntry(archive: Archive, entry: ArchiveEntry, signal: AbortSignal): Promise<Source> {
  // A disk that is far away may give nothing for a long time.
  const body = addAbortSignal(signal, await archive.open(entry));
  const { bytes, isWhole, body: again } = await bodyBeginning(body, () => JUDGED_BYTES);
  return { body: again ?? body, length: entry.bytes, contentType: null, beginning: bytes, isWhole };
}

function drop(body: Readable): void {
  body.on('error', () => {});
  body.destroy();
}

const STALL_MS = 60_000;

/**
 * Opens a file by the token in its own address. The token is sent to Slack's hosts and to nobody else. Throws
 * `DownloadError`.
 */
export function openByLink(
  link: string,
  file: FileRow,
  o: { allowedHosts: readonly string[]; maxBytes: number; signal: AbortSignal },
): Promise<Source> {
  return openDownload({ ...o, url: link, token: null, file: { ...file, url: link }, stallMs: STALL_MS });
}

/** Whether Slack says no to a link, so that only the bot's own token may help. */
export function isLinkRefused(error: unknown): boolean {
  const codes = [
    'login_page',
    'refused_to_bots',
    'unauthorized',
    'forbidden',
    'not_found',
    'gone',
    'foreign_host',
  ];
  return error instanceof DownloadError && codes.includes(error.code);
}
