import { decodePlace } from '../blocks/kit/cursor.ts';
import { restoredScreen } from '../blocks/restored.ts';
import { restore } from '../vault/trash.ts';
import type { Action } from './click.ts';
import { showPage } from './list-page.ts';

/** Restore beside a file of the trash that was found: the list shows it again in its place. */
export const findRestore: Action = {
  id: 'find_restore',
  async run(vault, click) {
    const file = await restore(vault, { userId: click.userId, fileId: click.value });
    const place = decodePlace(click.blockId);
    if (place === null) await click.show(restoredScreen({ file }));
    else await showPage(vault, click, place);
  },
};
