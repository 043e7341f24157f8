import type { ModalView } from '@slack/types';
import { readDeleteMetadata } from '../blocks/delete-confirm.ts';
import { deletedScreen } from '../blocks/deleted.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { outdatedQuestion } from '../refusals/outdated.ts';
import { moveToTrash } from '../vault/trash.ts';
import type { Submission } from './submission.ts';

/** "Move to trash" in the modal that asks. */
export const deleteConfirm: Submission = {
  id: 'delete_confirm',
  async run(vault, { userId, metadata }): Promise<ModalView> {
    const meant = readDeleteMetadata(metadata);
    if (meant === null) throw outdatedQuestion('delete');
    return screenModal(deletedScreen(await moveToTrash(vault, { userId, ...meant })));
  },
};
