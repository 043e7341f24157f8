import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FirstSteps, STEPS, type StepName } from './first-steps-types.ts';

export interface StepKeeper {
  state(): FirstSteps;
  /** Ticks steps off. What is done stays done. */
  tick(...steps: StepName[]): void;
  hide(hidden: boolean): void;
}

/**
 * Remembers in the sandbox's folder which of the first steps are done, so that a reload, a second person and the next start
 * know it, and `npm run sandbox:reset` forgets it. A file that cannot be read begins anew: nothing else hangs on it.
 */
export function keepSteps(dir: string): StepKeeper {
  const file = join(dir, 'first-steps.json');
  let state = read(file);
  const write = (next: FirstSteps) => {
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    writeFileSync(file, JSON.stringify(next));
  };
  return {
    state: () => state,
    tick(...steps) {
      // A file that landed was dropped.
      const all = new Set([...state.done, ...steps, ...(steps.includes('land') ? (['drop'] as const) : [])]);
      write({ ...state, done: STEPS.filter((step) => all.has(step)) });
    },
    hide: (hidden) => write({ ...state, hidden }),
  };
}

function read(file: string): FirstSteps {
  try {
    const { done, hidden } = JSON.parse(readFileSync(file, 'utf8'));
    return { done: STEPS.filter((step) => done.includes(step)), hidden: hidden === true };
  } catch {
    return { done: [], hidden: false };
  }
}
