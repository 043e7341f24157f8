/** What page buttons carry: a short list of words and numbers. Never trusted, only parsed. */
import { limits } from './limits.ts';

/**
 * Words and numbers for a button's value, or null when they are too long to travel in one (2,000 characters).
 * Base64url, because Slack may hand `&`, `<` and `>` back escaped.
 */
export function encodePlace(...parts: Array<string | number>): string | null {
  // PostgreSQL's text holds no NUL.
  if (parts.some((part) => typeof part === 'string' && part.includes('\0'))) return null;
  const value = Buffer.from(JSON.stringify(parts)).toString('base64url');
  return value.length <= limits.buttonValue ? value : null;
}

/** Reads it back, if it has parts of just these types; null for everything else. */
export function decodePlace(value: unknown, types: string): Array<string | number> | null {
  if (typeof value !== 'string' || value.length > limits.buttonValue) return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(value, 'base64url').toString('utf8'));
    if (!Array.isArray(parts) || parts.length !== types.length) return null;
    const fits = parts.every((part, index) =>
      types[index] === 'n' ? Number.isSafeInteger(part) : typeof part === 'string' && !part.includes('\0'),
    );
    return fits ? (parts as Array<string | number>) : null;
  } catch {
    return null;
  }
}
