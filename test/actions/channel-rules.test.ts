import { expect, it } from 'vitest';
import { rulesSave } from '../../src/actions/channel-rules.ts';
import type { InputValues } from '../../src/actions/submission.ts';

const typed = (given: Record<string, string>) => ({
  userId: 'U1',
  viewId: 'V1',
  metadata: '{"channelId":"C1"}',
  values: Object.fromEntries(
    Object.entries(given).map(([block, value]) => [block, { value: { type: 'plain_text_input', value } }]),
  ) as InputValues,
});
const problems = (given: Record<string, string>) => Object.keys(rulesSave.check?.(typed(given)) ?? {});

it('every mistake in the settings of a channel is shown at once, each at its own field', () => {
  expect(problems({ types: 'p/df', largest: '0', days: '-1' })).toEqual(['types', 'largest', 'days']);
  expect(problems({ types: 'pdf', largest: 'ten', days: '99999999' })).toEqual(['largest', 'days']);
  expect(problems({ types: Array(101).fill('pdf').join(' '), days: '1.5' })).toEqual(['types', 'days']);
});

it('what is right is not complained about', () => {
  expect(problems({ types: 'pdf, .mov', largest: '50', days: '0' })).toEqual([]);
  expect(problems({ types: '', largest: '', days: '' })).toEqual([]);
  expect(problems({ types: '-' })).toEqual([]);
});
