import { expect, it } from 'vitest';
import { deletedScreen } from '../../src/blocks/deleted.ts';
import { DAY, file, NOW } from './samples.ts';
import { expectScreen, wordsOf } from './snapshot.ts';

it('says until when the file can be taken back, and offers it', async () => {
  await expectScreen('deleted', deletedScreen({ file: file({ state: 'trashed', purgeAt: NOW + 30 * DAY }) }));
});

it('names no date that it does not know', () => {
  expect(wordsOf(deletedScreen({ file: file() }))).toContain('until the trash is emptied');
});
