import { errorCode } from '../../errors.ts';

/** SQLite's primary result codes that a person can do something about (https://www.sqlite.org/rescode.html). */
const SQLITE: Record<number, string> = {
  5: 'catalog_locked',
  6: 'catalog_locked',
  8: 'catalog_read_only',
  10: 'disk_failed',
  11: 'catalog_damaged',
  13: 'disk_full',
  14: 'catalog_gone',
  26: 'catalog_damaged',
};

/** PostgreSQL's, in the same words (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const POSTGRES: Record<string, string> = { '25006': 'catalog_read_only', '53100': 'disk_full' };

/** What a database's error is, in one word: the same word for the same trouble on SQLite and PostgreSQL. */
export function databaseWord(error: unknown): string {
  const code = errorCode(error);
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  // The low byte of an extended code is the primary one.
  const word = typeof errcode === 'number' ? SQLITE[errcode & 0xff] : POSTGRES[code];
  return word ?? code;
}
