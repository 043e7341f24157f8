import { expect, it } from 'vitest';
import { savedScreen } from '../../src/blocks/saved.ts';
import { expectScreen, wordsOf } from './snapshot.ts';

it('says what became of each file of a message', async () => {
  await expectScreen('saved', savedScreen({ onTheWay: 2, already: 1, notKept: 1 }));
  expect(wordsOf(savedScreen({ onTheWay: 0, already: 1, notKept: 0 }))).not.toContain('way');
});
