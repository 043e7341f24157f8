/**
 * Files that were old already when they were stored, or when reading was switched on, are due at a time long ago, which
 * none of the others ever are: new ones are due at 0, what is tried again at a time from now on. The newer a file, the earlier
 * it is due. `claimReadings` takes them last. The triggers of migration 0036 reckon in the same way.
 */
export const EPOCH = 1_000_000_000_000;

/** When the older file `f` is due, as SQL. */
export const OLDER_DUE_AT = `case when f.shared_at > ${EPOCH} then ${2 * EPOCH} - f.shared_at else ${EPOCH} end`;

/**
 * Texts of an older reader wait behind these, in the same order: at times of the years 2001 to 2004, when nothing else is due.
 */
export const LAST = 1_100_000_000_000;

/** When the text of the file `f` is to be read anew, as SQL. */
export const ANEW_DUE_AT = `${EPOCH} + (${OLDER_DUE_AT}) / 10`;

/** Whether a row that is due at this time is about an older file, or an older text. */
export function isOlder(dueAt: number): boolean {
  return dueAt > 0 && dueAt <= LAST;
}
