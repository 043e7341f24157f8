/** While one outage lasts, its lines are written this often. */
const EVERY_MS = 60_000;

/** An answer within this time after a failure does not mean that all works again: other requests may still fail. */
const SETTLED_MS = 15_000;

/** What may be away for long, so that whoever needs it meets the same trouble again and again. */
export type OutagePart = 'database' | 'bucket' | 'slack';

/** Codes that say that the catalog's database cannot be used now: one outage, whatever meets it. Node's is SQLite's. */
const OUTAGE = /^(catalog_(unreachable|blocked|slow|failed|denied|tls|read_only)|ERR_SQLITE_ERROR)$/;
/** PostgreSQL's codes of five signs. Those of these classes are an outage, too; the others are about what was asked. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;
const OUTAGE_STATE = /^(08|25|28|53|55|57|58|XX)/;
/** The bucket, for whatever is to be stored, read or removed; see storage/error-codes.ts. */
const BUCKET =
  /^bucket_(missing|forbidden|credentials|region|unreachable|stalled|busy|clock|full|refused|unable|not_s3|proxy|untrusted|kms|failed|away)$/;
/** Slack, or its file host, for whatever is asked of it; see slack/api-error.ts and capture/download-errors.ts. */
const SLACK =
  /^(unreachable|way_blocked|http_5\d\d|unexpected_answer|slack_failed|unauthorized|rate_?limited|internal_error|fatal_error|service_unavailable|request_timeout|invalid_auth|not_authed|token_(revoked|expired)|account_inactive)$/;

/** Lines with the same name are about the same trouble; undefined for lines that are always written. */
function nameOf(code: unknown, text: unknown): { name: string; part: OutagePart } | undefined {
  if (typeof code !== 'string') return undefined;
  if (OUTAGE.test(code)) return { name: code, part: 'database' };
  if (BUCKET.test(code)) return { name: code, part: 'bucket' };
  if (SLACK.test(code)) return { name: code, part: 'slack' };
  if (!SQLSTATE.test(code)) return undefined;
  return { name: OUTAGE_STATE.test(code) ? code : `${code} ${text}`, part: 'database' };
}

/** What is known of an outage that has a line in the log already. */
interface Told {
  part: OutagePart;
  /** Lines that were left out since the last one. */
  times: number;
  /** Writes one line that stands for them. */
  write(times: number): void;
  timer: NodeJS.Timeout;
}

export interface OutageFilter {
  /**
   * True for a line to write now. Otherwise `write` may be called later, for all lines that were left out: one a minute.
   */
  isNews(line: { code: unknown; text: unknown }, write: (times: number) => void): boolean;
  /**
   * The part has answered. If the log told that it did not, and nothing has failed there for a moment, returns how long
   * the trouble lasted (ms) and how many lines there would have been; else null.
   */
  answered(part: OutagePart): { ms: number; times: number } | null;
}

/**
 * Decides which lines about an outage are written: the first, and then one a minute that counts those left out. Many
 * loops try again each second, and would fill a disk while PostgreSQL is away; and ten thousand files may wait for the
 * bucket. Source of the classes: postgresql.org/docs/current/errcodes-appendix.html.
 */
export function createOutageFilter(): OutageFilter {
  const told = new Map<string, Told>();
  /** The trouble of each part since it last answered. */
  const trouble = new Map<OutagePart, { since: number; last: number; times: number }>();

  function later(name: string, one: Told): void {
    one.timer = setTimeout(() => {
      if (one.times === 0) {
        told.delete(name);
        return;
      }
      one.write(one.times);
      one.times = 0;
      later(name, one);
    }, EVERY_MS).unref();
  }

  return {
    isNews({ code, text }, write) {
      const found = nameOf(code, text);
      if (found === undefined) return true;
      const { name, part } = found;
      const now = Date.now();
      const { since = now, times = 0 } = trouble.get(part) ?? {};
      trouble.set(part, { since, last: now, times: times + 1 });
      const known = told.get(name);
      if (known === undefined) {
        const one = { part, times: 0, write } as Told;
        told.set(name, one);
        later(name, one);
        return true;
      }
      known.times += 1;
      known.write = write;
      return false;
    },
    answered(part) {
      const known = trouble.get(part);
      if (known === undefined || Date.now() - known.last < SETTLED_MS) return null;
      trouble.delete(part);
      for (const [name, one] of told) {
        if (one.part !== part) continue;
        clearTimeout(one.timer);
        told.delete(name);
      }
      return { ms: known.last - known.since, times: known.times };
    },
  };
}
