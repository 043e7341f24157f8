import type { ModalView } from '@slack/types';
import { readDeleteMetadata } from '../blocks/delete-confirm.ts';
import { deletedScreen } from '../blocks/deleted.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { UserError } from '../errors.ts';
import { moveToTrash } from './delete-file.ts';
import type { Submission } from './submission.ts';

/** "Move to trash" in the modal that asks. */
export const deleteConfirm: Submission = {
  id: 'delete_confirm',
  async run(vault, { userId, metadata }): Promise<ModalView> {
    const meant = readDeleteMetadata(metadata);
    if (meant === null)
      throw new UserError('outdated', 'This question is outdated. Type `/vault delete` again.');
    const { file, purgeAt } = await moveToTrash(vault, { userId, ...meant });
    return screenModal(deletedScreen({ file, purgeAt }));
  },
};
