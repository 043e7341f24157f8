import { connectionProblem } from '../connection-problem.ts';
import { RetryableError } from '../errors.ts';

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
  | 'way_blocked'
  | 'aborted';

/**
 * A failed download from Slack. The message is one sentence for people, without the URL. After a permanent error, ask
 * `files.info` what happened to the file.
 */
export class DownloadError extends RetryableError {
  declare readonly code: DownloadErrorCode;

  constructor(
    code: DownloadErrorCode,
    message: string,
    options: { permanent?: boolean; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(code, message, options);
    this.name = 'DownloadError';
  }
}

/** Turns what undici threw or its body emitted into a `DownloadError`. */
export function downloadError(error: unknown): DownloadError {
  if (error instanceof DownloadError) return error;
  const { code = '', name = '' } = (error ?? {}) as { code?: string; name?: string };
  const cause = error;
  if (name === 'AbortError' || name === 'TimeoutError')
    return new DownloadError('aborted', 'The download was stopped.', { cause });
  const problem = connectionProblem(error, { what: "Slack's file host", setting: 'SLACK_API_URL' });
  if (problem) return new DownloadError('way_blocked', problem.sentence, { cause });
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

/** True for a download that Slack refuses for good. Permanent errors of Slack's methods mean something else. */
export function isRefused(error: unknown): boolean {
  return error instanceof DownloadError && error.permanent;
}
