import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { connectionProblem, type Peer } from '../connection-problem.ts';
import { RetryableError } from '../errors.ts';

/** Slack refused, or could not be reached. `code` is Slack's own error name, or one of ours for the transport. */
export class SlackApiError extends RetryableError {
  readonly method: string;
  /** True when Slack may have done the call although no answer came. */
  readonly uncertain: boolean;
  /** For the log: Slack's name for the request, if an answer came. */
  details?: { requestId: string };

  constructor(
    method: string,
    code: string,
    about: {
      /** The same call may succeed later. Otherwise Slack's refusal counts as final. */
      temporary?: boolean;
      uncertain?: boolean;
      retryAfterMs?: number;
      detail?: string;
      cause?: unknown;
    } = {},
  ) {
    super(code, `Slack's ${method} failed: ${code}${about.detail ? ` (${about.detail})` : ''}`, {
      ...{ cause: about.cause, retryAfterMs: about.retryAfterMs, permanent: about.temporary !== true },
    });
    this.name = 'SlackApiError';
    this.method = method;
    this.uncertain = about.uncertain ?? false;
  }
}

/** Slack, in sentences about a connection. */
export const SLACK: Peer = { what: 'Slack', setting: 'SLACK_API_URL' };

/** The code for an answer that did not come from Slack, or that lacks a required field. */
export const UNEXPECTED = 'unexpected_answer';

/** The form of Slack's error names. Any other text was not written by Slack. */
const ERROR_NAME = /^[a-z0-9_.]{1,80}$/;

/** True if this can be the name of a Slack error. A proxy's web page is not one. */
export function isErrorName(value: unknown): value is string {
  return typeof value === 'string' && ERROR_NAME.test(value);
}

/**
 * Refusals of Slack that pass by themselves. Source: docs.slack.dev/reference/methods/chat.postMessage, chat.update and
 * conversations.history, "Errors". Slack writes its rate limit in both ways.
 */
const TEMPORARY = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'org_login_required',
  'external_channel_migrating',
  'update_failed',
]);
const LIMITS = new Set(['ratelimited', 'rate_limited']);
/**
 * How long to wait after a limit without a time: a minute, because every limit counts per minute, unless it is so high
 * that some seconds do ("hundreds of requests per minute": docs.slack.dev/reference/methods/auth.test).
 */
const LIMIT_MS: Record<string, number> = { 'auth.test': 5_000 };

/** For what is no Slack answer: a proxy's page, an empty body, other JSON. It may hold anything, so it is not kept. */
export function unexpectedAnswer(method: string): SlackApiError {
  return new SlackApiError(method, UNEXPECTED, { temporary: true, uncertain: true });
}

/**
 * Turns what `@slack/web-api` threw into a `SlackApiError`. If a body is not JSON, version 8.2 puts all of it into
 * `error`. For JSON that is not an object, and for a body that breaks off, it throws plain errors.
 */
export function asSlackApiError(method: string, error: unknown): SlackApiError {
  if (error instanceof SlackApiError) return error;
  if (error instanceof WebAPIPlatformError) return refusal(method, error.data);
  if (error instanceof WebAPIRateLimitedError) {
    return new SlackApiError(method, 'ratelimited', {
      temporary: true,
      retryAfterMs: error.retryAfter * 1_000,
    });
  }
  // Slack answers with 200, 429 and, when it has problems, 5xx. Others come from a proxy or a captive portal.
  if (error instanceof WebAPIHTTPError) {
    return new SlackApiError(method, `http_${error.statusCode}`, {
      temporary: true,
      uncertain: error.statusCode >= 500 || error.statusCode === 408,
    });
  }
  if (error instanceof WebAPIRequestError) {
    const problem = connectionProblem(error.original, SLACK);
    return new SlackApiError(method, problem ? 'way_blocked' : 'unreachable', {
      temporary: true,
      // To a proxy that lets nothing through, and without trust, nothing was sent.
      uncertain: problem === undefined || problem.passing,
      ...(problem && { detail: problem.sentence }),
      cause: error.original,
    });
  }
  // For a 429 without a time to wait, the client throws a plain error.
  if (error instanceof Error && error.message.includes('Retry header')) {
    return new SlackApiError(method, 'ratelimited', { temporary: true, retryAfterMs: 5_000 });
  }
  return unexpectedAnswer(method);
}

function refusal(method: string, data: unknown): SlackApiError {
  const {
    error: code,
    needed,
    response_metadata: more,
  } = (data ?? {}) as { error?: unknown; needed?: unknown; response_metadata?: { messages?: unknown } };
  if (!isErrorName(code)) return unexpectedAnswer(method);
  const messages = Array.isArray(more?.messages) ? more.messages.join('; ').slice(0, 300) : '';
  const detail = typeof needed === 'string' ? `needs the scope ${needed.slice(0, 100)}` : messages;
  return new SlackApiError(method, code, {
    temporary: TEMPORARY.has(code),
    ...(detail ? { detail } : {}),
    // Slack reports some limits inside a 200, without a time to wait.
    ...(LIMITS.has(code) ? { retryAfterMs: LIMIT_MS[method] ?? 60_000 } : {}),
  });
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields that an answer must have, for the methods whose answers the vault reads. */
const ASKED: Record<string, Record<string, (value: unknown, told: Record<string, unknown>) => boolean>> = {
  // The token of a whole organisation may be of no workspace.
  'auth.test': { team_id: (id, { enterprise_id }) => isText(id) || isText(enterprise_id), user_id: isText },
  'auth.teams.list': { teams: Array.isArray },
  'files.info': { file: isObject },
  'files.list': { files: Array.isArray },
  'bookmarks.list': { bookmarks: Array.isArray },
  'conversations.history': { messages: Array.isArray },
  'conversations.replies': { messages: Array.isArray },
  'conversations.info': { channel: isObject },
  'conversations.list': { channels: Array.isArray },
  'conversations.open': { channel: isObject },
  'users.conversations': { channels: Array.isArray },
  'conversations.members': { members: Array.isArray },
  'users.info': { user: isObject },
  'users.list': { members: Array.isArray },
  'chat.postMessage': { ts: isText },
  'views.open': { view: isObject },
  'views.push': { view: isObject },
};

/** Throws `unexpected_answer` unless the answer is `ok` and has the fields of this method. */
export function checkAnswer(method: string, answer: unknown): void {
  const told = answer as Record<string, unknown>;
  const asked = Object.entries(ASKED[method] ?? {});
  if (told?.ok !== true || !asked.every(([field, fits]) => fits(told[field], told)))
    throw unexpectedAnswer(method);
}
