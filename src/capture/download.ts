import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { declaredSize, isMade } from '../file-kinds.ts';
import { bareType } from '../file-names.ts';
import { sharedDispatcher } from '../network/web.ts';
import { bodyBeginning } from './body-beginning.ts';
import { DownloadError, type DownloadErrorCode, downloadError } from './download-errors.ts';
import { type FileKind, isWrongPage, JUDGED_BYTES, mayBeHtml, maySayHtml } from './login-page.ts';
import { mayHaveToken } from './slack-hosts.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** The longest `Retry-After` that is followed, in ms. */
const MAX_RETRY_AFTER_MS = 60 * 60 * 1000;
const DISCARD_BYTES = 64 * 1024;
/** Where a page is not expected, this many bytes show whether a page begins. */
const TOLD_BY_BYTES = 512;

export interface DownloadRequest {
  url: string;
  /** Null: the address opens it by itself. */
  token: string | null;
  /** Hosts that may get the token besides Slack's own (the host of `SLACK_API_URL`). */
  allowedHosts: readonly string[];
  /** What Slack says about the file. It tells an HTML file from a login page, and a whole body from a wrong one. */
  file: FileKind & { size: number | null };
  maxBytes?: number | undefined;
  /** Also returns the beginning of the body, so that the caller can find out the type. */
  wantsBeginning?: boolean | undefined;
  /** How long Slack may send nothing while we are ready to read, in ms. */
  stallMs: number;
  signal?: AbortSignal | undefined;
  dispatcher?: Dispatcher | undefined;
}

export interface Download {
  /** The bytes as they come. If the stream breaks off, it emits an error that `downloadError` understands. */
  body: Readable;
  /** In bytes; null when neither the answer nor the file object says. */
  length: number | null;
  contentType: string | null;
  /** The first bytes, up to 64 KiB. `isWhole`: these are all bytes. */
  beginning: Buffer;
  isWhole: boolean;
}

/**
 * Starts a download from Slack: follows redirects by hand, sends the token to Slack's hosts alone, and looks at the
 * first bytes, so that a login page is not taken for the file. Throws `DownloadError`.
 */
export async function openDownload(wanted: DownloadRequest): Promise<Download> {
  try {
    const answer = await follow(wanted);
    try {
      return await inspect(answer, wanted);
    } catch (error) {
      drop(answer.body);
      throw error;
    }
  } catch (error) {
    throw downloadError(error);
  }
}

async function follow(wanted: DownloadRequest): Promise<Dispatcher.ResponseData> {
  let url = parse(wanted.url);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    if (!mayHaveToken(url, wanted.allowedHosts))
      throw new DownloadError(
        'foreign_host',
        `The download leads to ${url.protocol}//${url.host}, which is not Slack's; the token was not sent there.`,
      );
    const answer = await ask(url, wanted);
    if (!REDIRECTS.has(answer.statusCode)) return answer;
    await discard(answer);
    url = parse(String(answer.headers.location ?? ''), url);
    if (url.searchParams.has('redir')) throw await sentToSignIn(url, wanted);
  }
  throw new DownloadError(
    'too_many_redirects',
    `Slack redirected the download more than ${MAX_REDIRECTS} times.`,
  );
}

function ask(url: URL, wanted: DownloadRequest): Promise<Dispatcher.ResponseData> {
  const dispatcher = wanted.dispatcher ?? sharedDispatcher();
  return dispatcher.request({
    ...{ origin: url.origin, path: url.pathname + url.search, method: 'GET' },
    headers: {
      ...(wanted.token === null ? {} : { authorization: `Bearer ${wanted.token}` }),
      'accept-encoding': 'identity',
      'user-agent': 'ria-vault',
    },
    headersTimeout: wanted.stallMs,
    bodyTimeout: wanted.stallMs,
    signal: wanted.signal ?? null,
  });
}

async function discard(answer: Dispatcher.ResponseData): Promise<void> {
  // A body can still break when nobody reads it any more.
  answer.body.on('error', () => {});
  await answer.body.dump({ limit: DISCARD_BYTES });
}

/**
 * Slack sends an unknown caller to its sign-in page. It sends a known bot that it refuses there too, and that page
 * answers 403: seen with the transcripts of huddles, measured with a bot token in 2026. So the status tells which.
 */
async function sentToSignIn(url: URL, wanted: DownloadRequest): Promise<DownloadError> {
  if (!mayHaveToken(url, wanted.allowedHosts)) return loginPage();
  try {
    const answer = await ask(url, wanted);
    await discard(answer);
    return answer.statusCode === 403 ? refusedToBots() : loginPage();
  } catch (error) {
    const failed = downloadError(error);
    return failed.code === 'aborted' ? failed : loginPage();
  }
}

