const UNITS: Record<string, number> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** What a typed size can be; see `sizesOf`. */
export const AMOUNT = String.raw`\d{1,9}(?:[.,]\d{1,3})?(?: ?(?:[kmgt]i?b?|b|bytes?))?`;
/** With a unit, so that it cannot be a number of something else. */
export const AMOUNT_WITH_UNIT = String.raw`\d{1,9}(?:[.,]\d{1,3})? ?(?:[kmgt]i?b|bytes?|(?:kilo|mega|giga|tera)bytes?)`;

export interface Sizes {
  minBytes?: number;
  maxBytes?: number;
}

/**
 * `>10mb`, `<500k`, `>=1g`, `10..20mb`; a size alone means at least this size. Units are steps of 1,024, as in the
 * sizes that we show; a decimal comma counts as a point. Null for anything else.
 */
export function sizesOf(value: string): Sizes | null {
  const [, first, second] = /^([^-]+?)(?:\.\.+|-)([^-]+)$/.exec(value) ?? [];
  if (first !== undefined && second !== undefined) {
    const most = amountOf(second);
    // In `10..20mb` both numbers are megabytes.
    const least = amountOf(/\d$/.test(first) ? `${first}${/[a-z]+$/i.exec(second)?.[0] ?? ''}` : first);
    return most === null || least === null
      ? null
      : { minBytes: Math.ceil(least), maxBytes: Math.floor(most) };
  }
  const [, sign = '', amount = ''] = /^(>=|<=|=>|=<|[><≥≤=]|)(.*)$/.exec(value) ?? [];
  const bytes = amountOf(amount);
  if (bytes === null) return null;
  if (sign === '<') return { maxBytes: Math.ceil(bytes) - 1 };
  if (sign === '<=' || sign === '=<' || sign === '≤') return { maxBytes: Math.floor(bytes) };
  return { minBytes: sign === '>' ? Math.floor(bytes) + 1 : Math.ceil(bytes) };
}

function amountOf(text: string): number | null {
  const short = text.replace(/(kilo|mega|giga|tera)bytes?$/i, (word) => word.charAt(0));
  const [whole, digits = '', unit = ''] =
    /^(\d{1,9}(?:[.,]\d{1,3})?) ?(?:([kmgt])i?b?|b|bytes?)?$/i.exec(short) ?? [];
  return whole === undefined ? null : Number(digits.replace(',', '.')) * (UNITS[unit.toLowerCase()] ?? 1);
}
