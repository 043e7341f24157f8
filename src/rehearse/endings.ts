/** A check that cannot be done here. `message` says why, for the report: no names, no ids. */
export class NotToday extends Error {
  readonly code = 'not_today';
}

/** A check that did not come to its end. `message` says what did not come, for the report: no names, no ids. */
export class CheckFailed extends Error {
  readonly code = 'check_failed';
}
