import { type Logger, pino } from 'pino';

export type Log = Logger;

/** Keys whose values are secrets or capabilities, anywhere in a log line. */
const SECRET_KEYS =
  /^(token|.*_token|.*secret.*|authorization|cookie|password|response_url.*|trigger_id|url_private.*|url|.*Url|permalink_public)$/i;

/** Secrets inside free text: Slack tokens, private file URLs, signed URLs, hooks, passwords in connection strings. */
const SECRET_TEXT: Array<[RegExp, string]> = [
  [/\bx(?:ox[a-z]|app)-[\w-]+/g, '[token]'],
  [
    /\b(?:https?|wss?):\/\/[^\s"'<>]*(?:files-(?:pri|tmb|email-priv)|X-Amz-|hooks\.slack|\/actions\/|\/commands\/|\/response|ticket=)[^\s"'<>]*/gi,
    '[private url]',
  ],
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]+):[^\s@/]+@/gi, '$1:[secret]@'],
];

/**
 * Takes the secrets out of a value before it is logged. Depth is limited, so a cyclic or huge value cannot hang or
 * flood the log.
 */
export function scrub(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') {
    return SECRET_TEXT.reduce((text, [pattern, mark]) => text.replace(pattern, mark), value);
  }
  if (value === null || typeof value !== 'object') return value;
  if (depth > 6) return '[deep]';
  if (value instanceof Error) return scrubError(value, depth);
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => scrub(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      SECRET_KEYS.test(key) && item != null ? '[secret]' : scrub(item, depth + 1),
    ]),
  );
}

function scrubError(error: Error, depth: number): Record<string, unknown> {
  const { code, details } = error as { code?: unknown; details?: unknown };
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    message: scrub(error.message),
    ...(details === undefined ? {} : { details: scrub(details, depth + 1) }),
    stack: scrub(error.stack),
    ...(error.cause === undefined ? {} : { cause: scrub(error.cause, depth + 1) }),
  };
}

/**
 * The one logger: JSON lines on stdout, with tokens and private URLs taken out of every value.
 * `VAULT_LOG_LEVEL` (debug, info, warn, error) sets how much is logged.
 */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: (error: unknown) => error },
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (object: object) => scrub(object) as Record<string, unknown>,
    },
    hooks: {
      logMethod(args: unknown[], method: (...args: unknown[]) => void) {
        method.apply(
          this,
          args.map((arg) => (typeof arg === 'string' ? scrub(arg) : arg)),
        );
      },
    },
  };
  return destination ? pino(options as never, destination) : pino(options as never);
}
