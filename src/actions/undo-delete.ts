import { SEVERAL } from '../blocks/delete-several.ts';
import { restoredScreen, restoredSeveralScreen } from '../blocks/restored.ts';
import { restoreSeveral } from '../vault/trash.ts';
import { detailsFollowed, followed } from './behind.ts';
import type { Action } from './click.ts';
import { detailsAgain } from './details-again.ts';

/**
 * Undo: takes what was just deleted out of the trash again, one file or several. The list that it was deleted from shows
 * it again. In Details it is Restore, and they show the file as it is now.
 */
export const undoDelete: Action = {
  id: 'undo_delete',
  async run(vault, click) {
    const fileIds = click.value
      .split(' ')
      .filter((id) => id !== '')
      .slice(0, SEVERAL);
    const files = await restoreSeveral(vault, { userId: click.userId, fileIds });
    const [file] = files;
    const isOne = files.length === 1 && file !== undefined;
    const details = detailsAgain(vault, click);
    if (details !== undefined) {
      await detailsFollowed(vault, click, details);
      return;
    }
    const done = isOne ? restoredScreen({ file }) : restoredSeveralScreen({ files: files.length });
    await click.replace(await followed(vault, click, done));
  },
};
