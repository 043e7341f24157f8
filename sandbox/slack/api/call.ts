/** What every Web API method is given, and how it declares what it needs. */
import { ApiError } from '../errors.ts';
import type { Tier } from '../limits.ts';
import type { Json } from '../types.ts';
import type { World } from '../world.ts';

/** The arguments of a call. Forms carry everything as text, JSON bodies do not; both read the same here. */
export interface Args {
  str(name: string): string | undefined;
  /** As `str`; `invalid_arguments` naming the argument when it is absent or empty. */
  need(name: string): string;
  int(name: string, fallback: number): number;
  bool(name: string): boolean;
  /** An object or a list, or the JSON text of one; `code` when it is neither. */
  json(name: string, code?: string): unknown;
  has(name: string): boolean;
}

export interface Call {
  world: World;
  args: Args;
  /** `missing_scope` unless the app has one of these scopes. */
  requireScope(...anyOf: string[]): void;
}

export interface Method {
  tier: Tier;
  /** The app must have one of these. */
  scopes?: string[];
  /** `app` for the few methods that take the app-level token. */
  token?: 'bot' | 'app';
  run(call: Call): Json | Promise<Json>;
}

export type Family = Record<string, Method>;

/** Reads arguments out of a form or a JSON body. */
export function argsOf(values: Json): Args {
  const has = (name: string) => values[name] !== undefined && values[name] !== null && values[name] !== '';
  const str = (name: string) => (has(name) ? String(values[name]) : undefined);
  return {
    has,
    str,
    need(name) {
      const value = str(name);
      if (value !== undefined) return value;
      const messages = [`[ERROR] missing required field: ${name}`];
      throw new ApiError('invalid_arguments', { response_metadata: { messages } });
    },
    int(name, fallback) {
      const value = str(name);
      if (value === undefined) return fallback;
      if (!/^-?\d+$/.test(value)) {
        const messages = [`[ERROR] must be an integer [json-pointer:/${name}]`];
        throw new ApiError('invalid_arguments', { response_metadata: { messages } });
      }
      return Number(value);
    },
    bool: (name) => ['true', '1'].includes(String(values[name] ?? '')),
    json(name, code = 'invalid_arguments') {
      if (!has(name)) return undefined;
      const value = values[name];
      if (typeof value === 'object') return value;
      try {
        const parsed = JSON.parse(String(value));
        if (typeof parsed === 'object' && parsed !== null) return parsed;
      } catch {
        // Said below.
      }
      throw new ApiError(code);
    },
  };
}

export interface Paging<T> {
  /** The page's length when the call names none. */
  fallback: number;
  /** The largest `limit` that the method takes. */
  most: number;
  /** What a cursor remembers about the first item of the next page. */
  key: (item: T) => string;
  /** Whether a page may begin with this item, by the key in the cursor; the item with that very key by default. */
  begins?: (item: T, wanted: string) => boolean;
}

/** One page of a list by Slack's cursors. */
export function paged<T>(
  list: T[],
  args: Args,
  { fallback, most, key, begins = (item, wanted) => key(item) === wanted }: Paging<T>,
): { page: T[]; next_cursor: string } {
  const limit = args.int('limit', fallback);
  if (limit < 1 || limit > most) throw new ApiError('invalid_limit');
  const cursor = args.str('cursor');
  let start = 0;
  if (cursor !== undefined) {
    const wanted = /^next:(.+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1];
    if (wanted === undefined) throw new ApiError('invalid_cursor');
    start = list.findIndex((item) => begins(item, wanted));
    if (start < 0) start = list.length;
  }
  const following = list[start + limit];
  const next_cursor = following === undefined ? '' : Buffer.from(`next:${key(following)}`).toString('base64');
  return { page: list.slice(start, start + limit), next_cursor };
}