async function inspect(answer: Dispatcher.ResponseData, wanted: DownloadRequest): Promise<Download> {
  if (answer.statusCode !== 200) throw refusal(answer);
  const { headers, body } = answer;
  const { file, maxBytes = Number.POSITIVE_INFINITY } = wanted;
  const contentType = single(headers['content-type']);
  const sent = headers['content-length'] === undefined ? null : Number(single(headers['content-length']));
  const declared = declaredSize(file);

  const encoding = single(headers['content-encoding']);
  if (encoding && encoding !== 'identity')
    throw new DownloadError(
      'unexpected_answer',
      `Slack sent the file encoded (${encoding}), although it was not asked to.`,
    );
  const length = sent ?? declared;
  const isExact = sent !== null && sent === declared;
  // For a file without a type, a page of exactly its length is the file.
  const isUntold = isExact && bareType(file.mimetype) === null;
  if (/^text\/html\b/i.test(contentType ?? '') && !mayBeHtml(file) && !isUntold) throw loginPage();
  const peek =
    length === 0 ? NOTHING : await bodyBeginning(body, (first) => bytesToSee(first, wanted, isExact));
  const { bytes, isWhole } = peek;
  // A chunked answer states no length. A short body is counted here, a longer one while it is read to its end.
  const isCounted = sent === null && (isWhole ? bytes.length === declared : isLongPage(file, declared));
  if (isWrongPage(bytes, file, isExact || isCounted)) {
    drop(peek.body ?? body);
    throw loginPage();
  }
  if (sent !== null && declared !== null && sent !== declared)
    throw new DownloadError('wrong_length', `Slack announced ${sent} bytes, but the file has ${declared}.`);
  if (length !== null && length > maxBytes)
    throw new DownloadError('too_large', `The file has ${length} bytes; ${maxBytes} are allowed.`, {
      permanent: true,
    });
  return { body: peek.body ?? body, length, contentType, beginning: bytes, isWhole };
}

/** An uploaded page may be a saved sign-in page. If it is too long to judge here, it must have the declared length. */
function isLongPage(file: FileKind, declared: number | null): boolean {
  return mayBeHtml(file) && declared !== null && declared > JUDGED_BYTES;
}

const NOTHING = { bytes: Buffer.alloc(0), isWhole: true, body: null };

/** A page is told from a file by the first 64 KiB. For an ordinary file far fewer bytes do, and they come at once. */
function bytesToSee(first: Buffer, wanted: DownloadRequest, isExact: boolean): number {
  if (wanted.wantsBeginning) return JUDGED_BYTES;
  if (isExact) return 0;
  const { file } = wanted;
  return mayBeHtml(file) || isMade(file) || maySayHtml(first) ? JUDGED_BYTES : TOLD_BY_BYTES;
}

function refusal({ statusCode, headers }: Dispatcher.ResponseData): DownloadError {
  const permanent: Record<number, DownloadErrorCode> = {
    401: 'unauthorized',
    403: 'forbidden',
    404: 'not_found',
    410: 'gone',
  };
  const code = permanent[statusCode];
  if (code)
    return new DownloadError(code, `Slack refused the download (${statusCode}).`, { permanent: true });
  const retryAfterMs = parseRetryAfter(single(headers['retry-after']));
  if (statusCode === 429)
    return new DownloadError('rate_limited', 'Slack asks to download more slowly (429).', { retryAfterMs });
  if (statusCode >= 500)
    return new DownloadError('slack_failed', `Slack's file host failed (${statusCode}).`, { retryAfterMs });
  return new DownloadError('unexpected_answer', `Slack answered the download with status ${statusCode}.`);
}

/** `Retry-After` in ms from now, at most an hour. It is seconds or a date (RFC 9110, 10.2.3); else null. */
export function parseRetryAfter(value: string | null, now = Date.now()): number | null {
  if (value === null || value.trim() === '') return null;
  const ms = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

function loginPage(): DownloadError {
  return new DownloadError(
    'login_page',
    'Slack sent its login page instead of the file; the app may lack the scope files:read or need to be reinstalled.',
  );
}

function refusedToBots(): DownloadError {
  return new DownloadError('refused_to_bots', 'Slack shows this file to people, and to no bot.', {
    permanent: true,
  });
}

function parse(url: string, base?: URL): URL {
  if (!URL.canParse(url, base))
    throw new DownloadError('bad_url', 'Slack gave an address for the file that is none.');
  return new URL(url, base);
}

function single(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

function drop(body: Readable): void {
  body.on('error', () => {});
  body.destroy();
}
