import { expect, it } from 'vitest';
import { isNamedBy } from '../../src/text/channel-pattern.ts';

const named = (pattern: string, name: string | null, channelId = 'C0ONE') =>
  isNamedBy([pattern], { channelId, name });

it.each([
  ['#random', 'random'],
  ['random', 'random'],
  ['Random', 'random'],
  ['legal-*', 'legal-'],
  ['legal-*', 'legal-cases-2026'],
  ['*-private', 'my-private'],
  ['*legal*', 'our-legal-team'],
  ['a*b*c', 'a1b2c'],
  ['*', 'anything'],
  ['#büro-*', 'büro-köln'],
])('%s names #%s', (pattern, name) => {
  expect(named(pattern, name)).toBe(true);
});

it.each([
  ['random', 'random-talk'],
  ['legal-*', 'legal'],
  ['legal-*', 'the-legal-cases'],
  ['ab*ba', 'aba'],
  ['a*b*c', 'acb'],
  ['a.c', 'abc'],
])('%s does not name #%s', (pattern, name) => {
  expect(named(pattern, name)).toBe(false);
});

it('an id names its channel, also one whose name is not known', () => {
  expect(named('C0ONE', null)).toBe(true);
  expect(named('C0TWO', null)).toBe(false);
  expect(named('*', null)).toBe(false);
});
