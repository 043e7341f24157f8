/**
 * Reads values that Slack sends. A value counts only if it has the right form. Any other value counts as missing. So
 * one broken value does not spoil the other values or the delivery.
 */

/** A text that is not empty. PostgreSQL cannot hold U+0000, and no name needs it. */
export function textOf(value: unknown): string | null {
  const text = typeof value === 'string' ? value.replaceAll('\0', '') : '';
  return text === '' ? null : text;
}

/** An id such as `F012AB3CD`. */
export function idOf(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value) ? value : null;
}

/** A message's `ts`: seconds since 1970 with six digits that make it unique. */
export function tsOf(value: unknown): string | null {
  return typeof value === 'string' && /^\d{1,11}\.\d{1,9}$/.test(value) ? value : null;
}

/** The moment of a `ts`, in ms. */
export function momentOf(ts: string): number {
  return Math.round(Number(ts) * 1_000);
}

/** The moment of a value that should be a `ts`, in ms; null when it is not one. */
export function momentOrNull(value: unknown): number | null {
  const ts = tsOf(value);
  return ts === null ? null : momentOf(ts);
}

/** The same, but `otherwise` instead of null. */
export function momentOr(value: unknown, otherwise: number): number {
  return momentOrNull(value) ?? otherwise;
}

/** The objects in a list. */
export function objectsOf<T extends object>(value: unknown): T[] {
  const isObject = (one: unknown) => typeof one === 'object' && one !== null && !Array.isArray(one);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A moment in whole seconds since 1970, as for files and channels. A database can also hold it in ms. */
export function secondsOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value * 1_000) && value > 0 ? value : null;
}

/** A moment in whole seconds, converted to ms; null when it is not one. */
export function msOf(value: unknown): number | null {
  const seconds = secondsOf(value);
  return seconds === null ? null : seconds * 1_000;
}
