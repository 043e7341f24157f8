import type { Answer, Asked } from '../call.ts';
import type { Compat, FaultAction } from '../faults.ts';
import type { Store } from '../store.ts';
import type { Dialect } from './dialect.ts';
import { type DialectName, habitsOf } from './index.ts';

/** All habits of one bucket, as one. */
export interface Spoken {
  compat(base: Compat): Compat;
  /** What happens instead of the operation. @throws S3Error when a habit refuses the request. */
  meet(asked: Asked): FaultAction | null;
  hear(asked: Asked): Asked;
  tell(answer: Answer, asked: Asked): Answer;
}

export interface Dialects {
  of(bucket: string): Spoken;
  /** The bucket has these habits from now on, besides those of the whole server. It is created if need be. */
  speak(bucket: string, names: DialectName[]): Promise<void>;
}

function together(habits: Dialect[]): Spoken {
  const compats = habits.map(({ compat }) => compat);
  let requests = 0;
  return {
    compat: (base) => Object.assign({}, base, ...compats),
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

/** Who speaks what: the whole server `everywhere`, and each bucket what it was told. */
export function createDialects(store: Store, everywhere: DialectName[]): Dialects {
  const byDefault = together(habitsOf(everywhere));
  const spoken = new Map<string, Spoken>();
  return {
    of: (bucket) => spoken.get(bucket) ?? byDefault,
    async speak(bucket, names) {
      const habits = habitsOf([...everywhere, ...names]);
      const opened = await store.create(bucket);
      for (const habit of habits) await habit.prepare?.(opened);
      spoken.set(bucket, together(habits));
    },
  };
}
