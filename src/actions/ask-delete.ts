import { deleteConfirmView } from '../blocks/delete-confirm.ts';
import type { Vault } from '../vault/context.ts';
import { fileToDelete } from '../vault/delete.ts';
import { over } from './behind.ts';
import type { Action, Click } from './click.ts';

/** Delete in the details: asks first and names the file. */
export const deleteAsk: Action = {
  id: 'delete_ask',
  run: (vault, click) => askDelete(vault, click, click.value),
};

export async function askDelete(vault: Vault, click: Click, fileId: string): Promise<void> {
  await click.open(async (viewId) => {
    const asked = await fileToDelete(vault, { userId: click.userId, fileId });
    const view = deleteConfirmView({ ...asked, channelId: click.channelId ?? asked.file.channelId });
    return over(vault, click, viewId, view);
  });
}
