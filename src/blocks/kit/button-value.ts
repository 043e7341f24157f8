import * as v from 'valibot';
import { readJson } from './carried.ts';
import { limits } from './limits.ts';

/** Text that may go into a query: PostgreSQL allows no NUL. */
export const textPart = v.pipe(
  v.string(),
  v.check((text) => !text.includes('\0')),
);
/** A number that may go into a column of whole numbers: PostgreSQL would refuse a fraction. */
export const numberPart = v.pipe(v.number(), v.safeInteger());

/**
 * The value of a page button, made from words and numbers. Null when they are too long for it (2,000 characters) or
 * have a NUL.
 */
export function encodeButtonValue(...parts: Array<string | number>): string | null {
  if (parts.some((part) => typeof part === 'string' && part.includes('\0'))) return null;
  return encodeParts(parts, limits.buttonValue);
}

/** Reads the value back if it has exactly these parts; otherwise null. Never trusted, only parsed. */
export function decodeButtonValue<const Parts extends v.TupleItems>(
  value: unknown,
  parts: Parts,
): v.InferOutput<v.StrictTupleSchema<Parts, undefined>> | null {
  return decodeParts(value, parts, limits.buttonValue);
}

/** Parts as one word; null if longer than `longest`. Base64url, as Slack may return `&`, `<` and `>` escaped. */
export function encodeParts(parts: ReadonlyArray<string | number>, longest: number): string | null {
  const word = Buffer.from(JSON.stringify(parts)).toString('base64url');
  return word.length <= longest ? word : null;
}

/** Reads such a word; null if it has other parts. */
export function decodeParts<const Parts extends v.TupleItems>(
  word: unknown,
  parts: Parts,
  longest: number,
): v.InferOutput<v.StrictTupleSchema<Parts, undefined>> | null {
  if (typeof word !== 'string' || word.length > longest) return null;
  return readJson(v.strictTuple(parts), Buffer.from(word, 'base64url').toString('utf8'));
}
