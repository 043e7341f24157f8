/** Why a download failed, in one word that programs can compare. */
export type DownloadErrorCode =
  | 'no_url'
  | 'bad_url'
  | 'foreign_host'
  | 'too_many_redirects'
  | 'login_page'
  | 'refused_to_bots'
  | 'no_content'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'gone'
  | 'rate_limited'
  | 'slack_failed'
  | 'unexpected_answer'
  | 'wrong_length'
  | 'short_body'
  | 'long_body'
  | 'too_large'
  | 'stalled'
  | 'broken_off'
  | 'unreachable'
  | 'aborted';

/** A failed download from Slack. The message is one sentence for people, without the URL. */
export class DownloadError extends Error {
  readonly code: DownloadErrorCode;
  /** True when the same URL will not do better later: ask `files.info` what became of the file. */
  readonly permanent: boolean;
  /** How long Slack asked us to wait, in ms; null when it did not say. */
  readonly retryAfterMs: number | null;

  constructor(
    code: DownloadErrorCode,
    message: string,
    options: { permanent?: boolean; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'DownloadError';
    this.code = code;
    this.permanent = options.permanent ?? false;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** Turns what undici threw or its body emitted into a `DownloadError`. */
export function downloadError(error: unknown): DownloadError {
  if (error instanceof DownloadError) return error;
  const { code = '', name = '' } = (error ?? {}) as { code?: string; name?: string };
  const cause = error;
  if (name === 'AbortError' || name === 'TimeoutError')
    return new DownloadError('aborted', 'The download was stopped.', { cause });
  switch (code) {
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return new DownloadError('stalled', 'Slack stopped sending in the middle of the download.', { cause });
    case 'UND_ERR_SOCKET':
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
    case 'ERR_STREAM_PREMATURE_CLOSE':
    case 'HPE_INVALID_EOF_STATE':
      return new DownloadError('broken_off', 'The connection to Slack broke off during the download.', {
        cause,
      });
    default:
      return new DownloadError(
        'unreachable',
        `Slack's file host could not be reached (${code || name || 'unknown'}).`,
        { cause },
      );
  }
}
