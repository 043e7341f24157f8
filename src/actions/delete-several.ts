import {
  deletedSeveralScreen,
  deleteSeveralView,
  readSeveral,
  SEVERAL,
  type Staying as StayingLine,
} from '../blocks/delete-several.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { outdatedQuestion } from '../refusals/outdated.ts';
import { noneTicked } from '../refusals/trash.ts';
import { nameOf } from '../text/file-name.ts';
import { filesToDelete, moveSeveralToTrash, type Staying } from '../vault/delete.ts';
import type { Action } from './click.ts';
import type { Submission } from './submission.ts';
import { tickedIn } from './values.ts';

/** A box was ticked: Slack sends this and wants it acknowledged. */
export const deletePick: Action = { id: 'delete_pick', async run() {} };

/** Asks before the ticked files go; names all of them, and those that will stay. */
export const deleteSeveral: Action = {
  id: 'delete_several',
  async run(vault, click) {
    const fileIds = [...new Set(tickedIn(click.values, 'delete_pick'))].slice(0, SEVERAL);
    if (fileIds.length === 0) throw noneTicked();
    await click.open(async () => {
      const { staying, ...asked } = await filesToDelete(vault, { userId: click.userId, fileIds });
      return deleteSeveralView({
        ...asked,
        staying: staying.map(stayingLine),
        channelId: click.channelId ?? '',
      });
    });
  },
};

/** "Move to trash" in the modal about several files: each is checked again, and the refused ones are shown. */
export const deleteSeveralConfirm: Submission = {
  id: 'delete_several_confirm',
  async run(vault, { userId, metadata }) {
    const meant = readSeveral(metadata);
    if (meant === null) throw outdatedQuestion('delete');
    const { staying, ...done } = await moveSeveralToTrash(vault, { userId, ...meant });
    return screenModal(deletedSeveralScreen({ ...done, staying: staying.map(stayingLine) }));
  },
};

function stayingLine({ file, refusal }: Staying): StayingLine {
  return { name: file === null ? null : nameOf(file), why: refusal.told };
}
