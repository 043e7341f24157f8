import { describe, expect, it } from 'vitest';
import { filterWords, withFilter, withoutFilters } from '../../../src/vault/query/filter.ts';
import { parseFilter } from './strict.ts';

const at = { now: Date.UTC(2026, 10, 23), timeZoneOffset: 0 };
const sortOf = (text: string) => parseFilter(text, at).sort;

describe('the order that is typed', () => {
  it.each([
    ['sort:size', 'largest'],
    ['sort: SIZE', 'largest'],
    ['sort:smallest', 'smallest'],
    ['sort:name', 'name'],
    ['sort:z-a', 'name-down'],
    ['sort:newest', 'newest'],
    ['sort:date', 'newest'],
    ['budget sort:oldest type:pdf', 'oldest'],
    ['budget', undefined],
    ['"sort:size"', undefined],
  ])('%s is %s', (text, order) => expect(sortOf(text)).toBe(order));

  it.each(['sort:colour', 'sort:constructor', 'sort:'])('%s is answered with what there is', (text) => {
    expect(() => sortOf(text)).toThrow(/sort:newest/);
  });
});

describe('clearing the filters', () => {
  it('keeps the words and the order', () => {
    const typed = '"q3 report" from:<@U1> budget in:<#C1> type:pdf after:7d size:>1mb sort:name';
    expect(withoutFilters(typed)).toBe('"q3 report" budget sort:name');
    expect(withoutFilters('type:pdf')).toBe('');
  });

  it('a new order or size replaces the old one', () => {
    expect(withFilter('a sort:name', 'sort', 'sort:largest')).toBe('a sort:largest');
    expect(withFilter('a size:>1mb sha256:abcdef12', 'size', '')).toBe('a sha256:abcdef12');
    expect(filterWords('a size:>1mb', 'size')).toBe('size:>1mb');
  });
});
