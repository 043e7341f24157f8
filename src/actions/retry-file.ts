import { skipSentence } from '../blocks/state.ts';
import { notToBeKept } from '../refusals/files.ts';
import { retryOne } from '../vault/files/retry.ts';
import type { Action } from './click.ts';

/** Retry beside a file that could not be captured. App Home shows the result. */
export const retry: Action = {
  id: 'retry_file',
  async run(vault, { userId, value }) {
    const { file, isInVain } = await retryOne(vault, { userId, fileId: value });
    if (isInVain) throw notToBeKept(skipSentence(file));
  },
};
