import type { Answer, Asked } from '../call.ts';
import type { Compat, FaultAction } from '../faults.ts';
import { ALLOW_ALL, createGuard, type Guard } from '../rights/guard.ts';
import type { Policy } from '../rights/policy.ts';
import type { Store } from '../store.ts';
import type { Dialect } from './dialect.ts';
import { type DialectName, habitsOf } from './index.ts';

/** All habits of one bucket, as one. */
export interface Spoken {
  compat(base: Compat): Compat;
  guard: Guard;
  /** What happens instead of the operation. @throws S3Error when a habit refuses the request. */
  meet(asked: Asked): FaultAction | null;
  hear(asked: Asked): Asked;
  tell(answer: Answer, asked: Asked): Answer;
}

export interface Dialects {
  of(bucket: string): Spoken;
  /** The bucket has these habits from now on, besides those of the whole server. It is created if need be. */
  speak(bucket: string, names: readonly DialectName[]): Promise<void>;
}

function together(habits: readonly Dialect[], rights: Policy): Spoken {
  const compats = habits.map(({ compat }) => compat);
  const policies = habits.flatMap(({ policy }) => policy ?? []);
  let requests = 0;
  return {
    compat: (base) => Object.assign({}, base, ...compats),
    guard: createGuard(rights, policies),
    meet(asked) {
      requests += 1;
      for (const habit of habits) {
        const action = habit.meet?.(asked, requests);
        if (action) return action;
      }
      return null;
    },
    hear: (asked) => habits.reduce((heard, habit) => habit.hear?.(heard) ?? heard, asked),
    tell: (answer, asked) => habits.reduce((told, habit) => habit.tell?.(told, asked) ?? told, answer),
  };
}

/** Who speaks what: the whole server `everywhere`, and each bucket what it was told. `rights` are the client's. */
export function createDialects(
  store: Store,
  everywhere: readonly DialectName[],
  rights: Policy = ALLOW_ALL,
): Dialects {
  const byDefault = together(habitsOf(everywhere), rights);
  const spoken = new Map<string, Spoken>();
  return {
    of: (bucket) => spoken.get(bucket) ?? byDefault,
    async speak(bucket, names) {
      const habits = habitsOf([...everywhere, ...names]);
      const opened = await store.create(bucket);
      for (const habit of habits) await habit.prepare?.(opened);
      spoken.set(bucket, together(habits, rights));
    },
  };
}
