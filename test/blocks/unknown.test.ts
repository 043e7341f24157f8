import { expect, it } from 'vitest';
import { unknownCommandScreen } from '../../src/blocks/unknown.ts';
import { commands } from './samples.ts';
import { expectScreen } from './snapshot.ts';

it('suggests the nearest command, with the help', async () => {
  await expectScreen('unknown', unknownCommandScreen({ word: 'lsit', nearest: 'list', commands }));
});

it('does without a suggestion, and without trusting the word', () => {
  const { text } = unknownCommandScreen({ word: '<!channel> `x`', nearest: null, commands });
  expect(text).toBe('I do not know `&lt;!channel&gt; ˋxˋ`. This is what I do know:');
});
