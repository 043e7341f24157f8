import { staleScreen } from '../blocks/stale.ts';
import { askDelete } from './ask-delete.ts';
import type { Action } from './click.ts';
import { giveLink } from './download-file.ts';
import { showDetails } from './show-details.ts';

const CHOICES = { download: giveLink, details: showDetails, delete: askDelete };

/** The menu beside a file in a list or in App Home. */
export const fileMenu: Action = {
  id: 'file_menu',
  async run(vault, click) {
    const [, choice = '', fileId = ''] = /^(download|details|delete):(\S+)$/.exec(click.value) ?? [];
    if (fileId === '') return click.show(staleScreen());
    await CHOICES[choice as keyof typeof CHOICES](vault, click, fileId);
  },
};
