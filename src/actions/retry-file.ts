import { skipSentence } from '../blocks/state.ts';
import { statusScreen } from '../blocks/status.ts';
import { notToBeKept } from '../refusals/files.ts';
import { retryOne } from '../vault/files/retry.ts';
import { vaultStatus } from '../vault/status.ts';
import type { Action } from './click.ts';

/** Retry beside a file that could not be captured. App Home shows the result by itself, the status is drawn again. */
export const retry: Action = {
  id: 'retry_file',
  async run(vault, click) {
    const { userId, value: fileId } = click;
    const { file, isInVain } = await retryOne(vault, { userId, fileId });
    if (isInVain) throw notToBeKept(skipSentence(file));
    if (click.where !== 'home' && click.mayReplace)
      await click.replace(statusScreen(await vaultStatus(vault, { userId })));
  },
};
