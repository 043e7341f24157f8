import { detailsView } from '../blocks/details.ts';
import { messagePermalink } from '../slack/permalink.ts';
import type { Vault } from '../vault/context.ts';
import { fileDetails } from '../vault/files/details.ts';
import type { Action, Click } from './click.ts';

/** The Details button of a card. */
export const detailsOf: Action = {
  id: 'show_details',
  run: (vault, click) => showDetails(vault, click, click.value),
};

/** Details: everything about a file that this person may know. */
export async function showDetails(vault: Vault, click: Click, fileId: string): Promise<void> {
  const { userId, channelId } = click;
  await click.open(async () => {
    const details = await fileDetails(vault, { userId, channelId, fileId });
    return detailsView({ ...details, permalink: (share) => messagePermalink(vault.identity.url, share) });
  });
}
