import type { ModalView } from '@slack/types';
import { decodePlace } from '../blocks/kit/cursor.ts';
import { context, type Screen } from '../blocks/kit/elements.ts';
import { isOverScreen, marked } from '../blocks/kit/over.ts';
import { decodeChooser, decodeSettings, decodeTrashPlace } from '../blocks/kit/places.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { behind } from '../blocks/text/wording-rows.ts';
import { channelPage } from '../edge/channel-page.ts';
import { deleteList } from '../edge/delete-list.ts';
import { trashPageScreen } from '../edge/trash-page.ts';
import { errorCode } from '../errors.ts';
import type { Vault } from '../vault/context.ts';
import type { Click } from './click.ts';
import { detailsAgain, markedAs } from './details-again.ts';
import { pageFor } from './list-page.ts';

/** Remembers what a window is opened from, and says in the window that there is something behind it. */
export function over(vault: Vault, click: Click, viewId: string, view: ModalView): ModalView {
  return rememberBehind(vault, click, viewId) ? marked(view) : view;
}

/**
 * The end of a window: what it was opened from is drawn anew. Where that is not possible (another bot drew it, or it was
 * long ago), a line says that it is out of date.
 */
export async function followed(
  vault: Vault,
  { viewId, metadata }: { viewId: string | null; metadata: string },
  screen: Screen,
): Promise<Screen> {
  const isFresh = (await redrawBehind(vault, viewId)) || !isOverScreen(metadata);
  return isFresh ? screen : { ...screen, blocks: [...screen.blocks, context(behind.stale)] };
}

/** The same as a window, which can be followed again: by Undo. */
export async function followedView(
  vault: Vault,
  window: { viewId: string; metadata: string },
  screen: Screen,
): Promise<ModalView> {
  const view = screenModal(await followed(vault, window, screen));
  return markedAs(window, view);
}

/**
 * Remembers what a window was opened from (a list, the trash, Details over a list …), so that it can follow what is done in
 * the window. Slack lets a message be changed for 30 minutes and five times after each click
 * (docs.slack.dev/interactivity/handling-user-interaction, "Updating a message from a response URL"). False when there is
 * nothing behind the window that shows the file.
 */
export function rememberBehind(vault: Vault, click: Click, viewId: string): boolean {
  const build = screenBehind(vault, click);
  const under = click.viewId === null ? undefined : detailsAgain(vault, click);
  if (build !== null && click.mayReplace)
    vault.redraws.keep(viewId, async () => click.replace(await build()), vault.now());
  else if (under !== undefined) {
    const own = click.viewId as string;
    vault.redraws.keep(
      viewId,
      async () => {
        const [, isFresh] = await Promise.all([under(), redrawBehind(vault, own)]);
        return isFresh || !isOverScreen(click.metadata);
      },
      vault.now(),
    );
  }
  return build !== null || under !== undefined;
}

/** The screen that was clicked on, drawn again with the person's rights now; null where no file is shown. */
function screenBehind(vault: Vault, click: Click) {
  const { userId, blockId } = click;
  const place = decodePlace(blockId);
  if (place !== null) return () => pageFor(vault, { userId, ...place, inModal: click.where === 'modal' });
  const trash = decodeTrashPlace(blockId);
  if (trash !== null) return () => trashPageScreen(vault, { userId, ...trash });
  const sought = decodeChooser(blockId);
  if (sought !== null)
    return () => deleteList(vault, { userId, channelId: sought.channelId, text: sought.query });
  const settings = decodeSettings(blockId);
  if (settings !== null) return () => channelPage(vault, { userId, channelId: settings });
  return null;
}

/** Draws anew the Details that were clicked in, and what they were opened from. Elsewhere nothing happens. */
export async function redrawHere(vault: Vault, click: Click): Promise<void> {
  const again = detailsAgain(vault, click);
  if (again === undefined) return;
  await detailsFollowed(vault, click, again);
}

/** Draws Details anew and what they were opened from; where the second is not possible, they say so. */
export async function detailsFollowed(
  vault: Vault,
  click: Click,
  again: (isStale: boolean) => Promise<void>,
): Promise<void> {
  const isFresh = await redrawBehind(vault, click.viewId);
  await again(!isFresh && isOverScreen(click.metadata));
}

/** Draws anew what the window `viewId` was opened from. False when that is not possible any more. */
export async function redrawBehind(vault: Vault, viewId: string | null): Promise<boolean> {
  const redraw = viewId === null ? undefined : vault.redraws.of(viewId, vault.now());
  if (redraw === undefined) return false;
  try {
    return (await redraw()) !== false;
  } catch (error) {
    vault.log.info({ code: errorCode(error) }, 'what is behind a window could not be drawn again');
    return false;
  }
}
