import { expect, it } from 'vitest';
import { type QueryNoteInput, queryNote } from '../../src/blocks/query-note.ts';
import { expectScreen } from './snapshot.ts';

const none = { notUnderstood: [], twoDays: [], bare: [], without: [], named: [] };
const note = (notes: Partial<QueryNoteInput['notes']>, isEmpty = false) =>
  queryNote({ notes: { ...none, ...notes }, channelId: '', isEmpty });

it('says nothing when there is nothing to say', () => {
  expect(note({})).toEqual([]);
  expect(note({ bare: ['last week'] })).toEqual([]);
});

it('says what it does not know with the nearest thing, one click away, and how it read the rest', async () => {
  const unknown = { what: 'filter' as const, typed: 'form:me', nearest: 'from:me', searched: false };
  const blocks = note({
    notUnderstood: [{ ...unknown, instead: 'budget from:me' }],
    twoDays: [{ typed: '03/04/2026', read: '2026-03-04', other: '2026-04-03', instead: 'budget 2026-04-03' }],
    without: ['draft'],
    named: ['*.pdf'],
  });
  await expectScreen('query-note', { text: 'x', blocks });
  expect(JSON.stringify(blocks)).toContain('I do not know `form:me`. Did you mean `from:me`?');
});

it('tells how to write what it does not know', () => {
  const one = (what: 'date' | 'person', searched = false) =>
    JSON.stringify(note({ notUnderstood: [{ what, typed: 'x:y', nearest: null, instead: null, searched }] }));
  expect(one('date')).toContain('I do not know `x:y`. Write a day like `2026-12-31`');
  expect(one('person')).toContain('Pick the person from the menu');
  expect(one('person', true)).toContain('I do not know `x:y`, so I searched for it as it stands.');
});

it('explains quotes when a time in a name may have been meant', () => {
  expect(JSON.stringify(note({ bare: ['31.12.2026'] }, true))).toContain(
    'For a name with 31.12.2026 in it, use quotes.',
  );
});
