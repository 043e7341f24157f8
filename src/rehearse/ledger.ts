/** What the rehearsal has made and must take away again. */
export interface Ledger {
  /** Says how to take away what is about to be made, in the words of the report: "a message". */
  add(what: string, undo: () => Promise<unknown>): Entry;
  /**
   * Takes everything away, the newest first. Whatever fails is told and hinders nothing else. May be called again.
   * Answers what is left, in words without names: "2 × a file".
   */
  cleanUp(): Promise<string[]>;
}

export interface Entry {
  /** It is gone already. */
  done(): void;
}

/** An undo that throws this leaves the thing where it is, for the reason in `message`. */
export class Left extends Error {
  readonly code = 'left';
}

/** An empty ledger. One undo may take `undoMs`. */
export function createLedger(undoMs = 20_000): Ledger {
  let entries: Array<{ what: string; undo: () => Promise<unknown> }> = [];
  return {
    add(what, undo) {
      const entry = { what, undo };
      entries.push(entry);
      return {
        done() {
          entries = entries.filter((one) => one !== entry);
        },
      };
    },
    async cleanUp() {
      const left: string[] = [];
      const todo = entries.reverse();
      entries = [];
      for (const entry of todo) {
        try {
          await within(undoMs, entry.undo());
        } catch (error) {
          left.push(error instanceof Left ? `${entry.what} (${error.message})` : entry.what);
          entries.unshift(entry);
        }
      }
      const counts = new Map<string, number>();
      for (const what of left) counts.set(what, (counts.get(what) ?? 0) + 1);
      return [...counts].map(([what, count]) => `${count} × ${what}`);
    },
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('took too long')), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
