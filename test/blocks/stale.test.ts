import { expect, it } from 'vitest';
import { staleScreen } from '../../src/blocks/stale.ts';
import { expectScreen, wordsOf } from './snapshot.ts';

it('says what to type instead', async () => {
  await expectScreen('stale', staleScreen());
  expect(wordsOf(staleScreen({ command: '/vault delete' }))).toContain('`/vault delete`');
});
