import { detailsPage } from '../edge/details-page.ts';
import type { Vault } from '../vault/context.ts';
import { over } from './behind.ts';
import type { Action, Click } from './click.ts';
import { markedAs } from './details-again.ts';

/** The Details button of a card. */
export const detailsOf: Action = {
  id: 'show_details',
  run: (vault, click) => showDetails(vault, click, click.value),
};

/** More and Less in Details: the same window with checksums, versions and history, or without. */
export const detailsMore: Action = {
  id: 'details_more',
  run: (vault, click) => turn(vault, click, true),
};
export const detailsLess: Action = {
  id: 'details_less',
  run: (vault, click) => turn(vault, click, false),
};

/** Details of a file: what this person may know of it, and do. */
export async function showDetails(vault: Vault, click: Click, fileId: string): Promise<void> {
  const { userId, channelId } = click;
  await click.open(async (viewId) =>
    over(vault, click, viewId, await detailsPage(vault, { userId, channelId, fileId, more: false })),
  );
}

async function turn(vault: Vault, click: Click, more: boolean): Promise<void> {
  const [fileId = '', channelId = ''] = click.value.split(':');
  const { userId } = click;
  await click.redraw(async () =>
    markedAs(click, await detailsPage(vault, { userId, channelId: channelId || null, fileId, more })),
  );
}
