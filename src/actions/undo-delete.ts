import { restoredScreen } from '../blocks/restored.ts';
import { restore } from '../vault/trash.ts';
import type { Action } from './click.ts';

/** Undo: takes a file out of the trash again. */
export const undoDelete: Action = {
  id: 'undo_delete',
  async run(vault, click) {
    const file = await restore(vault, { userId: click.userId, fileId: click.value });
    await click.replace(restoredScreen({ file }));
  },
};
