import { decodeButtonValue, textPart } from '../blocks/kit/button-value.ts';
import { staleScreen } from '../blocks/stale.ts';
import type { Action } from './click.ts';
import { showPage } from './list-page.ts';

/** "Did you mean …?": searches with what was most likely meant. */
export const searchInstead: Action = {
  id: 'search_instead',
  async run(vault, click) {
    const meant = decodeButtonValue(click.value, [textPart, textPart]);
    if (meant === null) await click.replace(staleScreen());
    else await showPage(vault, click, { channelId: meant[0], query: meant[1] });
  },
};
