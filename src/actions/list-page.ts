import { decodeCursor, type ListPlace } from '../blocks/kit/cursor.ts';
import type { Screen } from '../blocks/kit/elements.ts';
import { staleScreen } from '../blocks/stale.ts';
import { type FilesAsked, filesScreen } from '../edge/files-page.ts';
import type { Vault } from '../vault/context.ts';
import type { Action, Click } from './click.ts';

async function turn(vault: Vault, click: Click): Promise<void> {
  const page = decodeCursor(click.value);
  if (page === null) return click.replace(staleScreen());
  await showPage(vault, click, page);
}

/** Replaces the clicked message or view by a page, with the clicker's rights. Throws `UserError`. */
export async function showPage(
  vault: Vault,
  click: Click,
  page: ListPlace & { open?: boolean },
): Promise<void> {
  const inModal = click.where === 'modal';
  await click.replace(await pageFor(vault, { userId: click.userId, ...page, inModal }));
}

/** A page for a person who clicked or typed, perhaps long after it was first shown. Throws `UserError`. */
export async function pageFor(vault: Vault, asked: FilesAsked): Promise<Screen> {
  return filesScreen(vault, { ...asked, unseen: 'refused' });
}

/** Newer and Older: replace the page in place, for the clicker and with the clicker's rights. */
export const listNewer: Action = { id: 'list_newer', run: turn };
export const listOlder: Action = { id: 'list_older', run: turn };
