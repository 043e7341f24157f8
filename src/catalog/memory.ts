import type { Scope } from './db/schema.ts';

/** What the vault remembers from one start to the next, by name. Each is one JSON object. */
export type Memory = 'identity' | 'rebuilt' | 'looked' | 'objectLock';

/** The last rebuild of this catalog from the bucket. */
export interface Rebuilt {
  at: number;
  /** False when a person did it, with `npm run rebuild`. */
  byItself: boolean;
  /** Stored files. */
  files: number;
  bytes: number;
  /** Stored files whose object is missing or has other bytes. */
  lost: number;
  /** Segments of the journal that could not be read. */
  damaged: number;
}

/**
 * Remembers this in the place of what was remembered under the name. It stands among the periodic jobs' memos, in a row
 * that never falls due.
 */
export async function remember({ db }: Scope, name: Memory, what: object): Promise<void> {
  const memo = JSON.stringify(what);
  await db
    .insertInto('chore')
    .values({ name: rowOf(name), memo, dueAt: null, leaseOwner: null })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ memo }))
    .execute();
}

/** What is remembered under this name, or null. */
export async function recall<What extends object>({ db }: Scope, name: Memory): Promise<What | null> {
  const row = await db.selectFrom('chore').select('memo').where('name', '=', rowOf(name)).executeTakeFirst();
  return row ? JSON.parse(row.memo) : null;
}

const rowOf = (name: Memory) => `memory: ${name}`;
