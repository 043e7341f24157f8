import type { ModalView } from '@slack/types';
import { readDeleteMetadata } from '../blocks/delete-confirm.ts';
import { deletedScreen } from '../blocks/deleted.ts';
import { outdatedQuestion } from '../refusals/outdated.ts';
import { moveToTrash } from '../vault/trash.ts';
import { followedView } from './behind.ts';
import type { Submission } from './submission.ts';

/** "Delete" in the modal that asks. What it was opened from follows. */
export const deleteConfirm: Submission = {
  id: 'delete_confirm',
  async run(vault, { userId, viewId, metadata }): Promise<ModalView> {
    const meant = readDeleteMetadata(metadata);
    if (meant === null) throw outdatedQuestion('delete');
    const done = deletedScreen(await moveToTrash(vault, { userId, ...meant }));
    return followedView(vault, { viewId, metadata }, done);
  },
};
