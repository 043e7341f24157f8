import { skipSentence } from '../blocks/state.ts';
import { retryFile } from '../catalog/capture.ts';
import { mayPass } from '../catalog/merge.ts';
import { UserError } from '../errors.ts';
import { requireFile } from '../vault/access.ts';
import type { Action } from './click.ts';

/** Retry beside a file that could not be captured: it is due at once. App Home shows what comes of it. */
export const retry: Action = {
  id: 'retry_file',
  async run(vault, click) {
    const file = await requireFile(vault, click.userId, click.value, 'see');
    if (file.state !== 'failed' && file.state !== 'skipped') {
      throw new UserError('nothing_to_retry', 'This file needs no retry: it is stored, or on its way.');
    }
    if (file.state === 'skipped' && !mayPass(file.reason)) {
      throw new UserError('not_to_be_kept', `A retry changes nothing: ${skipSentence(file)}`);
    }
    await retryFile(vault.catalog, file, click.userId, vault.now());
    vault.wake();
  },
};
