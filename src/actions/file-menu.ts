import { staleScreen } from '../blocks/stale.ts';
import type { Vault } from '../vault/context.ts';
import { askDelete } from './ask-delete.ts';
import type { Action, Click } from './click.ts';
import { showKey } from './copy-key.ts';
import { giveLink } from './download-file.ts';
import { askHold } from './holds.ts';
import { askShare } from './share-here.ts';
import { showDetails } from './show-details.ts';

/** A choice with a link opens it by itself, but Slack still sends the click. */
async function isLink(): Promise<void> {}

/** What each choice does. `download` is in the menus of older messages. */
const CHOICES: Record<string, (vault: Vault, click: Click, fileId: string) => Promise<void>> = {
  ...{ download: giveLink, details: showDetails, message: isLink },
  ...{ share: askShare, hold: askHold, key: showKey, delete: askDelete },
};

/** The menu beside a file, wherever it is listed, and in its Details. */
export const fileMenu: Action = {
  id: 'file_menu',
  async run(vault, click) {
    const [, choice = '', fileId = ''] = /^([a-z]+):(\S+)$/.exec(click.value) ?? [];
    const act = Object.hasOwn(CHOICES, choice) ? CHOICES[choice] : undefined;
    if (act === undefined) return click.show(staleScreen());
    await act(vault, click, fileId);
  },
};
