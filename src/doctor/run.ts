import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../errors.ts';
import type { Check, CheckId, Line } from './check.ts';
import { GENERAL } from './remedies.ts';
import type { Situation } from './situation.ts';

/** A check that has not ended by then counts as failed, and no longer holds up the others. */
const CHECK_MS = 10_000;
/** All of them together. */
const ALL_MS = 25_000;

export interface RunOptions {
  checkMs?: number;
  allMs?: number;
}

/**
 * Makes all checks, side by side where none needs another, and returns their lines in the checks' order. Never throws: a
 * check that breaks or hangs is a line that says so. What it opened is closed again.
 */
export async function runChecks(
  checks: readonly Check[],
  situation: Situation,
  { checkMs = CHECK_MS, allMs = ALL_MS }: RunOptions = {},
): Promise<Line[]> {
  const begun = new Map<CheckId, Promise<Line[]>>();
  const byId = new Map(checks.map((one) => [one.id, one]));
  const end = new AbortController();
  const over = sleep(allMs, undefined, { ref: false, signal: end.signal }).catch(() => {});

  function linesOf(id: CheckId): Promise<Line[]> {
    const known = begun.get(id);
    if (known !== undefined) return known;
    const one = byId.get(id);
    const lines = one === undefined ? Promise.resolve([]) : begin(one);
    begun.set(id, lines);
    return lines;
  }

  async function begin(one: Check): Promise<Line[]> {
    const missing = (lines: Line[]) => lines.some(({ state }) => state === 'fail' || state === 'skipped');
    await Promise.all(one.after.map(linesOf));
    for (const id of one.needs) {
      if (missing(await linesOf(id)))
        return [{ id: one.id, state: 'skipped', says: `Not looked at, because “${id}” is not well.` }];
    }
    const late = (ms: number): Line[] => [
      {
        id: one.id,
        state: 'fail',
        says: `No answer within ${ms / 1000} s.`,
        remedy: GENERAL.late,
      },
    ];
    const timer = new AbortController();
    try {
      return await Promise.race([
        one.look(situation).then((found) => [found].flat()),
        sleep(checkMs, late(checkMs), { ref: false, signal: timer.signal }),
        over.then(() => late(allMs)),
      ]);
    } catch (error) {
      return [
        {
          id: one.id,
          state: 'fail',
          says: `The look itself failed (${errorCode(error)}): ${(error as Error).message}`,
          remedy: GENERAL.broken,
        },
      ];
    } finally {
      timer.abort();
    }
  }

  try {
    return (await Promise.all(checks.map(({ id }) => linesOf(id)))).flat();
  } finally {
    end.abort();
    for (const close of situation.found.closers.splice(0)) await Promise.resolve(close()).catch(() => {});
  }
}
