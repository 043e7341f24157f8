import type { Dialect } from './dialect.ts';
import { READS } from './reads.ts';
import { RIGHTS } from './rights.ts';
import { STORES } from './stores.ts';
import { WRITES } from './writes.ts';

const HABITS = { ...WRITES, ...READS, ...RIGHTS } as const;

/** One habit. */
export type Habit = keyof typeof HABITS;
/** A store with all its known habits. */
export type StoreName = keyof typeof STORES;
/** What the server can be told to speak. */
export type DialectName = Habit | StoreName;

export const HABIT_NAMES = Object.keys(HABITS) as Habit[];
export const STORE_NAMES = Object.keys(STORES) as StoreName[];

/** Is there such a habit or store? */
export function isDialect(name: string): name is DialectName {
  return Object.hasOwn(STORES, name) || Object.hasOwn(HABITS, name);
}

/** The habits of these names. @throws Error for a name that nobody knows. */
export function habitsOf(names: readonly DialectName[]): Dialect[] {
  const habits = names.flatMap((name): readonly Habit[] =>
    Object.hasOwn(STORES, name) ? STORES[name as StoreName] : [name as Habit],
  );
  return [...new Set(habits)].map((name) => {
    if (Object.hasOwn(HABITS, name)) return HABITS[name];
    throw new Error(`The sandbox's S3 has no dialect "${name}".`);
  });
}
