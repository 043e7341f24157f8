import type { Screen } from '../blocks/kit/elements.ts';
import type { TrashPlace } from '../blocks/kit/places.ts';
import { TRASH_PAGE, trashScreen } from '../blocks/trash.ts';
import type { Vault } from '../vault/context.ts';
import { trashPage } from '../vault/trash.ts';

/** A page of the trash of a channel, with the reader's rights. Throws `UserError`. */
export async function trashPageScreen(
  vault: Vault,
  { userId, channelId, after }: TrashPlace & { userId: string },
): Promise<Screen> {
  return trashScreen({ ...(await trashPage(vault, { userId, channelId, after, limit: TRASH_PAGE })), after });
}
