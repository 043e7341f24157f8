import { it } from 'vitest';
import { modalMessage } from '../../src/blocks/modal-message.ts';
import { expectScreenView } from './snapshot.ts';

it('holds the place while something is looked up', async () => {
  await expectScreenView('modal-loading', modalMessage({ kind: 'loading' }));
});

it('tells an error with its code', async () => {
  const message = 'This file was removed for good.';
  await expectScreenView('modal-error', modalMessage({ kind: 'error', message, code: 'gone' }));
});

it('tells that it is done', async () => {
  await expectScreenView(
    'modal-done',
    modalMessage({ kind: 'done', message: 'notes.txt is tried again now.' }),
  );
});
