import { type RawBuilder, sql } from 'kysely';
import { likePattern, lineOf } from '../db/dialect.ts';
import type { DatabaseKind } from '../db/schema.ts';
import { fold } from '../derived/fold.ts';
import type { ListFilter } from '../model.ts';
import type { Candidates } from './candidates.ts';
import type { Known } from './known.ts';
import { filesWith } from './word-index.ts';

type Names = Pick<ListFilter, 'phrases' | 'notText' | 'patterns' | 'notPatterns'>;

/** What the names of the files `f` must be like, besides having the words. */
export function nameConditions(kind: DatabaseKind, filter: Names): Array<RawBuilder<unknown>> {
  const { phrases = [], notText = [], patterns = [], notPatterns = [] } = filter;
  const has = (text: string) => sql`f.folded like ${likePattern(folded(text))} escape '\\'`;
  const isLikeOneOf = (some: string[]) => sql`(${sql.join(some.map(isLike), sql` or `)})`;
  const isLike = (pattern: string) => {
    const whole = wholePattern(folded(pattern));
    const line = (which: 1 | 2) => sql`${lineOf(kind, 'f.folded', which)} like ${whole} escape '\\'`;
    // A star may be a part of the name, too. Most names do not even have the texts between the stars, which is seen at once.
    return sql`(f.folded like ${`%${whole}%`} escape '\\' and (${line(1)} or ${line(2)} or ${has(pattern)}))`;
  };
  return [
    ...phrases.map(has),
    ...notText.filter((text) => folded(text) !== '').map((text) => sql`not ${has(text)}`),
    ...(patterns.length > 0 ? [isLikeOneOf(patterns)] : []),
    ...(notPatterns.length > 0 ? [sql`not ${isLikeOneOf(notPatterns)}`] : []),
  ];
}

/** The files that may have names like these, if the search index can tell: by the longest text between the stars. */
export function filesLike(
  kind: DatabaseKind,
  patterns: string[],
  channelSets?: number[],
  known?: Known,
): Candidates[] {
  if (patterns.length === 0) return [];
  const pieces = patterns.map((pattern) => [...new Set(folded(pattern).split('*').filter(Boolean))]);
  return filesWith(kind, pieces, channelSets, known);
}

/** Folded like names, without space around it. */
const folded = (text: string) => fold(text).trim();

/** A LIKE pattern (escape `\`) for a whole name, where `*` is any text. */
const wholePattern = (pattern: string) => pattern.replace(/[\\%_]/g, '\\$&').replace(/\*+/g, '%');
