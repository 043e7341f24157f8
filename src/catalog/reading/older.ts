/**
 * Files that were old already when they were stored, or when reading was switched on, are due at a time long ago, which
 * none of the others ever are: new ones are due at 0, what is tried again at a time from now on. The newer a file, the earlier
 * it is due. `claimReadings` takes them last. The triggers of migration 0036 reckon in the same way.
 */
export const EPOCH = 1_000_000_000_000;

/** When the older file `f` is due, as SQL. */
export const OLDER_DUE_AT = `case when f.shared_at > ${EPOCH} then ${2 * EPOCH} - f.shared_at else ${EPOCH} end`;

/** Whether a row that is due at this time is about an older file. */
export function isOlder(dueAt: number): boolean {
  return dueAt > 0 && dueAt <= EPOCH;
}
