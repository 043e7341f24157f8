import { retryingScreen } from '../blocks/retrying.ts';
import { retryFailed } from '../vault/files/retry.ts';
import type { Action } from './click.ts';

/** Retry all: a button for admins. */
export const retryEverything: Action = {
  id: 'retry_all',
  async run(vault, click) {
    await click.show(retryingScreen(await retryFailed(vault, { userId: click.userId })));
  },
};
