import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NO_OVERRIDES } from '../../src/catalog/governance/rules.ts';
import { isOverrides, MOST, typesIn } from '../../src/vault/rule-bounds.ts';

const rules = (own: object) => isOverrides({ ...NO_OVERRIDES, ...own });

it('types may be written in any way that people write lists', () => {
  expect(typesIn(' .PDF, png;zip\npng ')).toEqual(['pdf', 'png', 'zip']);
  expect(typesIn('')).toEqual([]);
  for (const wrong of ['a/b', 'x'.repeat(21), '*', 'pdf,<b>']) expect(typesIn(wrong)).toBe(undefined);
});

it.each([
  { maxFileBytes: 1 },
  { maxFileBytes: MOST.fileBytes },
  { retentionDays: 0 },
  { retentionDays: MOST.days },
  { excludeTypes: ['pdf'], confirm: 'digest', capture: false, onSlackDelete: 'trash' },
])('valid: %j', (own) => {
  expect(rules(own)).toBe(true);
});

it.each([
  { maxFileBytes: 0 },
  { maxFileBytes: MOST.fileBytes + 1 },
  { maxFileBytes: 1.5 },
  { retentionDays: -1 },
  { retentionDays: MOST.days + 1 },
  { retentionDays: '7' },
  { excludeTypes: ['../..'] },
  { excludeTypes: 'pdf' },
  { confirm: 'loud' },
  { capture: true },
  { onSlackDelete: 'purge' },
  { tellExcluded: true },
])('not valid: %j', (own) => {
  expect(rules(own)).toBe(false);
});

it('anything else from outside is refused, and nothing breaks', () => {
  fc.assert(fc.property(fc.anything(), (it) => isOverrides(it) === false));
});
