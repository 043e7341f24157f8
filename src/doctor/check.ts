import { AS_SAID, REMEDIES } from './remedies.ts';
import type { Situation } from './situation.ts';

/** How a thing is: well; well, but something is missing or soon will be; not well; nobody looked, and why. */
export type State = 'ok' | 'warn' | 'fail' | 'skipped';

export type CheckId = keyof typeof REMEDIES;

/** One line of the doctor's. */
export interface Line {
  /** Stable, for programs; one check may have several lines, as `settings.VAULT_BUCKET`. */
  id: string;
  state: State;
  /** One sentence: how it is. Holds no secret. */
  says: string;
  /** What to do; only for `warn` and `fail`, where `says` does not say it already. */
  remedy?: string;
}

export interface Check {
  id: CheckId;
  /** Looked at only when these are well enough. */
  needs: readonly CheckId[];
  /** Looked at after these, however they are. */
  after: readonly CheckId[];
  look(situation: Situation): Promise<Line | Line[]>;
}

/** How a check says what it found. A problem is the name of its remedy in `remedies.ts`. */
export interface Say<Id extends CheckId> {
  ok(says: string): Line;
  skip(why: string): Line;
  warn(problem: keyof (typeof REMEDIES)[Id], says: string): Line;
  fail(problem: keyof (typeof REMEDIES)[Id], says: string): Line;
}

/** Makes a check. `look` throws only what is unforeseen. */
export function check<Id extends CheckId>(
  id: Id,
  order: { needs?: readonly CheckId[]; after?: readonly CheckId[] },
  look: (situation: Situation, say: Say<Id>) => Promise<Line | Line[]> | Line | Line[],
): Check {
  const remedyOf = (problem: keyof (typeof REMEDIES)[Id]) => {
    const remedy = String(REMEDIES[id][problem]);
    return remedy === AS_SAID ? {} : { remedy };
  };
  const say: Say<Id> = {
    ok: (says) => ({ id, state: 'ok', says }),
    skip: (says) => ({ id, state: 'skipped', says }),
    warn: (problem, says) => ({ id, state: 'warn', says, ...remedyOf(problem) }),
    fail: (problem, says) => ({ id, state: 'fail', says, ...remedyOf(problem) }),
  };
  const { needs = [], after = [] } = order;
  return { id, needs, after, look: async (situation) => look(situation, say) };
}
