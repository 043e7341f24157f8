import type { ModalView } from '@slack/types';
import { readDetails } from '../blocks/details.ts';
import { context } from '../blocks/kit/elements.ts';
import { isOverScreen, marked } from '../blocks/kit/over.ts';
import { behind } from '../blocks/text/wording-rows.ts';
import { detailsPage } from '../edge/details-page.ts';
import { orProblem, updateModal } from '../edge/modal.ts';
import type { Vault } from '../vault/context.ts';
import type { Click } from './click.ts';

/**
 * Draws the Details anew that were clicked in; undefined where that was no Details. With `isStale` they say that what they were
 * opened from is out of date.
 */
export function detailsAgain(vault: Vault, click: Click): ((isStale?: boolean) => Promise<void>) | undefined {
  const shown = readDetails(click.metadata);
  const { viewId, userId } = click;
  if (shown === null || viewId === null) return undefined;
  return async (isStale = false) => {
    const view = await orProblem(vault, () => detailsPage(vault, { userId, ...shown }));
    const said = isStale ? { ...view, blocks: [...view.blocks, context(behind.stale)] } : view;
    return updateModal(vault, viewId, markedAs(click, said));
  };
}

/** A window that takes the place of another remembers, as that one did, that it is over a screen which shows the same. */
export const markedAs = ({ metadata }: { metadata: string }, view: ModalView): ModalView =>
  isOverScreen(metadata) ? marked(view) : view;
