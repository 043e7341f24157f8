import { type Logger, pino } from 'pino';
import { deliveryNow } from './delivery-id.ts';
import { createOutageFilter, type OutageFilter, type OutagePart } from './log-outages.ts';

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
  // JSON writes it as a moment, also one that is none (null). Its own fields are none at all.
  if (value instanceof Date) return value.toJSON();
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

const filters = new WeakMap<Log, OutageFilter>();

const NAMES: Record<OutagePart, string> = { database: 'the database', bucket: 'the bucket', slack: 'Slack' };

/** A part has answered. If the log said that it was away, one line says that it is back. `log` is what `createLog` gave. */
export function noteAnswer(log: Log, part: OutagePart): void {
  const over = filters.get(log)?.answered(part);
  if (over)
    log.info({ part, seconds: Math.round(over.ms / 1_000), times: over.times }, `${NAMES[part]} works again`);
}

/** Warnings and errors; a fatal line is the last one and always written. */
const isTrouble = (level: number) => level === 40 || level === 50;

/**
 * The one logger: JSON lines on stdout, with tokens and private URLs taken out of every value. While the catalog's
 * database, the bucket or Slack is away, one line a minute says so, whatever meets it. A line that is written while a
 * delivery of Slack is worked on carries its id as `delivery`.
 * `VAULT_LOG_LEVEL` (debug, info, warn, error) sets how much is logged.
 */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const outages = createOutageFilter();
  const options = {
    level,
    base: null,
    mixin: () => {
      const delivery = deliveryNow();
      return delivery === undefined ? {} : { delivery };
    },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: (error: unknown) => error },
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (object: object) => scrub(object) as Record<string, unknown>,
    },
    hooks: {
      logMethod(args: unknown[], method: (...args: unknown[]) => void, level: number) {
        const [about, text] = args as [{ code?: unknown; err?: unknown } | undefined, unknown];
        const { code, err } = typeof about === 'object' && about !== null ? about : {};
        const again = (times: number) =>
          method.apply(this, [{ code, times }, scrub(err instanceof Error ? err.message : text)]);
        if (isTrouble(level) && !outages.isNews({ code, text }, again)) return;
        method.apply(
          this,
          args.map((arg) => (typeof arg === 'string' ? scrub(arg) : arg)),
        );
      },
    },
  };
  const log: Log = destination ? pino(options as never, destination) : pino(options as never);
  filters.set(log, outages);
  return log;
}
