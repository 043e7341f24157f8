/** While one outage lasts, its lines are written this often. */
const EVERY_MS = 60_000;

/** Codes that say that the catalog's database cannot be used now: one outage, whatever meets it. Node's is SQLite's. */
const OUTAGE = /^(catalog_(unreachable|blocked|slow|failed|denied|tls|read_only)|ERR_SQLITE_ERROR)$/;
/** PostgreSQL's codes of five signs. Those of these classes are an outage, too; the others are about what was asked. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;
const OUTAGE_STATE = /^(08|25|28|53|55|57|58|XX)/;

/** Lines with the same name are about the same trouble; undefined for lines that are always written. */
function nameOf(code: unknown, text: unknown): string | undefined {
  if (typeof code !== 'string') return undefined;
  if (OUTAGE.test(code)) return code;
  if (!SQLSTATE.test(code)) return undefined;
  return OUTAGE_STATE.test(code) ? code : `${code} ${text}`;
}

/** What is known of an outage that has a line in the log already. */
interface Told {
  /** Lines that were left out since the last one. */
  times: number;
  /** Writes one line that stands for them. */
  write(times: number): void;
}

/**
 * Decides which lines about an outage are written: the first, and then one a minute that counts those left out. Many
 * loops try again each second, and would fill a disk while PostgreSQL is away. The answer is true for a line to write now;
 * otherwise `write` may be called later, for all that were left out.
 * Source of the classes: postgresql.org/docs/current/errcodes-appendix.html.
 */
export function createOutageFilter(): (
  line: { code: unknown; text: unknown },
  write: (times: number) => void,
) => boolean {
  const told = new Map<string, Told>();

  function later(name: string, one: Told): void {
    setTimeout(() => {
      if (one.times === 0) {
        told.delete(name);
        return;
      }
      one.write(one.times);
      one.times = 0;
      later(name, one);
    }, EVERY_MS).unref();
  }

  return ({ code, text }, write) => {
    const name = nameOf(code, text);
    if (name === undefined) return true;
    const known = told.get(name);
    if (known === undefined) {
      const one: Told = { times: 0, write };
      told.set(name, one);
      later(name, one);
      return true;
    }
    known.times += 1;
    known.write = write;
    return false;
  };
}
