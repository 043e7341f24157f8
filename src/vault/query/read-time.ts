import { type Day, dateOf } from '../../local-day.ts';
import type { Draft } from './draft.ts';
import { type FilterName, nearestOf } from './names.ts';
import { noteUnknown, replaced } from './notes.ts';
import { readPeriod } from './period.ts';
import type { Word } from './words.ts';

/**
 * Reads `on:`, `before:`, `after:`, `until:`, `older:` and `newer:`. Several times are one: what they have in common.
 */
export function readTime(draft: Draft, word: Word, about: FilterName, value: string): void {
  const { filter, notes, query } = draft;
  const period = readPeriod(value, draft.asking);
  if (period === null) noteUnknown(draft, 'date', word, timeMeant(word, value));
  else if (word.not) noteUnknown(draft, 'exclusion', word);
  else {
    const { from, end, either } = period;
    const isStart = about === 'on' || about === 'after' || about === 'newer';
    if (isStart) filter.after = Math.max(filter.after ?? from, from);
    if (!isStart || about === 'on') {
      const until = about === 'on' || about === 'until' ? end : from;
      filter.before = Math.min(filter.before ?? until, until);
    }
    if (either === undefined) return;
    const [read, other] = either.map(isoDay) as [string, string];
    const instead = replaced(query, value, other);
    if (instead !== null) notes.twoDays.push({ typed: value, read, other, instead });
  }
}

function isoDay(day: Day): string {
  const { year, month, date } = dateOf(day);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${year}-${two(month)}-${two(date)}`;
}

const MONTHS = 'january february march april june july august september october november december';
const DAYS = 'monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow';
const SPANS = ['last week', 'last month', 'last year', 'this week', 'this month', 'this year'];
const KNOWN = [...MONTHS.split(' '), ...DAYS.split(' '), ...SPANS];

/** What was most likely meant by a mistyped time; null if nothing is like it. */
function timeMeant({ filter }: Word, value: string): string | null {
  const near = nearestOf(value, KNOWN);
  if (near === null) return null;
  return /\s/.test(near) ? `${filter?.name}:"${near}"` : `${filter?.name}:${near}`;
}
