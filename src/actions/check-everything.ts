import { examinedScreen } from '../blocks/examined.ts';
import { examineVault } from '../vault/examine.ts';
import type { Action } from './click.ts';

/** Check everything: a button for admins. It looks for half a minute at most. */
export const checkEverything: Action = {
  id: 'check_everything',
  async run(vault, click) {
    await click.show(examinedScreen(await examineVault(vault, { userId: click.userId })));
  },
};
