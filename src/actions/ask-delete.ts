import { deleteConfirmView } from '../blocks/delete-confirm.ts';
import { sharesOf } from '../catalog/capture.ts';
import { requireFile } from '../vault/access.ts';
import type { Vault } from '../vault/context.ts';
import type { Action, Click } from './click.ts';

/** Delete in the details: asks first, naming the file. */
export const deleteAsk: Action = {
  id: 'delete_ask',
  run: (vault, click) => askDelete(vault, click, click.value),
};

export async function askDelete(vault: Vault, click: Click, fileId: string): Promise<void> {
  await click.open(async () => {
    const file = await requireFile(vault, click.userId, fileId, 'delete');
    const visible = new Set(await vault.rights.visibleChannelsOf(click.userId, file));
    const shares = (await sharesOf(vault.catalog, file)).filter((share) => visible.has(share.channelId));
    const channelId = click.channelId ?? file.channelId;
    return deleteConfirmView({ file, channelId, trashDays: vault.policy.trashDays, shares });
  });
}
