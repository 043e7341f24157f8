import { sql } from 'kysely';
import type { Catalog, Scope } from '../db/schema.ts';
import { isEnded } from '../db/time-limits.ts';

/** A question is worked on for this long; then it is answered with what was found so far. */
const QUESTION_MS = 2_000;

/** What an answer says where not everything was searched. */
export interface Unsearched {
  stopped?: true;
  /** There was time enough: an index lacks what still waits for it. */
  behind?: true;
}

/** The time for one question, however many steps and statements it needs, and what could not be searched. */
export class Budget {
  readonly #clock: () => number;
  readonly #end: number;
  #isSpent = false;
  #isBehind = false;

  /** `clock` is a steady one, in ms: it never jumps like the time of day. */
  constructor(ms = QUESTION_MS, clock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#end = clock() + ms;
  }

  /** Whether work has been left out because the time was up. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /** Whether there is time for another step. Ask only when there is a step to do. */
  hasTime(): boolean {
    if (this.#clock() >= this.#end) this.#isSpent = true;
    return !this.#isSpent;
  }

  /** The time that is left, in whole ms, at least 1. */
  left(): number {
    return Math.max(1, Math.ceil(this.#end - this.#clock()));
  }

  spend(): void {
    this.#isSpent = true;
  }

  /** Whether an index that was asked lacks what still waits for it. The search goes on. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  fallBehind(): void {
    this.#isBehind = true;
  }

  /** To be asked at the end. */
  get unsearched(): Unsearched {
    if (this.#isSpent) return { stopped: true };
    return this.#isBehind ? { stopped: true, behind: true } : {};
  }
}

/**
 * Runs a part of a search and returns what it returns; undefined when there was not time enough. PostgreSQL itself ends
 * a statement when the time is up: then only what that part had kept by then was found. On SQLite, statements are small, and the time is checked between them.
 */
export async function within<T>(
  catalog: Catalog,
  budget: Budget,
  work: (scope: Scope) => Promise<T>,
): Promise<T | undefined> {
  if (!budget.hasTime()) return undefined;
  if (catalog.kind === 'sqlite') return work(catalog);
  try {
    return await catalog.db.transaction().execute(async (db) => {
      await sql`select set_config('statement_timeout', ${String(budget.left())}, true)`.execute(db);
      return work({ ...catalog, db });
    });
  } catch (error) {
    if (!isEnded(error)) throw error;
    budget.spend();
    return undefined;
  }
}
