import { deletedScreen } from '../blocks/deleted.ts';
import { moveToTrash } from '../vault/trash.ts';
import type { Action } from './click.ts';

/** The Delete button of the chooser, after a yes in its dialog. */
export const deleteFile: Action = {
  id: 'delete_file',
  async run(vault, click) {
    const { userId, value: fileId, channelId } = click;
    await click.replace(deletedScreen(await moveToTrash(vault, { userId, fileId, channelId })));
  },
};
