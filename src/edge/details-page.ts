import type { ModalView } from '@slack/types';
import { type DetailsShown, detailsView } from '../blocks/details.ts';
import { messagePermalink } from '../slack/permalink.ts';
import type { Vault } from '../vault/context.ts';
import { fileDetails } from '../vault/files/details.ts';

/** Details of a file as this person may see them now. Throws `UserError`. */
export async function detailsPage(
  vault: Vault,
  { userId, ...shown }: DetailsShown & { userId: string },
): Promise<ModalView> {
  const { more, channelId } = shown;
  const details = await fileDetails(vault, { userId, ...shown });
  const permalink = (share: Parameters<typeof messagePermalink>[1]) =>
    messagePermalink(vault.identity.url, share);
  return detailsView({ ...details, userId, more, channelId, permalink });
}
